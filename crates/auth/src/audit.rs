//! What is written down about who did what.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

/// Something that happened and that somebody may be asked about later.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEvent {
    /// What it was, such as `sign-in` or `catalog.delete-entity`.
    pub event: String,
    /// Who did it: an entity reference, the subject of a service, or nobody.
    pub actor: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The request that it was part of.
    pub request_id: Option<String>,
    /// What else there is to know. No secrets.
    pub details: Map<String, Value>,
}

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Succeeded,
    /// It was not allowed.
    Denied,
    /// It went wrong.
    Failed,
}

impl Outcome {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

impl AuditEvent {
    /// Something that `actor` did.
    pub fn new(event: impl Into<String>, actor: Option<String>, outcome: Outcome) -> Self {
        Self {
            event: event.into(),
            actor,
            outcome,
            request_id: None,
            details: Map::new(),
        }
    }

    /// The same, with one more thing to know.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// The same, as part of a request.
    #[must_use]
    pub fn request(mut self, id: Option<&str>) -> Self {
        self.request_id = id.map(str::to_owned);
        self
    }
}

/// Keeps what happened. It never waits: what it cannot keep at once it counts as lost.
pub trait AuditLog: fmt::Debug + Send + Sync {
    /// Keeps `event`.
    fn record(&self, event: AuditEvent);
}

/// Where what happened is written down.
#[derive(Clone, Debug, Default)]
pub struct Audit(Option<Arc<dyn AuditLog>>);

impl Audit {
    /// One that `log` keeps.
    pub fn kept_by(log: Arc<dyn AuditLog>) -> Self {
        Self(Some(log))
    }

    /// Writes `event` down; nowhere, when nobody keeps it.
    pub fn record(&self, event: AuditEvent) {
        if let Some(log) = &self.0 {
            log.record(event);
        }
    }
}
