//! The section `auth` of the configuration, as far as signing in goes: Backstage's keys.

mod oauth;
mod providers;
mod proxy;
mod resolvers;

use schemars::JsonSchema;
use serde::Deserialize;

pub use oauth::{
    ClientSettings, GithubSettings, GitlabSettings, GoogleSettings, MicrosoftSettings,
    OAuth2Settings, OidcSettings, Scopes,
};
pub use providers::{Environments, ProviderSettings, ProviderSettingsList};
pub use proxy::{AwsAlbSettings, GcpIapSettings, GuestSettings, OAuth2ProxySettings};
pub use resolvers::{ResolverSettings, SignInOptions};

/// How people sign in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SignInSettings {
    /// Which of a provider's environments counts when a request names none; `development` unless told. The guest
    /// provider works where `development` is written here.
    pub environment: Option<String>,
    /// The providers that people sign in at, in the order in which they are offered.
    pub providers: ProviderSettingsList,
}
