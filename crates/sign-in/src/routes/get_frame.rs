//! Takes somebody back from a provider.

use axum::extract::State;
use axum::response::Response;
use callboard_http::{ErrorBody, Path, Query, Result};

use super::asking::Asking;
use super::frame::{Returned, finish};
use crate::Entrance;

/// Finish signing in
///
/// The provider sends the browser here. The page that is answered tells the one that opened the window how it went, and
/// closes itself; without a window the browser is sent back.
#[utoipa::path(
    get,
    path = "/api/auth/{provider}/handler/frame",
    tag = "auth",
    params(("provider" = String, Path, description = "The provider, such as `github`."), Returned),
    responses(
        (status = 200, description = "A page that tells how it went.", content_type = "text/html", body = String),
        (status = 302, description = "The way back, without a window."),
        (status = 403, description = "There is no state.", body = ErrorBody),
        (status = 404, description = "There is no such provider or environment.", body = ErrorBody),
        (status = 429, description = "The address tries too often.", body = ErrorBody),
    )
)]
pub(super) async fn finish_sign_in(
    State(entrance): State<Entrance>,
    Path(provider): Path<String>,
    Query(returned): Query<Returned>,
    asking: Asking,
) -> Result<Response> {
    finish(&entrance, &provider, returned, asking).await
}
