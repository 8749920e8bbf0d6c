//! Says how old an answer is while the database is away.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::Catalog;

/// The age of what the answer was made from, in seconds; only while nothing newer can be had.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-callboard-data-age");

/// Twice as long as it takes to look at the database again, and a little more.
const OLD: Duration = Duration::from_secs(5);

/// Adds [`HEADER`] to answers that may be out of date.
pub(crate) async fn data_age(
    State(catalog): State<Catalog>,
    mut request: Request,
    next: Next,
) -> Response {
    if catalog.age() >= OLD {
        // A browser would keep the header of the 304 with the answer, long after the database is back.
        request.headers_mut().remove(IF_NONE_MATCH);
    }
    let mut response = next.run(request).await;
    let age = catalog.age();
    if age >= OLD {
        let headers = response.headers_mut();
        headers.insert(HEADER, HeaderValue::from(age.as_secs()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.remove(ETAG);
    }
    response
}
