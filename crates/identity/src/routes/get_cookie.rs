//! Lets a browser load assets of a plugin, such as images, that need somebody who is signed in.

use axum::extract::State;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use callboard_auth::{Action, Caller};
use callboard_http::{ErrorBody, Json, Path, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::times::time;
use crate::Identity;

/// The cookie that Backstage's clients expect.
pub(super) const COOKIE: &str = "backstage-auth";

/// How long a cookie lasts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct IssuedCookie {
    /// When it is over.
    expires_at: String,
}

/// Get a cookie for assets
///
/// The cookie holds a token that is good for assets such as images of documents and for nothing else, because a
/// browser that loads an image sends no header.
#[utoipa::path(
    get,
    path = "/api/{plugin}/.backstage/auth/v1/cookie",
    tag = "auth",
    params(("plugin" = String, Path, description = "The plugin, such as `techdocs`.")),
    responses(
        (status = 200, description = "The cookie is set.", body = IssuedCookie),
        (status = 401, description = "Nobody is signed in.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_cookie(
    State(identity): State<Identity>,
    caller: Caller,
    Path(plugin): Path<String>,
) -> Result<(CookieJar, Json<IssuedCookie>)> {
    let person = caller.person(Action::Read)?;
    let token = identity.0.issuer.limited_user(&person.entity_ref).await?;
    let lasts = i64::try_from(token.lasts.as_secs()).unwrap_or(i64::MAX);
    let mut cookie = cookie(&identity, &plugin, token.token);
    cookie.set_max_age(time::Duration::seconds(lasts));
    let expires_at = time(token.expires_at.saturating_mul(1000));
    Ok((
        CookieJar::new().add(cookie),
        Json(IssuedCookie { expires_at }),
    ))
}

/// The cookie with this value, for the operations of one plugin.
pub(super) fn cookie(identity: &Identity, plugin: &str, value: String) -> Cookie<'static> {
    let base = identity.urls().cookie_path().trim_end_matches('/');
    Cookie::build((COOKIE, value))
        .path(format!("{base}/api/{plugin}"))
        .http_only(true)
        .secure(identity.urls().is_secure())
        .same_site(SameSite::Lax)
        .build()
}
