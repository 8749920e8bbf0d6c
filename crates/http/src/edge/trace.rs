//! One span for each request, as OpenTelemetry's conventions name its parts.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, StatusCode};
use tracing::Span;
use tracing::field::Empty;

use super::measure::method_label;

/// Makes a span a part of the trace that the headers of a request name.
pub type ContinueTrace = fn(&Span, &HeaderMap);

/// The span of `request`; nothing is worked out when nobody listens.
pub(super) fn span(request: &Request, id: &str, continue_trace: Option<ContinueTrace>) -> Span {
    let span = tracing::debug_span!(
        "request",
        id,
        otel.name = Empty,
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method_label(request.method()),
        http.route = Empty,
        http.response.status_code = Empty,
        url.path = request.uri().path(),
        "error.type" = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    if let Some(continue_trace) = continue_trace {
        continue_trace(&span, request.headers());
    }
    let method = method_label(request.method());
    match request.extensions().get::<MatchedPath>() {
        Some(route) => {
            span.record("http.route", route.as_str());
            span.record("otel.name", format!("{method} {}", route.as_str()));
        }
        // The path itself would be a name of which there are any number.
        None => {
            span.record("otel.name", method);
        }
    }
    span
}

/// Says how the request ended: only what is the server's fault is an error of the server.
pub(super) fn ended(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", status.as_str());
    }
}
