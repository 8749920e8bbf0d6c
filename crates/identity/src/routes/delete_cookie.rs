//! Takes the cookie for assets away.

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::CookieJar;
use callboard_http::Path;

use super::get_cookie::cookie;
use crate::Identity;

/// Remove the cookie for assets
#[utoipa::path(
    delete,
    path = "/api/{plugin}/.backstage/auth/v1/cookie",
    tag = "auth",
    params(("plugin" = String, Path, description = "The plugin, such as `techdocs`.")),
    responses((status = 204, description = "The cookie is gone."))
)]
pub(super) async fn delete_cookie(
    State(identity): State<Identity>,
    Path(plugin): Path<String>,
) -> (StatusCode, CookieJar) {
    let mut gone = cookie(&identity, &plugin, String::new());
    gone.set_max_age(time::Duration::ZERO);
    (StatusCode::NO_CONTENT, CookieJar::new().add(gone))
}
