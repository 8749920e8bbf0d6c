//! The sections `auth` and `backend.auth` of the configuration, as far as tokens and sessions go.

use callboard_config::{Duration, Secret};
use schemars::JsonSchema;
use serde::Deserialize;

/// How long people stay signed in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthSettings {
    /// How long a token lasts: an hour unless told, from ten minutes to a day.
    pub backstage_token_expiration: Duration,
    /// Whether tokens leave out what their people own things as; whoever needs that asks `/api/auth/v1/userinfo`.
    pub omit_identity_token_ownership_claim: bool,
    /// How long somebody stays signed in in a browser.
    pub session: SessionSettings,
    /// Origins besides our own that people may sign in from, such as `https://*.example.com`.
    pub experimental_extra_allowed_origins: Vec<String>,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            backstage_token_expiration: Duration::from_secs(60 * 60),
            omit_identity_token_ownership_claim: true,
            session: SessionSettings::default(),
            experimental_extra_allowed_origins: Vec::new(),
        }
    }
}

impl AuthSettings {
    /// The keys of Backstage's section that are not used here.
    pub const NOT_USED: [&str; 3] = ["keyStore", "identityTokenAlgorithm", "session.secret"];
}

/// How long somebody stays signed in in a browser.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionSettings {
    /// Until they have to sign in again, however much they do: a week unless told.
    pub lifetime: Duration,
    /// Until they have to sign in again after they did nothing: a day unless told.
    pub idle: Duration,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_secs(7 * 24 * 60 * 60),
            idle: Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// Which programs may call, and whether everybody may.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BackendAuthSettings {
    /// Whether operations answer callers who show nothing, as guests. Whoever reaches the server may then do what a
    /// guest may.
    pub dangerously_disable_default_auth_policy: bool,
    /// Programs that may call, and what they show.
    pub external_access: Vec<ExternalAccess>,
}

impl BackendAuthSettings {
    /// The keys of Backstage's section that are not used here.
    pub const NOT_USED: [&str; 2] = ["keys", "pluginKeyStore"];
}

/// Programs that may call, and what they show.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalAccess {
    /// What they show.
    #[serde(rename = "type")]
    pub access_type: AccessType,
    /// How that is known to be good.
    pub options: AccessOptions,
    /// What they may do; everything, when there is nothing.
    #[serde(default)]
    pub access_restrictions: Vec<AccessRestriction>,
}

/// What a program shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccessType {
    /// A fixed text.
    Static,
    /// A token that older Backstages sign with a shared secret.
    Legacy,
    /// A token that others sign, who publish their keys.
    Jwks,
}

/// How a token is known to be good; which of these are needed depends on the type.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessOptions {
    /// `static`: the text, at least eight characters.
    pub token: Option<Secret>,
    /// `legacy`: the shared secret, in base64.
    pub secret: Option<Secret>,
    /// `static` and `legacy`: what the program is called.
    pub subject: Option<String>,
    /// `jwks`: where the keys are published.
    pub url: Option<String>,
    /// `jwks`: the algorithms that are accepted; those of the keys unless told.
    pub algorithm: OneOrMany,
    /// `jwks`: who may have made the token.
    pub issuer: OneOrMany,
    /// `jwks`: who the token may be for.
    pub audience: OneOrMany,
    /// `jwks`: what stands before the subject in the name of the program.
    pub subject_prefix: Option<String>,
}

/// A part of the portal that a program may use.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessRestriction {
    /// The plugin whose operations may be called, such as `catalog`.
    pub plugin: String,
    /// The permissions that may be used; all unless told.
    #[serde(default)]
    pub permission: OneOrMany,
    /// What the permissions may be like.
    #[serde(default)]
    pub permission_attribute: PermissionAttribute,
}

/// What a permission is like.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PermissionAttribute {
    /// `create`, `read`, `update` or `delete`; any unless told.
    pub action: OneOrMany,
}

/// A list, written as one text with spaces or commas between its members, or as several texts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One text.
    One(String),
    /// Several texts.
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    /// The members, each once.
    pub(crate) fn members(&self) -> Vec<String> {
        let texts = match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        };
        let members = texts.iter().flat_map(|text| text.split([' ', ',']));
        let mut seen = Vec::new();
        for member in members.filter(|member| !member.is_empty()) {
            if !seen.iter().any(|known| known == member) {
                seen.push(member.to_owned());
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_may_be_one_text() {
        let one = OneOrMany::One("read, create read".to_owned());
        let many = OneOrMany::Many(vec!["read".to_owned(), "create".to_owned()]);

        assert_eq!(one.members(), many.members());
    }
}
