//! Sets of documents that questions come back to.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use roaring::RoaringBitmap;

/// Bytes of all sets that are kept.
const MOST: u64 = if cfg!(any(test, fuzzing)) {
    2_000
} else {
    8 << 20
};
/// Bytes of a usual one.
const USUAL: u64 = if cfg!(any(test, fuzzing)) {
    100
} else {
    8 << 10
};

/// Two hashes under a key that nobody outside knows: they stand for what was hashed.
pub(super) type Name = (u64, u64);

/// What was worked out of late, each for as long as nothing changes that it was made of.
#[derive(Debug)]
pub(super) struct Sets(Cache<Name, Kept, Size>);

/// A set, and the last change that it has.
#[derive(Clone, Debug)]
struct Kept {
    changed: u64,
    documents: Arc<RoaringBitmap>,
}

/// A set counts as much as it is large.
#[derive(Clone, Debug)]
struct Size;

impl Weighter<Name, Kept> for Size {
    fn weight(&self, _: &Name, kept: &Kept) -> u64 {
        64 + kept.documents.serialized_size() as u64
    }
}

impl Default for Sets {
    fn default() -> Self {
        Self(Cache::with_weighter((MOST / USUAL) as usize, MOST, Size))
    }
}

impl Sets {
    /// The set that is kept, if it has the change `changed`, or what `work_out` finds.
    pub(super) fn get_or_work_out(
        &self,
        name: Name,
        changed: u64,
        work_out: impl FnOnce() -> RoaringBitmap,
    ) -> Arc<RoaringBitmap> {
        if let Some(kept) = self.0.get(&name).filter(|kept| kept.changed == changed) {
            return kept.documents;
        }
        let documents = Arc::new(work_out());
        let kept = Kept {
            changed,
            documents: Arc::clone(&documents),
        };
        self.0.insert(name, kept);
        documents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_worked_out_again_when_something_changed() {
        let sets = Sets::default();
        let ask = |changed, id| {
            let found = sets.get_or_work_out((1, 2), changed, || RoaringBitmap::from([id]));
            found.iter().collect::<Vec<u32>>()
        };

        assert_eq!(ask(1, 7), [7]);
        assert_eq!(ask(1, 8), [7]);
        assert_eq!(ask(2, 9), [9]);
    }

    #[test]
    fn only_so_much_is_kept() {
        let sets = Sets::default();
        for number in 0..500 {
            sets.get_or_work_out((number, 0), 1, || (0..50).map(|id| id * 3).collect());
        }

        assert!(sets.0.weight() <= MOST);
        assert!(!sets.0.is_empty());
    }
}
