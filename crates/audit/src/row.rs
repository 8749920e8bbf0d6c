//! An event as it is stored.

use callboard_auth::AuditEvent;
use callboard_model::shortened;

use crate::redact;

/// The characters of a name in a row.
const LONGEST: usize = 500;

/// An event as it is stored. A text is empty where there is nothing to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EventRow {
    /// Grows with the events of a process, and no other process makes the same.
    pub(crate) id: String,
    /// Unix time, ms.
    pub(crate) at: i64,
    pub(crate) event: String,
    pub(crate) actor: String,
    pub(crate) outcome: String,
    pub(crate) request_id: String,
    /// A JSON object.
    pub(crate) details: String,
}

impl EventRow {
    /// A row that tells of `event`, which has been redacted.
    pub(crate) fn of(event: &AuditEvent, id: String, at: u64) -> Self {
        Self {
            id,
            at: i64::try_from(at).unwrap_or(i64::MAX),
            event: event.event.clone(),
            actor: event.actor.clone().unwrap_or_default(),
            outcome: event.outcome.as_str().to_owned(),
            request_id: event.request_id.clone().unwrap_or_default(),
            details: serde_json::Value::Object(event.details.clone()).to_string(),
        }
    }

    /// About how much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        let texts = [
            &self.id,
            &self.event,
            &self.actor,
            &self.outcome,
            &self.request_id,
            &self.details,
        ];
        texts.iter().map(|text| text.len()).sum::<usize>() + size_of::<Self>()
    }
}

/// The event without secrets and of a bounded size.
pub(crate) fn bounded(event: AuditEvent) -> AuditEvent {
    let name = |text: String| match text.contains(char::is_control) {
        true => shortened(&text.replace(char::is_control, " "), LONGEST).into_owned(),
        false => shortened(&text, LONGEST).into_owned(),
    };
    AuditEvent {
        event: name(event.event),
        actor: event.actor.map(name),
        outcome: event.outcome,
        request_id: event.request_id.map(name),
        details: redact::details(event.details),
    }
}
