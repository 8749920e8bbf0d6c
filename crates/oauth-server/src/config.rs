//! The keys of the section `auth` that are about clients and their tokens.

use callboard_config::{Duration, Secret};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which clients may ask people for a token, and how long they stay.
#[derive(Clone, Debug, Default)]
pub struct OAuthSettings {
    /// `auth.clientIdMetadataDocuments`.
    pub client_documents: ClientDocumentSettings,
    /// `auth.staticClients`.
    pub static_clients: Vec<StaticClient>,
    /// `auth.experimentalRefreshToken`.
    pub refresh_tokens: RefreshTokenSettings,
}

/// Clients that describe themselves in a document, whose address is their id.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ClientDocumentSettings {
    /// Whether such clients are let in.
    pub enabled: bool,
    /// The addresses that such documents may have, each part of them with `*` for any characters. Well-known agents
    /// unless told; the command line's is always among them.
    pub allowed_client_id_patterns: Option<Vec<String>>,
    /// Where people may be sent back to, each part with `*` for any characters, and `:*` for any port. This machine
    /// unless told.
    pub allowed_redirect_uri_patterns: Option<Vec<String>>,
}

/// A client that is listed here.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaticClient {
    /// What it calls itself, which is no address.
    pub client_id: String,
    /// What people are told that it is called; its id unless told.
    pub client_name: Option<String>,
    /// What it shows when it asks for a token. It needs nothing unless told.
    pub client_secret: Option<Secret>,
    /// Where people may be sent back to, letter by letter.
    pub redirect_uris: Vec<String>,
}

/// Whether clients may stay when their token is over, and for how long.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RefreshTokenSettings {
    /// Whether clients may ask for `offline_access`.
    pub enabled: bool,
    /// How long a client stays that does not ask for a new token: 30 days unless told.
    pub token_lifetime: Duration,
    /// How long a client stays until the person is asked again: a year unless told.
    pub max_rotation_lifetime: Duration,
    /// How many clients of one person may stay: 20 unless told. Those that were not seen for longest go first.
    pub max_tokens_per_user: u32,
    /// Whether clients stay whose person is not in the catalog any more.
    pub dangerously_disable_catalog_presence_check: bool,
}

impl Default for RefreshTokenSettings {
    fn default() -> Self {
        const DAY: u64 = 24 * 60 * 60;
        Self {
            enabled: false,
            token_lifetime: Duration::from_secs(30 * DAY),
            max_rotation_lifetime: Duration::from_secs(365 * DAY),
            max_tokens_per_user: 20,
            dangerously_disable_catalog_presence_check: false,
        }
    }
}
