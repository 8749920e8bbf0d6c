//! Takes somebody back from a provider that sends a form.

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::Response;
use callboard_http::{ErrorBody, Path, Query, Result};
use callboard_model::{Error, ErrorKind};

use super::asking::Asking;
use super::frame::{Returned, finish};
use crate::Entrance;

/// The largest form.
const LARGEST: usize = 64 * 1024;

/// Finish signing in, by a form
///
/// The same as by `GET`, for providers that answer with a form.
#[utoipa::path(
    post,
    path = "/api/auth/{provider}/handler/frame",
    tag = "auth",
    params(("provider" = String, Path, description = "The provider, such as `github`."), Returned),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A page that tells how it went.", content_type = "text/html", body = String),
        (status = 302, description = "The way back, without a window."),
        (status = 403, description = "There is no state.", body = ErrorBody),
        (status = 404, description = "There is no such provider or environment.", body = ErrorBody),
        (status = 413, description = "The form is too large.", body = ErrorBody),
        (status = 429, description = "The address tries too often.", body = ErrorBody),
    )
)]
pub(super) async fn finish_sign_in_by_form(
    State(entrance): State<Entrance>,
    Path(provider): Path<String>,
    Query(mut returned): Query<Returned>,
    asking: Asking,
    body: Body,
) -> Result<Response> {
    let form = to_bytes(body, LARGEST).await.map_err(|_| {
        Error::new(
            ErrorKind::TooLarge,
            "form-too-large",
            format!("the form is larger than {LARGEST} bytes"),
        )
    })?;
    for (name, value) in url::form_urlencoded::parse(&form) {
        let field = match name.as_ref() {
            "code" => &mut returned.code,
            "state" => &mut returned.state,
            "iss" => &mut returned.iss,
            "error" => &mut returned.error,
            "error_description" => &mut returned.error_description,
            _ => continue,
        };
        field.get_or_insert_with(|| value.into_owned());
    }
    finish(&entrance, &provider, returned, asking).await
}
