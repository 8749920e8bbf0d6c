//! What a provider says about somebody.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How somebody appears, in Backstage's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    /// Their address; only one that the provider did not say it has not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub(crate) email: Option<String>,
    /// Where a picture of them is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub(crate) picture: Option<String>,
    /// What they are called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub(crate) display_name: Option<String>,
}

/// An account at a provider: what resolvers compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) profile: Profile,
    /// The name of the account, which its owner may be able to change.
    pub(crate) username: Option<String>,
    /// The name that its owner would like to have.
    pub(crate) preferred_username: Option<String>,
    /// What the provider knows it by, whatever its name is.
    pub(crate) id: Option<String>,
    /// The annotation of users that holds such ids.
    pub(crate) id_annotation: Option<String>,
}
