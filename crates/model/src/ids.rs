//! Random identifiers, as the app hands them out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// Where identifiers come from: the system's randomness, or in tests a plain count.
#[derive(Clone, Debug)]
pub struct Ids(Source);

#[derive(Clone, Debug)]
enum Source {
    Random,
    Counted(Arc<AtomicU64>),
}

impl Ids {
    /// Random version 4 UUIDs.
    pub fn random() -> Self {
        Self(Source::Random)
    }

    /// `00000000-0000-4000-8000-000000000001` and so on.
    pub fn counted() -> Self {
        Self(Source::Counted(Arc::default()))
    }

    /// A new identifier that this source has not given before.
    pub fn uuid(&self) -> Uuid {
        match &self.0 {
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place that makes random ids"
            )]
            Source::Random => Uuid::new_v4(),
            Source::Counted(count) => {
                let next = count.fetch_add(1, Ordering::Relaxed) + 1;
                Uuid::from_u64_pair(0x4000, 0x8000_0000_0000_0000 | next)
            }
        }
    }
}
