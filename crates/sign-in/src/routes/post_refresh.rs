//! Lets somebody in again.

use axum::extract::State;
use axum::response::Response;
use callboard_http::{ErrorBody, Path, Query, Result};

use super::asking::Asking;
use super::authorized::Authorized;
use super::refresh::{Refresh, renew};
use crate::Entrance;

/// Sign in again, by POST
///
/// The same as by `GET`. Guests come in
/// this way, too. A request has to carry `X-Requested-With: XMLHttpRequest`, which pages of other sites cannot send.
#[utoipa::path(
    post,
    path = "/api/auth/{provider}/refresh",
    tag = "auth",
    params(("provider" = String, Path, description = "The provider, such as `github`."), Refresh),
    responses(
        (status = 200, description = "Who it is.", body = Authorized),
        (status = 401, description = "The provider does not know them any more.", body = ErrorBody),
        (status = 403, description = "The origin may not sign people in, or guests may not come in.", body = ErrorBody),
        (status = 404, description = "There is no such provider or environment.", body = ErrorBody),
        (status = 429, description = "The address tries too often.", body = ErrorBody),
        (status = 503, description = "The provider does not answer.", body = ErrorBody),
    )
)]
pub(super) async fn refresh_sign_in_by_post(
    State(entrance): State<Entrance>,
    Path(provider): Path<String>,
    Query(wanted): Query<Refresh>,
    asking: Asking,
) -> Result<Response> {
    renew(&entrance, &provider, wanted, asking).await
}
