//! Who changed what, and whether it worked: one event for each attempt.
//!
//! Names of events are Backstage's, so that rules written for its audit log find them.

use axum::http::StatusCode;
use callboard_auth::{AuditEvent, Caller, Outcome};
use callboard_http::{ApiError, Result};
use callboard_model::shortened;

/// The characters of a text from a request in one event.
const LONGEST: usize = 1_000;

/// What is being attempted.
#[derive(Debug)]
pub(crate) struct Audit {
    caller: Caller,
    event: &'static str,
    action: &'static str,
    object: String,
}

impl Audit {
    /// `caller` attempts `action`, of the kind `event`, on `object`.
    pub(crate) fn new(
        caller: &Caller,
        event: &'static str,
        action: &'static str,
        object: impl Into<String>,
    ) -> Self {
        Self {
            caller: caller.clone(),
            event,
            action,
            object: shortened(&object.into(), LONGEST).into_owned(),
        }
    }

    /// Writes down what came of it, and hands that on.
    pub(crate) fn end<T>(self, result: Result<T>) -> Result<T> {
        let event = match &result {
            Ok(_) => self.ended(Outcome::Succeeded),
            Err(error) => self.failed(error),
        };
        self.caller.record(event);
        result
    }

    fn ended(&self, outcome: Outcome) -> AuditEvent {
        let actor = self.caller.principal().name();
        AuditEvent::new(self.event, Some(actor), outcome)
            .with("action", self.action)
            .with("object", self.object.as_str())
    }

    fn failed(&self, error: &ApiError) -> AuditEvent {
        let outcome = match error.status() {
            StatusCode::FORBIDDEN => Outcome::Denied,
            _ => Outcome::Failed,
        };
        self.ended(outcome)
            .with("status", error.status().as_u16())
            .with("error", &*shortened(error.error().message(), LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use async_trait::async_trait;
    use axum::http::request::Parts;
    use callboard_auth::{AllowAll, AuditLog, Authenticator, Credentials, Gate, Strangers};
    use callboard_model::{Error, ErrorKind};
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default)]
    struct Kept(Mutex<Vec<AuditEvent>>);

    impl AuditLog for Kept {
        fn record(&self, event: AuditEvent) {
            self.0.lock().unwrap().push(event);
        }
    }

    #[derive(Debug)]
    struct Nobody;

    #[async_trait]
    impl Authenticator for Nobody {
        async fn authenticate(&self, _: &Parts) -> Result<Option<Credentials>, Error> {
            Ok(None)
        }
    }

    #[test]
    fn an_attempt_is_told_with_its_end() {
        let kept = Arc::new(Kept::default());
        let log = callboard_auth::Audit::kept_by(Arc::clone(&kept) as Arc<dyn AuditLog>);
        let strangers = Strangers::AreGuests;
        let guest = Gate::with(Arc::new(AllowAll), Arc::new(Nobody), strangers, log).guest();
        let attempt = || Audit::new(&guest, "entity-mutate", "delete", "component:default/cart");
        let error = |kind| ApiError::from(Error::new(kind, "code", "why"));

        attempt().end(Ok(())).unwrap();
        attempt()
            .end::<()>(Err(error(ErrorKind::Forbidden)))
            .unwrap_err();
        attempt()
            .end::<()>(Err(error(ErrorKind::Unavailable)))
            .unwrap_err();

        let events = kept.0.lock().unwrap();
        let told: Vec<_> = events
            .iter()
            .map(|event| (event.actor.as_deref(), event.outcome, json!(event.details)))
            .collect();
        let what = json!({ "action": "delete", "object": "component:default/cart" });
        let failed = |status: u16| json!({ "action": "delete", "object": "component:default/cart", "status": status, "error": "why" });
        assert_eq!(
            told,
            [
                (Some("guest"), Outcome::Succeeded, what),
                (Some("guest"), Outcome::Denied, failed(403)),
                (Some("guest"), Outcome::Failed, failed(503)),
            ]
        );
    }
}
