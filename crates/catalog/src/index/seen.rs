//! What callers who do not see everything saw of documents lately.

use std::sync::{Arc, Weak};

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use roaring::RoaringBitmap;

use super::packing::Version;

/// Bytes of all that is kept.
const MOST: u64 = if cfg!(any(test, fuzzing)) {
    4_000
} else {
    8 << 20
};
/// Bytes of a usual document.
const USUAL: u64 = if cfg!(any(test, fuzzing)) { 200 } else { 2_048 };

/// Who sees it, and what: the address of the set of all that they see, and the version of a document.
type Name = (usize, Version);

/// What those saw of documents who see the same entities.
///
/// That depends on the document and on what it leads to, which is in the set or not. So it is the same for as long as
/// the set is.
#[derive(Debug)]
pub(crate) struct Seen(Cache<Name, Kept, Size>);

/// A document as it was seen. An address is not used again for as long as somebody remembers the set that was there.
#[derive(Clone, Debug)]
struct Kept {
    entities: Weak<RoaringBitmap>,
    json: Bytes,
}

/// A document counts as much as it is long.
#[derive(Clone, Debug)]
struct Size;

impl Weighter<Name, Kept> for Size {
    fn weight(&self, _: &Name, kept: &Kept) -> u64 {
        64 + kept.json.len() as u64
    }
}

impl Default for Seen {
    fn default() -> Self {
        Self(Cache::with_weighter((MOST / USUAL) as usize, MOST, Size))
    }
}

impl Seen {
    /// What those who see `entities` saw of a document.
    pub(crate) fn get(&self, entities: &Arc<RoaringBitmap>, document: Version) -> Option<Bytes> {
        let kept = self.0.get(&name(entities, document))?;
        let is_same = std::ptr::eq(kept.entities.as_ptr(), Arc::as_ptr(entities));
        is_same.then_some(kept.json)
    }

    /// Remembers what those who see `entities` see of a document.
    pub(crate) fn keep(&self, entities: &Arc<RoaringBitmap>, document: Version, json: Bytes) {
        let entities_then = Arc::downgrade(entities);
        let kept = Kept {
            entities: entities_then,
            json,
        };
        self.0.insert(name(entities, document), kept);
    }
}

fn name(entities: &Arc<RoaringBitmap>, document: Version) -> Name {
    (Arc::as_ptr(entities).addr(), document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_one_version_and_of_one_set() {
        let seen = Seen::default();
        let (some, same) = (Arc::new(RoaringBitmap::new()), RoaringBitmap::new());
        seen.keep(&some, (1, 1), Bytes::from_static(b"a"));

        assert_eq!(seen.get(&some, (1, 1)).unwrap(), "a");
        assert_eq!(seen.get(&some, (1, 2)), None);
        assert_eq!(seen.get(&some, (2, 1)), None);
        assert_eq!(seen.get(&Arc::new(same), (1, 1)), None);
    }

    #[test]
    fn only_so_much_is_kept_and_no_set_for_its_sake() {
        let seen = Seen::default();
        let some = Arc::new(RoaringBitmap::from([1]));
        for id in 0..500 {
            seen.keep(&some, (id, 0), Bytes::from(vec![b'x'; 100]));
        }

        assert!(seen.0.weight() <= MOST);
        assert!(!seen.0.is_empty());
        assert_eq!(Arc::strong_count(&some), 1);
    }
}
