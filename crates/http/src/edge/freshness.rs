//! Spares clients the JSON that they have already.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use callboard_model::Error;

use crate::validator::REVALIDATE;
use crate::{ApiError, Validator};

/// Longer answers are sent without a validator, unless their handler gives them one.
const LONGEST: u64 = 1024 * 1024;

/// Gives a JSON answer the validator of its bytes, unless it has one, and leaves the body away when the client has
/// it. Browsers ask before they use any JSON again, so nobody sees what is out of date.
pub(super) async fn validate(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let asked = request.headers().get_all(IF_NONE_MATCH);
    let asked: Vec<HeaderValue> = asked.iter().cloned().collect();
    let mut response = next.run(request).await;
    if !is_json(&response) || response.headers().contains_key(CACHE_CONTROL) {
        return response;
    }
    response.headers_mut().insert(CACHE_CONTROL, REVALIDATE);
    if method != Method::GET || !wants_validator(&response) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        let error = Error::internal("answer", "an answer in memory cannot be read");
        return ApiError::from(error).into_response();
    };
    let validator = Validator::of(&body);
    if validator.is_known_to(&asked) {
        return validator.not_modified();
    }
    let mut response = Response::from_parts(parts, Body::from(body));
    validator.put_on(&mut response);
    response
}

fn is_json(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

fn wants_validator(response: &Response) -> bool {
    response.status() == StatusCode::OK
        && !response.headers().contains_key(ETAG)
        && response
            .body()
            .size_hint()
            .exact()
            .is_some_and(|size| size <= LONGEST)
}
