//! An audit trail on a database, on a clock that stands, and requests to it.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use callboard_auth::{
    Audit, AuditEvent, Authenticator, Credentials, Decision, Gate, Outcome, PermissionInfo,
    PermissionPolicy, Principal, Strangers, admit,
};
use callboard_db::Database;
use callboard_db::testing::TestDatabase;
use callboard_http::Edge;
use callboard_model::{Clock, Error, ErrorKind, Ids, Result};
use http_body_util::BodyExt;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{AuditConfig, AuditTrail, Foundations, routes, writer};

/// The first millisecond of 2026 in UTC.
pub(crate) const START: u64 = 1_767_225_600_000;

/// People are who they say they are; `mallory` shows something that is not good.
#[derive(Debug)]
pub(crate) struct TrustsHeaders;

#[async_trait]
impl Authenticator for TrustsHeaders {
    async fn authenticate(&self, request: &Parts) -> Result<Option<Credentials>> {
        let Some(user) = request.headers.get("x-user") else {
            return Ok(None);
        };
        let user = format!("user:default/{}", user.to_str().unwrap());
        if user.ends_with("mallory") {
            let error = Error::new(ErrorKind::Unauthenticated, "bad", "that is not good");
            return Err(error);
        }
        let principal = Principal::user(user.parse().unwrap(), Vec::new());
        Ok(Some(Credentials::of(principal)))
    }
}

/// Ada may do everything, and others nothing.
#[derive(Debug)]
pub(crate) struct Ada;

impl PermissionPolicy for Ada {
    fn decide(&self, principal: &Principal, _: &PermissionInfo) -> Decision {
        match principal.name() == "user:default/ada" {
            true => Decision::Allow,
            false => Decision::Deny,
        }
    }
}

pub(crate) fn gate(audit: Audit) -> Gate {
    let strangers = Strangers::HaveToSignIn;
    Gate::with(Arc::new(Ada), Arc::new(TrustsHeaders), strangers, audit)
}

pub(crate) struct Stage {
    pub(crate) trail: AuditTrail,
    pub(crate) clock: Clock,
    pub(crate) database: Database,
    router: Router,
    _test_database: TestDatabase,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(Value::Null).await
    }

    /// One with this under `audit`.
    pub(crate) async fn with(config: Value) -> Self {
        let test_database = TestDatabase::new().await;
        let database = test_database.open().await;
        let clock = Clock::manual(START);
        let trail = open(&database, &clock, config).await;
        let (router, _) = routes::of(&trail).split_for_parts();
        let router = router.layer(from_fn_with_state(gate(Audit::default()), admit));
        Self {
            router: Edge::new(Ids::counted(), &mut Registry::default()).wrap(router),
            trail,
            clock,
            database,
            _test_database: test_database,
        }
    }

    /// Another process on the same database.
    pub(crate) async fn replica(&self, config: Value) -> AuditTrail {
        open(&self.database, &self.clock, config).await
    }

    /// Records what `actor` did, with a number.
    pub(crate) fn did(&self, actor: &str, event: &str, number: usize) {
        let actor = Some(actor.to_owned());
        let event = AuditEvent::new(event, actor, Outcome::Succeeded);
        self.trail.log().record(event.with("n", number));
    }

    /// Stores what waits.
    pub(crate) async fn store(&self) {
        writer::empty(&self.trail.0, &self.database).await.unwrap();
    }

    /// Status and JSON of what Ada gets.
    pub(crate) async fn get(&self, query: &str) -> (u16, Value) {
        self.get_as("ada", query).await
    }

    pub(crate) async fn get_as(&self, user: &str, query: &str) -> (u16, Value) {
        let request = Request::get(format!("/api/audit/events{query}")).header("x-user", user);
        let request = request.body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// The numbers on a page.
    pub(crate) async fn numbers(&self, query: &str) -> Vec<u64> {
        let (status, page) = self.get(query).await;
        assert_eq!(status, 200, "{page}");
        numbers(&page)
    }
}

/// The numbers of the events on a page.
pub(crate) fn numbers(page: &Value) -> Vec<u64> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| item["details"]["n"].as_u64().unwrap())
        .collect()
}

async fn open(database: &Database, clock: &Clock, config: Value) -> AuditTrail {
    let config = match config {
        Value::Null => json!({}),
        config => config,
    };
    let config: AuditConfig = serde_json::from_value(config).unwrap();
    let foundations = Foundations {
        database: database.clone(),
        clock: clock.clone(),
        ids: Ids::random(),
    };
    AuditTrail::open(foundations, config).await.unwrap()
}
