//! Lists of documents that questions come back to.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::sets::Name;

/// Documents in all lists that are kept.
const MOST: u64 = if cfg!(any(test, fuzzing)) {
    500
} else {
    1 << 20
};
/// Documents in a usual one.
const USUAL: u64 = if cfg!(any(test, fuzzing)) { 10 } else { 1_000 };

/// What was put in order of late, each for as long as nothing changes that it was made of.
#[derive(Debug)]
pub(super) struct Lists(Cache<Name, Kept, Size>);

/// A list, and the last change that it has.
#[derive(Clone, Debug)]
struct Kept {
    changed: u64,
    documents: Arc<[u32]>,
}

/// A list counts as much as it is long.
#[derive(Clone, Debug)]
struct Size;

impl Weighter<Name, Kept> for Size {
    fn weight(&self, _: &Name, kept: &Kept) -> u64 {
        16 + kept.documents.len() as u64
    }
}

impl Default for Lists {
    fn default() -> Self {
        Self(Cache::with_weighter((MOST / USUAL) as usize, MOST, Size))
    }
}

impl Lists {
    /// The list that is kept, if it has the change `changed`, or what `put_in_order` makes.
    pub(super) fn get_or_put_in_order(
        &self,
        name: Name,
        changed: u64,
        put_in_order: impl FnOnce() -> Vec<u32>,
    ) -> Arc<[u32]> {
        if let Some(kept) = self.0.get(&name).filter(|kept| kept.changed == changed) {
            return kept.documents;
        }
        let documents: Arc<[u32]> = put_in_order().into();
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
    fn a_list_is_put_in_order_again_when_something_changed() {
        let lists = Lists::default();
        let ask = |changed, id| lists.get_or_put_in_order((1, 2), changed, || vec![id]);

        assert_eq!(*ask(1, 7), [7]);
        assert_eq!(*ask(1, 8), [7]);
        assert_eq!(*ask(2, 9), [9]);
    }

    #[test]
    fn only_so_much_is_kept() {
        let lists = Lists::default();
        for number in 0..500 {
            lists.get_or_put_in_order((number, 0), 1, || (0..50).collect());
        }

        assert!(lists.0.weight() <= MOST);
        assert!(!lists.0.is_empty());
    }
}
