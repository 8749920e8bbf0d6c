//! Answers made of entities that are JSON already.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use callboard_model::{Error, Result};

use crate::query::Fields;

/// The content type of every answer here.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// Items that are put together in no time.
const QUICK: usize = 500;

/// An answer with this JSON as its body.
pub(super) fn json(body: impl Into<Bytes>) -> Response {
    ([(CONTENT_TYPE, JSON)], body.into()).into_response()
}

/// Answers with what `build` gives; from many items on it is built beside the requests of others, which
/// would have to wait otherwise.
pub(super) async fn built(
    items: usize,
    build: impl FnOnce() -> Result<Vec<u8>> + Send + 'static,
) -> Result<Response> {
    if items <= QUICK {
        return build().map(json);
    }
    let built = tokio::task::spawn_blocking(build).await;
    built
        .map_err(|error| Error::internal("answer", "building a large answer").source(error))?
        .map(json)
}

/// `before`, a JSON list of the items, and `after`. An item that is not there is null.
pub(super) fn list<'a>(
    before: &str,
    items: impl ExactSizeIterator<Item = Option<&'a Bytes>> + Clone,
    fields: Option<&Fields>,
    after: &str,
) -> Result<Vec<u8>> {
    let size: usize = items
        .clone()
        .map(|item| item.map_or(4, Bytes::len) + 1)
        .sum();
    let mut body = Vec::with_capacity(before.len() + size + after.len() + 2);
    body.extend_from_slice(before.as_bytes());
    body.push(b'[');
    for (place, item) in items.enumerate() {
        if place > 0 {
            body.push(b',');
        }
        match (item, fields) {
            (None, _) => body.extend_from_slice(b"null"),
            (Some(item), None) => body.extend_from_slice(item),
            (Some(item), Some(fields)) => fields.append(item, &mut body)?,
        }
    }
    body.push(b']');
    body.extend_from_slice(after.as_bytes());
    Ok(body)
}
