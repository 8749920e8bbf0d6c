//! Writes errors out, and logs those that are ours.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt::Write;

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use callboard_model::{Error, ErrorKind};

use super::RequestId;
use crate::ApiError;

/// Gives an error answer its body, which names the request, and logs its causes once.
pub(super) async fn render(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let uri = request.uri().clone();
    let id = request.extensions().get::<RequestId>().cloned();
    let mut response = next.run(request).await;
    let Some(failure) = failure_of(&mut response) else {
        return response;
    };
    let id = id.as_ref().map(RequestId::as_str);
    log(&failure, &method, uri.path(), id.unwrap_or_default());
    let mut rendered = failure
        .body(&method, &uri, id)
        .into_response(failure.status());
    // What the handler said beside the error, such as `allow` or `retry-after`, stays.
    for (name, value) in response.headers() {
        if name != header::CONTENT_LENGTH && name != header::CONTENT_TYPE {
            rendered.headers_mut().append(name.clone(), value.clone());
        }
    }
    if method == Method::HEAD {
        *rendered.body_mut() = axum::body::Body::empty();
    }
    rendered
}

fn failure_of(response: &mut Response) -> Option<ApiError> {
    response.extensions_mut().remove::<ApiError>()
}

pub(super) fn from_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    let error = Error::internal("panic", format!("a handler panicked: {said}"));
    ApiError::from(error).into_response()
}

fn log(failure: &ApiError, method: &Method, path: &str, request_id: &str) {
    let error = failure.error();
    let status = failure.status().as_u16();
    let code = error.code();
    let message = chain(error);
    if error.kind() == ErrorKind::Internal {
        tracing::error!(request_id, %method, path, status, code, "{message}");
    } else if failure.status() >= StatusCode::INTERNAL_SERVER_ERROR {
        tracing::warn!(request_id, %method, path, status, code, "{message}");
    } else {
        tracing::debug!(request_id, %method, path, status, code, "{message}");
    }
}

fn chain(error: &Error) -> String {
    let mut text = error.message().to_owned();
    let mut cause = StdError::source(error);
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
