//! The keys of a plugin's tokens.

use axum::extract::State;
use callboard_http::{ErrorBody, Json, Path, Result};

use super::get_jwks::Keys;
use crate::Identity;

/// Keys of plugin tokens
///
/// The public keys with which the tokens of a plugin are verified. All plugins of a portal share them.
#[utoipa::path(
    get,
    path = "/api/{plugin}/.backstage/auth/v1/jwks.json",
    tag = "auth",
    params(("plugin" = String, Path, description = "The plugin, such as `catalog`.")),
    responses(
        (status = 200, description = "The keys.", body = Keys),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_plugin_jwks(
    State(identity): State<Identity>,
    Path(_plugin): Path<String>,
) -> Result<Json<Keys>> {
    Keys::published(&identity).await
}
