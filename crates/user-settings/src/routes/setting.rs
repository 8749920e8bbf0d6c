//! How settings are written.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A setting.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Setting {
    /// The bucket that it is in.
    pub(super) bucket: String,
    /// Its key there.
    pub(super) key: String,
    /// Any JSON.
    pub(super) value: Value,
}

/// The name of a setting, in a path.
#[derive(Debug, Deserialize)]
pub(super) struct Name {
    pub(super) bucket: String,
    pub(super) key: String,
}
