//! Providers at which people sign in by being sent there and back.

use std::collections::BTreeMap;

use callboard_config::{Duration, Secret};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::SignInOptions;

/// What every such provider is told.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientSettings {
    /// What the provider knows the portal as.
    pub client_id: String,
    /// How the portal shows that it is the one.
    pub client_secret: Secret,
    /// Where the provider sends people back to; `<backend.baseUrl>/api/auth/<provider>/handler/frame` unless told.
    #[schemars(with = "Option<String>")]
    pub callback_url: Option<Url>,
    /// Scopes to ask for besides those that are needed: a list, or a text with spaces or commas.
    #[serde(default)]
    pub additional_scopes: Scopes,
    /// How long a browser keeps the provider's refresh token; a thousand days unless told.
    pub session_duration: Option<Duration>,
    /// How an account there becomes a user here.
    #[serde(default)]
    pub sign_in: SignInOptions,
}

/// Scopes, as one text or as several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Scopes {
    /// One text, with spaces or commas between them.
    One(String),
    /// Several texts.
    Many(Vec<String>),
}

impl Scopes {
    /// The scopes, one by one.
    pub(crate) fn members(&self) -> Vec<String> {
        let texts = match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        };
        let scopes = texts
            .iter()
            .flat_map(|text| crate::oauth::split_scopes(text));
        scopes.collect()
    }
}

impl Default for Scopes {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// Any provider of OpenID Connect.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OidcSettings {
    /// What every provider is told.
    #[serde(flatten)]
    pub client: ClientSettings,
    /// Where the provider describes itself, such as `https://login.example.com/.well-known/openid-configuration`.
    #[schemars(with = "String")]
    pub metadata_url: Url,
    /// How the portal shows its secret: `client_secret_basic` unless told, or `client_secret_post`.
    pub token_endpoint_auth_method: Option<String>,
    /// What identity tokens are signed with; `RS256` unless told.
    pub token_signed_response_alg: Option<String>,
    /// Whether the provider may ask people for something: `auto` lets it decide, `none` (unless told) never lets it,
    /// `login` and `consent` make it ask.
    pub prompt: Option<String>,
    /// More parameters for the page that people are sent to.
    #[serde(default)]
    pub start_url_search_params: BTreeMap<String, String>,
    /// How long the provider may take to answer; ten seconds unless told.
    pub timeout: Option<Duration>,
    /// Where the provider sends people after they signed out there too. Without it they sign out here alone.
    #[schemars(with = "Option<String>")]
    pub logout_redirect_url: Option<Url>,
}

/// GitHub.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GithubSettings {
    /// What every provider is told.
    #[serde(flatten)]
    pub client: ClientSettings,
    /// The address of a GitHub Enterprise Server.
    #[schemars(with = "Option<String>")]
    pub enterprise_instance_url: Option<Url>,
}

/// GitLab.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GitlabSettings {
    /// What every provider is told.
    #[serde(flatten)]
    pub client: ClientSettings,
    /// The address of a GitLab of one's own; `https://gitlab.com` unless told.
    #[schemars(with = "Option<String>")]
    pub audience: Option<Url>,
}

/// Google.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GoogleSettings {
    /// What every provider is told.
    #[serde(flatten)]
    pub client: ClientSettings,
}

/// Microsoft Entra ID.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MicrosoftSettings {
    /// What every provider is told.
    #[serde(flatten)]
    pub client: ClientSettings,
    /// The tenant: its id. With `common`, `organizations` or `consumers` addresses are not trusted, because any tenant
    /// may have written them.
    pub tenant_id: String,
    /// The domain of the accounts, so that people need not choose.
    pub domain_hint: Option<String>,
    /// Whether the profile is not asked for at Microsoft Graph.
    #[serde(default)]
    pub skip_user_profile: bool,
}

/// Any server of OAuth 2.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OAuth2Settings {
    /// What every provider is told.
    #[serde(flatten)]
    pub client: ClientSettings,
    /// The page that people are sent to.
    #[schemars(with = "String")]
    pub authorization_url: Url,
    /// Where codes become tokens.
    #[schemars(with = "String")]
    pub token_url: Url,
    /// Whether the portal shows its secret in a header instead of the body.
    #[serde(default)]
    pub include_basic_auth: bool,
}
