//! What nobody else tells of: requests that change something, and refusals.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use callboard_auth::{Audit, AuditEvent, Outcome, Witness};
use callboard_http::RequestId;

/// What these events are called.
const EVENT: &str = "request";

/// Where requests are written down, and which are nobody's business although their method says that they change something.
#[derive(Clone, Debug)]
pub struct Observer {
    audit: Audit,
    unnoticed: Arc<HashSet<&'static str>>,
}

impl Observer {
    /// One that writes to `audit`. A request to one of the paths `unnoticed`, as routes write them, is written down only
    /// when it is refused: it changes nothing, or nothing that anybody but its caller sees.
    pub fn new(audit: Audit, unnoticed: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            audit,
            unnoticed: Arc::new(unnoticed.into_iter().collect()),
        }
    }
}

/// The step around the gate: it sees also whom the gate sends away. What an operation has written down itself is not
/// written down again.
pub async fn observe(
    State(observer): State<Observer>,
    mut request: Request,
    next: Next,
) -> Response {
    let observed = Observed::of(observer, &mut request);
    let response = next.run(request).await;
    observed.ended(response.status());
    response
}

/// A request that is being answered. One that is given up, by its client or by the deadline, may have changed
/// something all the same: then its end is that it was dropped.
struct Observed {
    observer: Observer,
    witness: Witness,
    method: Method,
    path: Option<MatchedPath>,
    request_id: Option<RequestId>,
    is_over: bool,
}

impl Observed {
    fn of(observer: Observer, request: &mut Request) -> Self {
        let witness = Witness::default();
        request.extensions_mut().insert(witness.clone());
        Self {
            observer,
            witness,
            method: request.method().clone(),
            path: request.extensions().get().cloned(),
            request_id: request.extensions().get().cloned(),
            is_over: false,
        }
    }

    fn ended(mut self, status: StatusCode) {
        self.is_over = true;
        self.record(Some(status));
    }

    fn record(&self, status: Option<StatusCode>) {
        let outcome = outcome(status);
        if self.witness.is_told() || !(outcome == Outcome::Denied || self.changes()) {
            return;
        }
        let actor = self.witness.actor().map(str::to_owned);
        let event = AuditEvent::new(EVENT, actor, outcome)
            .request(self.request_id.as_ref().map(RequestId::as_str))
            .with("action", self.method.as_str())
            .with("object", self.path());
        let event = match status {
            Some(status) => event.with("status", status.as_u16()),
            None => event.with("error", "the request was given up before it was answered"),
        };
        self.observer.audit.record(event);
    }

    fn changes(&self) -> bool {
        !self.method.is_safe() && !self.observer.unnoticed.contains(self.path())
    }

    /// The path as the route has it: what a caller puts into a path is theirs.
    fn path(&self) -> &str {
        self.path.as_ref().map_or("", MatchedPath::as_str)
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        if !self.is_over {
            self.record(None);
        }
    }
}

fn outcome(status: Option<StatusCode>) -> Outcome {
    match status {
        Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Outcome::Denied,
        Some(status) if !status.is_client_error() && !status.is_server_error() => {
            Outcome::Succeeded
        }
        _ => Outcome::Failed,
    }
}

#[cfg(test)]
mod tests;
