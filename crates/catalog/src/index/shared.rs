//! One index, one writer, many readers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rayon::prelude::*;
use tokio::sync::Semaphore;

use super::memory::{Change, Index, Prepared};
use super::packing::{Json, Packing, SAMPLES};
use super::seen::Seen;

/// Changes under one lock: readers wait for as long as these take, well under a millisecond.
const LOCKED: usize = 32;
/// Bytes of JSON that are kept as they are while there is other work. Past that everything is packed at once.
const PLAIN: usize = if cfg!(any(test, fuzzing)) {
    1_500
} else {
    96 << 20
};
/// Bytes of JSON that are kept as they are for good.
const PLAIN_AT_REST: usize = if cfg!(test) { 1_000 } else { 16 << 20 };
/// How many may read all documents at the same time, each on all cores.
const TURNS: usize = 2;
/// Documents that are packed at once.
const PACKED: u32 = 1_024;

/// The index behind a lock that is never held for long.
///
/// Readers keep the guard while they evaluate, take handles of the JSON they found, and build the
/// answer after they let go.
#[derive(Debug)]
pub(crate) struct SharedIndex {
    index: RwLock<Index>,
    revision: AtomicI64,
    writing: Mutex<()>,
    packing: Mutex<()>,
    /// Who reads all documents holds one.
    pub(super) turns: Arc<Semaphore>,
    /// Held while a column is made of documents.
    pub(super) gathering: Mutex<()>,
    seen: Seen,
    #[cfg(test)]
    hook: Hook,
}

/// What a test does whenever documents are read and the index is not held.
#[cfg(test)]
#[derive(Default)]
struct Hook(Mutex<Option<Call>>);

#[cfg(test)]
type Call = Box<dyn FnMut(&SharedIndex) + Send>;

#[cfg(test)]
impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hook")
    }
}

impl Default for SharedIndex {
    fn default() -> Self {
        Self {
            index: RwLock::default(),
            revision: AtomicI64::default(),
            writing: Mutex::default(),
            packing: Mutex::default(),
            turns: Arc::new(Semaphore::new(TURNS)),
            gathering: Mutex::default(),
            seen: Seen::default(),
            #[cfg(test)]
            hook: Hook::default(),
        }
    }
}

impl SharedIndex {
    /// Applies changes in their order and then counts as being at `revision`.
    pub(crate) fn apply(&self, changes: Vec<Change>, revision: i64) {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changes = self.prepare(changes).into_iter().peekable();
        while changes.peek().is_some() {
            let mut index = self.write();
            for change in changes.by_ref().take(LOCKED) {
                index.take(change);
            }
        }
        self.revision.store(revision, Ordering::Release);
        self.pack(PLAIN);
    }

    /// Makes room while there is nothing else to do.
    pub(crate) fn rest(&self) {
        self.pack(PLAIN_AT_REST);
    }

    /// Packs what is there, once it is more than `most` bytes. From then on everything is packed when it comes.
    fn pack(&self, most: usize) {
        // Two dictionaries would be one too many.
        let Ok(_alone) = self.packing.try_lock() else {
            return;
        };
        let index = self.read();
        let documents = index.documents();
        if documents.packing().is_some() || documents.plain_bytes() <= most {
            return;
        }
        let numbers = documents.numbers();
        let step = (numbers as usize / SAMPLES).max(1);
        let samples: Vec<_> = (0..numbers)
            .step_by(step)
            .filter_map(|id| documents.plain_json(id).cloned())
            .collect();
        drop(index);
        let packing = Arc::new(Packing::learn(&samples));
        self.write()
            .documents_mut()
            .set_packing(Arc::clone(&packing));
        for start in (0..numbers).step_by(PACKED as usize) {
            let index = self.read();
            let plain: Vec<_> = (start..numbers.min(start + PACKED))
                .filter_map(|id| Some((id, index.documents().plain_json(id)?.clone())))
                .collect();
            drop(index);
            let packed: Vec<_> = plain
                .into_par_iter()
                .filter_map(|(id, plain)| Some((id, packing.pack(&plain)?, plain)))
                .collect();
            let mut index = self.write();
            for (id, packed, plain) in packed {
                index.documents_mut().replace_plain(id, &plain, packed);
            }
        }
    }

