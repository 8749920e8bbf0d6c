//! Signs somebody out who signed in with an account of this portal.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum_extra::extract::CookieJar;
use callboard_http::{ErrorBody, Result};

use crate::Accounts;

/// Sign out
#[utoipa::path(
    post,
    path = "/api/auth/local/logout",
    tag = "auth",
    responses(
        (status = 204, description = "The session is over."),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn sign_out(
    State(accounts): State<Accounts>,
    headers: HeaderMap,
) -> Result<(StatusCode, CookieJar)> {
    let gone = accounts.0.identity.sign_out(&headers).await?;
    Ok((StatusCode::NO_CONTENT, CookieJar::new().add(gone)))
}
