//! Says how old an answer is while the database is away.

use std::time::Duration;

use axum::extract::{Request, State};
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
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let age = catalog.age();
    if age >= OLD {
        response
            .headers_mut()
            .insert(HEADER, HeaderValue::from(age.as_secs()));
    }
    response
}
