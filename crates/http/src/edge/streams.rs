//! Answers whose length nobody knows: lists that are written while they are read, and events.

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::Response;
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

/// Ends event streams when the server does, and sees to it that no stream is asked again after its
/// end, which the compression does and many streams answer with a panic.
pub(super) async fn end(
    State(stop): State<CancellationToken>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    if response.body().size_hint().exact().is_some() {
        return response;
    }
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .map(|value| value.as_bytes());
    let events = content_type.is_some_and(|value| value.starts_with(b"text/event-stream"));
    response.map(|body| {
        let parts = body.into_data_stream();
        if events {
            Body::from_stream(parts.take_until(stop.cancelled_owned()).fuse())
        } else {
            Body::from_stream(parts.fuse())
        }
    })
}
