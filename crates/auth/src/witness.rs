//! What is known of a request when it has been answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Sees who makes a request, and whether what they did has been written down. Whoever wants to know that afterwards
/// puts one into the extensions of the request before it comes to the gate.
#[derive(Clone, Debug, Default)]
pub struct Witness(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    actor: OnceLock<String>,
    told: AtomicBool,
}

impl Witness {
    /// Who made the request, as audit events name it; nobody, when the gate let nobody in.
    pub fn actor(&self) -> Option<&str> {
        self.0.actor.get().map(String::as_str)
    }

    /// Whether the operation itself wrote down what was done.
    pub fn is_told(&self) -> bool {
        self.0.told.load(Ordering::Acquire)
    }

    pub(crate) fn saw(&self, actor: String) {
        // The first gate that a request passes says who it is.
        let _ = self.0.actor.set(actor);
    }

    pub(crate) fn told(&self) {
        self.0.told.store(true, Ordering::Release);
    }
}
