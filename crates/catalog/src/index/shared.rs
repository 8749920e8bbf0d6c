//! One index, one writer, many readers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};

use bytes::Bytes;
use rayon::prelude::*;

use super::memory::{Change, Index, Prepared};

/// Changes under one lock: readers wait for as long as these take, well under a millisecond.
const LOCKED: usize = 32;

/// The index behind a lock that is never held for long.
///
/// Readers keep the guard while they evaluate, take handles of the JSON they found, and build the
/// answer after they let go.
#[derive(Debug, Default)]
pub(crate) struct SharedIndex {
    index: RwLock<Index>,
    revision: AtomicI64,
    writing: Mutex<()>,
}

impl SharedIndex {
    /// Applies changes in their order and then counts as being at `revision`.
    pub(crate) fn apply(&self, changes: Vec<Change>, revision: i64) {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changes = self.prepare(changes).into_iter().peekable();
        while changes.peek().is_some() {
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            for change in changes.by_ref().take(LOCKED) {
                index.take(change);
            }
        }
        self.revision.store(revision, Ordering::Release);
    }

    /// The index as it is; changes wait until the guard is dropped.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Index> {
        // A panic while changing leaves an entity out of some list, which is no reason to stop answering.
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest revision that answers contain.
    pub(crate) fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }

    /// How many entities there are of each kind, as it is written.
    pub(crate) fn kinds(&self) -> Vec<(String, u64)> {
        let mut kinds = Vec::new();
        if let Some(field) = self.read().field("kind") {
            field.each_spelling(|kind, posting| kinds.push((kind.to_owned(), posting.len())));
        }
        kinds.sort();
        kinds
    }

    /// Parses old and new versions on all cores, before anything is locked.
    fn prepare(&self, changes: Vec<Change>) -> Vec<Prepared> {
        let former = self.former(&changes);
        changes
            .into_par_iter()
            .zip(former)
            .map(|(change, former)| Prepared::new(change, former))
            .collect()
    }

    /// What each change replaces: an earlier change of the same entity, or what the index holds.
    fn former(&self, changes: &[Change]) -> Vec<Option<Bytes>> {
        let index = self.read();
        let mut earlier: HashMap<&str, Option<Bytes>> = HashMap::new();
        changes
            .iter()
            .map(|change| {
                let entity_ref = change.entity_ref.as_str();
                match earlier.insert(entity_ref, change.json.clone()) {
                    Some(former) => former,
                    None => index.json(entity_ref),
                }
            })
            .collect()
    }
}
