//! Who changed what, and whether it worked: one line of the log for each attempt, under the target `audit`.
//!
//! Names of events are Backstage's, so that rules written for its audit log find them.

use callboard_auth::Caller;
use callboard_http::{ApiError, Result};
use callboard_model::shortened;

/// The characters of a text from a request in one line.
const LONGEST: usize = 1_000;

/// What is being attempted.
#[derive(Debug)]
pub(crate) struct Audit {
    principal: String,
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
            principal: caller.principal().to_string(),
            event,
            action,
            object: shortened(&object.into(), LONGEST).into_owned(),
        }
    }

    /// Writes down what came of it, and hands that on.
    pub(crate) fn end<T>(self, result: Result<T>) -> Result<T> {
        match &result {
            Ok(_) => self.succeeded(),
            Err(error) => self.failed(error),
        }
        result
    }

    fn succeeded(&self) {
        tracing::info!(
            target: "audit",
            event = self.event,
            action = self.action,
            principal = self.principal,
            object = self.object,
            outcome = "succeeded",
            "{} {}", self.event, self.action
        );
    }

    fn failed(&self, error: &ApiError) {
        tracing::info!(
            target: "audit",
            event = self.event,
            action = self.action,
            principal = self.principal,
            object = self.object,
            outcome = "failed",
            status = error.status().as_u16(),
            error = &*shortened(error.error().message(), LONGEST),
            "{} {}", self.event, self.action
        );
    }
}
