//! A client gives its refresh token back.

use axum::extract::State;
use axum::http::StatusCode;
use utoipa::ToSchema;

use super::wanted::wanted;
use crate::OAuthServer;
use crate::asked::Asked;
use crate::refusal::{Refusal, RefusalBody};

/// What a client sends: in a form or in JSON.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the body, which is read as parameters")]
pub(super) struct RevokeRequest {
    /// The refresh token.
    token: String,
    /// `refresh_token`; others are not needed.
    token_type_hint: Option<String>,
    /// The client, unless it shows itself in `Authorization`.
    client_id: Option<String>,
    /// Its secret, if it has one.
    client_secret: Option<String>,
}

/// Give a refresh token back
///
/// The client that it was given to does not stay any more (RFC 7009). A token that it has already is good until it is
/// over.
#[utoipa::path(
    post,
    path = "/api/auth/v1/revoke",
    tag = "auth",
    request_body(
        content(
            (RevokeRequest = "application/x-www-form-urlencoded"),
            (RevokeRequest = "application/json"),
        )
    ),
    responses(
        (status = 200, description = "The token is over, or was none."),
        (status = 400, description = "There is no token, or it is that of another client.", body = RefusalBody),
        (status = 401, description = "The client does not show who it is.", body = RefusalBody),
        (status = 404, description = "There are no clients here.", body = RefusalBody),
        (status = 503, description = "The database is away.", body = RefusalBody),
    )
)]
pub(super) async fn revoke_token(
    State(server): State<OAuthServer>,
    asked: Result<Asked, Refusal>,
) -> Result<StatusCode, Refusal> {
    let inner = wanted(&server)?;
    inner.give_back(&asked?).await?;
    Ok(StatusCode::OK)
}
