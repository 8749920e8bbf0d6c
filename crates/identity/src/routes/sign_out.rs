//! Signs somebody out in one browser.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum_extra::extract::CookieJar;
use callboard_http::{ErrorBody, Result};

use crate::Identity;

/// Sign out
///
/// Ends the session of this browser, whoever vouched for it. The session at the provider goes on; where that can be
/// ended too, `POST /api/auth/<provider>/logout` does both.
#[utoipa::path(
    post,
    path = "/api/auth/v1/sign-out",
    tag = "auth",
    responses(
        (status = 204, description = "The session is over."),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn sign_out(
    State(identity): State<Identity>,
    headers: HeaderMap,
) -> Result<(StatusCode, CookieJar)> {
    let gone = identity.sign_out(&headers).await?;
    Ok((StatusCode::NO_CONTENT, CookieJar::new().add(gone)))
}