    fn write(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index as it is; changes wait until the guard is dropped.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Index> {
        // A panic while changing leaves an entity out of some list, which is no reason to stop answering.
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What those saw of documents lately who do not see everything.
    pub(crate) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Has `hook` called between any two slices of documents that are read.
    #[cfg(test)]
    pub(crate) fn between_slices(&self, hook: impl FnMut(&Self) + Send + 'static) {
        *self.hook.0.lock().unwrap() = Some(Box::new(hook));
    }

    /// Whether nobody holds the index.
    #[cfg(test)]
    pub(super) fn is_free(&self) -> bool {
        self.index.try_write().is_ok()
    }

    #[cfg(test)]
    pub(super) fn pause(&self) {
        let hook = self.hook.0.lock().unwrap().take();
        if let Some(mut hook) = hook {
            hook(self);
            *self.hook.0.lock().unwrap() = Some(hook);
        }
    }

    /// The newest revision that answers contain.
    pub(crate) fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }

    /// How many entities there are of each kind, in lower case.
    pub(crate) fn kinds(&self) -> Vec<(String, u64)> {
        let mut kinds = Vec::new();
        if let Some(field) = self.read().field("kind") {
            field.each_value(|kind, posting| kinds.push((kind.to_owned(), posting.len())));
        }
        kinds.sort();
        kinds
    }

    /// Parses old and new versions on all cores, before anything is locked.
    fn prepare(&self, changes: Vec<Change>) -> Vec<Prepared> {
        let (former, packing) = self.former(&changes);
        changes
            .into_par_iter()
            .zip(former)
            .map(|(change, former)| Prepared::new(change, former, packing.as_deref()))
            .collect()
    }

    /// What each change replaces: an earlier change of the same entity, or what the index holds.
    fn former(&self, changes: &[Change]) -> (Vec<Option<Json>>, Option<Arc<Packing>>) {
        let index = self.read();
        let mut earlier: HashMap<&str, Option<Json>> = HashMap::new();
        let former = changes.iter().map(|change| {
            let entity_ref = change.entity_ref.as_str();
            match earlier.insert(entity_ref, change.json.clone().map(Json::Plain)) {
                Some(former) => former,
                None => index.json(index.id_of(entity_ref)?),
            }
        });
        (former.collect(), index.documents().packing().cloned())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use uuid::Uuid;

    use super::*;

    fn title(number: u32, title: &str) -> Change {
        let json = format!(
            r#"{{"kind":"Component","metadata":{{"name":"e{number}","title":"{title}"}}}}"#
        );
        Change {
            entity_ref: format!("component:default/e{number}").parse().unwrap(),
            uid: Uuid::from_u128(u128::from(number)),
            json: Some(Bytes::from(json)),
        }
    }

    fn read(index: &SharedIndex, number: u32) -> (bool, String) {
        let guard = index.read();
        let id = guard
            .id_of(&format!("component:default/e{number}"))
            .unwrap();
        let json = guard.json(id).unwrap();
        drop(guard);
        let is_plain = matches!(json, Json::Plain(_));
        (is_plain, String::from_utf8(json.bytes().to_vec()).unwrap())
    }

    #[test]
    fn at_rest_documents_are_packed_and_what_is_asked_for_is_kept_until_it_changes() {
        let index = SharedIndex::default();
        index.apply((0..20).map(|number| title(number, "old")).collect(), 1);
        let before: Vec<_> = (0..20).map(|number| read(&index, number)).collect();
        assert!(before.iter().all(|(is_plain, _)| *is_plain));

        index.rest();
        assert!(index.read().documents().plain_bytes() < PLAIN_AT_REST);
        for number in [3, 4] {
            let (is_plain, json) = read(&index, number);
            assert_eq!((is_plain, &json), (false, &before[number as usize].1));
            assert_eq!(read(&index, number), (true, json));
        }

        index.apply(vec![title(3, "new")], 2);
        let (is_plain, json) = read(&index, 3);
        assert!(!is_plain && json.contains("new"), "{json}");
        assert_eq!(read(&index, 4), before[4]);
    }

    #[test]
    fn a_handle_from_before_a_change_does_not_bring_the_old_document_back() {
        let index = SharedIndex::default();
        index.apply((0..20).map(|number| title(number, "old")).collect(), 1);
        index.rest();
        let handle = {
            let guard = index.read();
            guard.json(guard.id_of("component:default/e7").unwrap())
        };
        index.apply(vec![title(7, "new")], 2);
        assert!(handle.unwrap().bytes().ends_with(br#""old"}}"#));
        assert!(read(&index, 7).1.contains("new"));
    }
}
