//! Whether a feature can answer yet.

use std::fmt;
use std::sync::Arc;

/// Why a feature cannot answer yet, as a sentence for whoever runs the server.
pub type NotReady = String;

/// A named question that is asked each time somebody asks whether the server is ready; it answers
/// from memory.
#[derive(Clone)]
pub struct ReadinessCheck {
    name: &'static str,
    check: Arc<dyn Fn() -> Result<(), NotReady> + Send + Sync>,
}

impl ReadinessCheck {
    /// A check called `name`.
    pub fn new(
        name: &'static str,
        check: impl Fn() -> Result<(), NotReady> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            check: Arc::new(check),
        }
    }

    /// What it checks.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Asks.
    ///
    /// # Errors
    /// Why not, when the feature cannot answer yet.
    pub fn check(&self) -> Result<(), NotReady> {
        (self.check)()
    }
}

impl fmt::Debug for ReadinessCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadinessCheck({})", self.name)
    }
}
