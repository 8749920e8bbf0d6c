//! Whether there are clients at all.

use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use callboard_http::Json;
use serde::Serialize;

use crate::OAuthServer;
use crate::refusal::Refusal;
use crate::server::Inner;

/// The server, when the operator lets clients in.
///
/// # Errors
/// When there are none: then there are no such operations, as in Backstage.
pub(super) fn wanted(server: &OAuthServer) -> Result<&Inner, Refusal> {
    if server.0.clients.are_wanted() {
        Ok(&server.0)
    } else {
        Err(Refusal::not_found(
            "No OAuth clients are enabled: see auth.clientIdMetadataDocuments and auth.staticClients",
        ))
    }
}

/// An answer that nothing on its way keeps.
pub(super) fn unkept(body: impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
