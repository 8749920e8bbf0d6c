//! A name for each request, in its log lines and its answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use callboard_model::Ids;
use tracing::Instrument;

use super::trace::{self, ContinueTrace};

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

/// Where ids come from, and how the trace of a caller is gone on with.
#[derive(Clone, Debug)]
pub(super) struct Naming {
    pub(super) ids: Ids,
    pub(super) continue_trace: Option<ContinueTrace>,
}

pub(super) async fn assign(
    State(naming): State<Naming>,
    mut request: Request,
    next: Next,
) -> Response {
    let value = request
        .headers()
        .get(&HEADER)
        .filter(|value| is_plain(value.as_bytes()))
        .cloned()
        .unwrap_or_else(|| fresh(&naming.ids));
    let id = RequestId(value.to_str().unwrap_or_default().into());
    let span = trace::span(&request, id.as_str(), naming.continue_trace);
    request.extensions_mut().insert(id);
    let mut response = next.run(request).instrument(span.clone()).await;
    trace::ended(&span, response.status());
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
