//! The keys of our tokens.

use axum::extract::State;
use callboard_http::{ErrorBody, Json, Result};
use jsonwebtoken::jwk::Jwk;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Identity;

/// Public keys.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Keys {
    /// The keys, as RFC 7517 has them.
    #[schema(value_type = Vec<Object>)]
    keys: Vec<Jwk>,
}

impl Keys {
    pub(super) async fn published(identity: &Identity) -> Result<Json<Self>> {
        let keys = identity.0.keys.all().await?;
        Ok(Json(Self { keys }))
    }
}

/// Keys of user tokens
///
/// The public keys of all tokens that are not over.
#[utoipa::path(
    get,
    path = "/api/auth/.well-known/jwks.json",
    tag = "auth",
    responses(
        (status = 200, description = "The keys.", body = Keys),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_jwks(State(identity): State<Identity>) -> Result<Json<Keys>> {
    Keys::published(&identity).await
}
