//! A name for each request, in its log lines and its answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use callboard_model::Ids;
use tracing::Instrument;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 128;

/// The name of a request: the client's, when it sent a plain one in `x-request-id`, or a new one.
#[derive(Clone, Debug)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub(super) async fn assign(State(ids): State<Ids>, mut request: Request, next: Next) -> Response {
    let value = request
        .headers()
        .get(&HEADER)
        .filter(|value| is_plain(value.as_bytes()))
        .cloned()
        .unwrap_or_else(|| fresh(&ids));
    let id = RequestId(value.to_str().unwrap_or_default().into());
    let span = tracing::debug_span!(
        "request",
        id = id.as_str(),
        method = %request.method(),
        path = request.uri().path(),
    );
    request.extensions_mut().insert(id);
    let mut response = next.run(request).instrument(span).await;
    response.headers_mut().insert(HEADER, value);
    response
}

fn fresh(ids: &Ids) -> HeaderValue {
    HeaderValue::try_from(ids.uuid().to_string()).unwrap_or(HeaderValue::from_static("unnamed"))
}

/// Nothing that could forge a log line or grow it without bound.
fn is_plain(id: &[u8]) -> bool {
    (1..=LONGEST).contains(&id.len())
        && id
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}
