//! An event as a line of the log.

use callboard_auth::AuditEvent;
use serde_json::{Map, Value};

/// Details that are fields of their own.
const FIELDS: [&str; 4] = ["action", "object", "status", "error"];

/// Writes the line, under the target `audit`.
pub(crate) fn write(event: &AuditEvent) {
    let text = |name: &str| event.details.get(name).and_then(Value::as_str);
    let others: Map<String, Value> = event
        .details
        .iter()
        .filter(|(name, _)| !FIELDS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let others = (!others.is_empty()).then(|| Value::Object(others).to_string());
    let action = text("action");
    let status = event.details.get("status").and_then(Value::as_u64);
    let message = action.map_or_else(
        || event.event.clone(),
        |action| format!("{} {action}", event.event),
    );
    tracing::info!(
        target: "audit",
        event = event.event,
        action,
        principal = event.actor.as_deref(),
        object = text("object"),
        outcome = event.outcome.as_str(),
        status,
        error = text("error"),
        request_id = event.request_id.as_deref(),
        details = others,
        "{message}"
    );
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use callboard_auth::Outcome;
    use serde_json::json;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn line(event: &AuditEvent) -> Value {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || write(event));
        serde_json::from_slice(&lines.0.lock().unwrap()).unwrap()
    }

    #[test]
    fn a_line_has_the_fields_that_rules_for_logs_know() {
        let actor = Some("user:default/ada".to_owned());
        let event = AuditEvent::new("entity-mutate", actor, Outcome::Failed)
            .request(Some("r-1"))
            .with("action", "delete")
            .with("object", "component:default/cart")
            .with("status", 503)
            .with("error", "away")
            .with("provider", "local");

        assert_eq!(
            line(&event),
            json!({
                "level": "INFO", "target": "audit",
                "fields": {
                    "message": "entity-mutate delete", "event": "entity-mutate", "action": "delete",
                    "principal": "user:default/ada", "object": "component:default/cart", "outcome": "failed",
                    "status": 503, "error": "away", "request_id": "r-1", "details": "{\"provider\":\"local\"}"
                }
            })
        );
    }

    #[test]
    fn what_there_is_nothing_to_tell_of_is_left_out() {
        assert_eq!(
            line(&AuditEvent::new("sign-in", None, Outcome::Denied))["fields"],
            json!({ "message": "sign-in", "event": "sign-in", "outcome": "denied" })
        );
    }
}
