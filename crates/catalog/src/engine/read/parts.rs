//! What is kept of a location while it is being read.

use std::collections::{HashMap, HashSet};

use crate::sql::claims::{KnownClaim, PartRow};

/// What only the end of a read may write. An entity that moves from one part to another is claimed by both for a
/// moment: were its old claim deleted first, it would be another entity afterwards.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// Every part that was given, also unchanged ones.
    pub(super) seen: HashSet<String>,
    /// Claims that are not made any more.
    pub(super) removed: Vec<KnownClaim>,
    /// The parts that made them. They count as changed until those claims are deleted.
    pub(super) parts: Vec<PartRow>,
    /// Parts that are gone.
    pub(super) gone: Vec<String>,
    /// Whether anything was written.
    pub(super) changed: bool,
}

impl Collected {
    /// Everything was read: what was not given is gone.
    pub(super) fn forget_unseen(&mut self, known: &HashMap<String, String>) {
        let mut gone: Vec<String> = known
            .keys()
            .filter(|part| !self.seen.contains(*part))
            .cloned()
            .collect();
        gone.sort_unstable();
        self.gone = gone;
    }
}
