//! `signIn.resolvers`: how an account at a provider becomes a user here.

use schemars::JsonSchema;
use serde::Deserialize;

/// How an account at a provider becomes a user here.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SignInOptions {
    /// They are tried in this order until one finds somebody. Without any, the provider vouches for access to its own
    /// API alone, and nobody signs in with it.
    pub resolvers: Vec<ResolverSettings>,
}

/// One way to find the user.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResolverSettings {
    /// Its name, such as `emailMatchingUserEntityProfileEmail`.
    pub resolver: String,
    /// The domains that an address has to be of; any unless told.
    pub allowed_domains: Option<Vec<String>>,
    /// Whether somebody may sign in whom the catalog does not know. They belong to no group.
    #[serde(default)]
    pub dangerously_allow_sign_in_without_user_in_catalog: bool,
}
