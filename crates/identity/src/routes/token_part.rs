//! What a personal access token is for, as requests and answers have it.

use callboard_auth::{Action, Restriction};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A part of the portal that a token is for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TokenPart {
    /// The plugin whose operations may be called, such as `catalog`; those of all when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    plugin: Option<String>,
    /// The permissions that may be used; all when left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) permissions: Vec<String>,
    /// `create`, `read`, `update` or `delete`; everything when left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, value_type = Vec<String>)]
    actions: Vec<Action>,
}

impl From<TokenPart> for Restriction {
    fn from(part: TokenPart) -> Self {
        Self {
            plugin: part.plugin,
            permissions: part.permissions,
            actions: part.actions,
        }
    }
}

impl From<Restriction> for TokenPart {
    fn from(restriction: Restriction) -> Self {
        Self {
            plugin: restriction.plugin,
            permissions: restriction.permissions,
            actions: restriction.actions,
        }
    }
}
