//! The section `auth.local` of the configuration.

use callboard_config::Duration;
use schemars::JsonSchema;
use serde::Deserialize;

/// Whether people sign in with accounts of this portal itself.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalAccountSettings {
    /// Whether there are such accounts.
    pub enabled: bool,
    /// How long an invitation is good: a day unless told.
    pub invitation_lifetime: Duration,
}

impl Default for LocalAccountSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            invitation_lifetime: Duration::from_secs(24 * 60 * 60),
        }
    }
}
