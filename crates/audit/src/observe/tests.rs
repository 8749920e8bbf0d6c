use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use callboard_auth::{AuditLog, Caller, admit};
use callboard_http::{ApiError, Edge};
use callboard_model::{Error, ErrorKind, Ids};
use prometheus_client::registry::Registry;
use serde_json::json;
use tower::ServiceExt;

use super::*;
use crate::stage::gate;

#[derive(Debug, Default)]
struct Kept(Mutex<Vec<AuditEvent>>);

impl AuditLog for Kept {
    fn record(&self, event: AuditEvent) {
        self.0.lock().unwrap().push(event);
    }
}

async fn tell(caller: Caller) {
    caller.record(AuditEvent::new(
        "told",
        Some(caller.principal().name()),
        Outcome::Succeeded,
    ));
}

async fn refuse() -> ApiError {
    Error::new(ErrorKind::Forbidden, "no", "no").into()
}

async fn fail() -> ApiError {
    Error::unavailable("away", "away").into()
}

/// What is written down about a request of `user`; and whether it was waited for.
async fn written(request: &str, user: &str) -> Vec<AuditEvent> {
    let kept = Arc::new(Kept::default());
    let audit = Audit::kept_by(Arc::clone(&kept) as Arc<dyn AuditLog>);
    let observer = Observer::new(audit.clone(), ["/things/query"]);
    let router = Router::new()
        .route(
            "/things/{name}",
            get(async || "ok").delete(async || "ok").put(fail),
        )
        .route("/things/query", post(async || "ok"))
        .route("/told", post(tell))
        .route("/refused", get(refuse).post(refuse))
        .route(
            "/endless",
            post(std::future::pending::<()>).get(std::future::pending::<()>),
        )
        .layer(from_fn_with_state(gate(audit), admit))
        .layer(from_fn_with_state(observer, observe));
    let router = Edge::new(Ids::counted(), &mut Registry::default()).wrap(router);
    let (method, path) = request.split_once(' ').unwrap();
    let request = Request::builder().method(method).uri(path);
    let request = request.header("x-request-id", "r-1").header("x-user", user);
    let answer = router.oneshot(request.body(Body::empty()).unwrap());
    if path == "/endless" {
        // The client goes away before there is an answer.
        tokio::select! {
            biased;
            _ = answer => {}
            () = tokio::task::yield_now() => {}
        }
    } else {
        answer.await.unwrap();
    }
    kept.0.lock().unwrap().clone()
}

#[tokio::test]
async fn a_change_is_written_down_with_who_what_and_how_it_ended() {
    let events = written("DELETE /things/cart", "ada").await;

    let expected = AuditEvent::new(
        "request",
        Some("user:default/ada".to_owned()),
        Outcome::Succeeded,
    )
    .request(Some("r-1"))
    .with("action", "DELETE")
    .with("object", "/things/{name}")
    .with("status", 200);
    assert_eq!(events, [expected]);
}

#[tokio::test]
async fn changes_and_refusals_are_written_down_and_nothing_else_is() {
    let ada = Some("user:default/ada");
    for (request, user, expected) in [
        ("GET /things/cart", "ada", None),
        ("HEAD /things/cart", "ada", None),
        ("POST /things/query", "ada", None),
        (
            "PUT /things/cart",
            "ada",
            Some((ada, Outcome::Failed, json!(503))),
        ),
        (
            "GET /refused",
            "ada",
            Some((ada, Outcome::Denied, json!(403))),
        ),
        (
            "POST /refused",
            "ada",
            Some((ada, Outcome::Denied, json!(403))),
        ),
        (
            "GET /things/cart",
            "mallory",
            Some((None, Outcome::Denied, json!(401))),
        ),
        (
            "POST /things/query",
            "mallory",
            Some((None, Outcome::Denied, json!(401))),
        ),
        (
            "POST /endless",
            "ada",
            Some((ada, Outcome::Failed, json!(null))),
        ),
        ("GET /endless", "ada", None),
    ] {
        let events = written(request, user).await;
        let events: Vec<_> = events
            .iter()
            .map(|event| {
                let status = event.details.get("status").cloned().unwrap_or_default();
                (event.actor.as_deref(), event.outcome, status)
            })
            .collect();
        assert_eq!(events, Vec::from_iter(expected), "{request} {user}");
    }
}

#[tokio::test]
async fn what_an_operation_tells_itself_is_not_told_twice() {
    let events = written("POST /told", "ada").await;

    let names: Vec<_> = events.iter().map(|event| event.event.as_str()).collect();
    assert_eq!(names, ["told"]);
    assert_eq!(events[0].request_id.as_deref(), Some("r-1"));
}
