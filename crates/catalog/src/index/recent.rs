//! Sets and lists of documents that questions come back to.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use roaring::RoaringBitmap;

/// Bytes of all that is kept.
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
pub(super) struct Recent<T: ?Sized>(Cache<Name, Current<T>, Bytes>);

/// Documents, and the last change that they have.
#[derive(Debug)]
struct Current<T: ?Sized> {
    changed: u64,
    documents: Arc<T>,
}

impl<T: ?Sized> Clone for Current<T> {
    fn clone(&self) -> Self {
        Self {
            changed: self.changed,
            documents: Arc::clone(&self.documents),
        }
    }
}

/// Documents count as much as they take.
#[derive(Clone, Debug)]
struct Bytes;

/// How many bytes documents take.
pub(super) trait Size {
    fn bytes(&self) -> usize;
}

impl Size for RoaringBitmap {
    fn bytes(&self) -> usize {
        self.serialized_size()
    }
}

impl Size for [u32] {
    fn bytes(&self) -> usize {
        size_of_val(self)
    }
}

impl<T: Size + ?Sized> Weighter<Name, Current<T>> for Bytes {
    fn weight(&self, _: &Name, current: &Current<T>) -> u64 {
        64 + current.documents.bytes() as u64
    }
}

impl<T: Size + ?Sized> Default for Recent<T> {
    fn default() -> Self {
        Self(Cache::with_weighter((MOST / USUAL) as usize, MOST, Bytes))
    }
}

impl<T: Size + ?Sized> Recent<T> {
    /// What is kept, if it has the change `changed`, or what `work_out` finds.
    pub(super) fn get_or_work_out<W: Into<Arc<T>>>(
        &self,
        name: Name,
        changed: u64,
        work_out: impl FnOnce() -> W,
    ) -> Arc<T> {
        let current = self.0.get(&name);
        if let Some(current) = current.filter(|current| current.changed == changed) {
            return current.documents;
        }
        let documents = work_out().into();
        let current = Current {
            changed,
            documents: Arc::clone(&documents),
        };
        self.0.insert(name, current);
        documents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_worked_out_again_when_something_changed() {
        let lists = Recent::<[u32]>::default();
        let ask = |changed, id| lists.get_or_work_out((1, 2), changed, || vec![id]);

        assert_eq!(*ask(1, 7), [7]);
        assert_eq!(*ask(1, 8), [7]);
        assert_eq!(*ask(2, 9), [9]);
    }

    #[test]
    fn only_so_much_is_kept() {
        let (sets, lists) = (
            Recent::<RoaringBitmap>::default(),
            Recent::<[u32]>::default(),
        );
        for number in 0..500 {
            let ids = || (0..50).map(|id| id * 3);
            sets.get_or_work_out((number, 0), 1, || ids().collect::<RoaringBitmap>());
            lists.get_or_work_out((number, 0), 1, || ids().collect::<Vec<u32>>());
        }

        assert!(sets.0.weight() <= MOST && !sets.0.is_empty());
        assert!(lists.0.weight() <= MOST && !lists.0.is_empty());
    }
}
