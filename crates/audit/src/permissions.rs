//! What callers may do here.

use callboard_auth::{Action, Permission};

/// Reading who did what.
#[derive(Debug)]
pub struct ReadEvents;

impl Permission for ReadEvents {
    const NAME: &'static str = "audit.event.read";
    const ACTION: Option<Action> = Some(Action::Read);
    type Resource = ();
}
