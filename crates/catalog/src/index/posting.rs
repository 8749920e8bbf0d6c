//! Which documents have something.

use std::borrow::Cow;

use roaring::RoaringBitmap;
use smallvec::SmallVec;

/// Numbers that are kept in a plain list. A bitmap of so few costs many times more: they are far apart.
const MOST_LISTED: usize = if cfg!(any(test, fuzzing)) { 5 } else { 128 };

/// A set of document numbers that is never empty.
///
/// Most values belong to one document (a uid, a title) or to very few (a dependency), so those cost no
/// allocation.
#[derive(Clone, Debug)]
pub(crate) enum Posting {
    /// One document.
    One([u32; 1]),
    /// Two documents in order.
    Two([u32; 2]),
    /// Three documents in order.
    Three([u32; 3]),
    /// A few more, in order.
    Listed(Box<Listed>),
    /// More, or what is left of them.
    Many(Box<RoaringBitmap>),
}

/// Numbers in order, behind one pointer.
#[derive(Clone, Debug)]
pub(crate) struct Listed(Vec<u32>);

impl Posting {
    /// The posting of one document.
    pub(crate) fn of(id: u32) -> Self {
        Self::One([id])
    }

    fn of_all(ids: &[u32]) -> Self {
        match *ids {
            [one] => Self::One([one]),
            [one, two] => Self::Two([one, two]),
            [one, two, three] => Self::Three([one, two, three]),
            _ if ids.len() <= MOST_LISTED => Self::Listed(Box::new(Listed(ids.to_vec()))),
            _ => Self::Many(Box::new(ids.iter().collect())),
        }
    }

    /// The posting of these documents, which are in order; `None` when there is none.
    pub(crate) fn of_sorted(ids: &[u32]) -> Option<Self> {
        (!ids.is_empty()).then(|| Self::of_all(ids))
    }

    /// The documents, or the set in which they are.
    pub(crate) fn few(&self) -> Result<&[u32], &RoaringBitmap> {
        match self {
            Self::One(few) => Ok(few),
            Self::Two(few) => Ok(few),
            Self::Three(few) => Ok(few),
            Self::Listed(few) => Ok(&few.0),
            Self::Many(set) => Err(set),
        }
    }

    /// Adds a document.
    pub(crate) fn insert(&mut self, id: u32) {
        match self {
            Self::Many(set) => {
                set.insert(id);
                return;
            }
            Self::Listed(listed) if listed.0.len() < MOST_LISTED => {
                listed.insert(id);
                return;
            }
            _ => {}
        }
        let few = self.few().unwrap_or_default();
        let place = few.partition_point(|other| *other < id);
        if few.get(place) != Some(&id) {
            let ids: SmallVec<[u32; 8]> = few[..place]
                .iter()
                .copied()
                .chain([id])
                .chain(few[place..].iter().copied())
                .collect();
            *self = Self::of_all(&ids);
        }
    }

    /// Removes a document; true when none is left, and the posting is to be dropped.
    pub(crate) fn remove(&mut self, id: u32) -> bool {
        if let Self::Many(set) = self {
            set.remove(id);
            return set.is_empty();
        }
        let few = self.few().unwrap_or_default();
        let ids: SmallVec<[u32; 8]> = few.iter().copied().filter(|other| *other != id).collect();
        if !ids.is_empty() {
            *self = Self::of_all(&ids);
        }
        ids.is_empty()
    }

    /// How many documents there are.
    pub(crate) fn len(&self) -> u64 {
        self.few()
            .map_or_else(RoaringBitmap::len, |few| few.len() as u64)
    }

    /// How many of `others` are among them.
    pub(crate) fn count_in(&self, others: &RoaringBitmap) -> u64 {
        match self.few() {
            Ok(few) => few.iter().filter(|id| others.contains(**id)).count() as u64,
            Err(set) => set.intersection_len(others),
        }
    }

    /// The documents as a set.
    pub(crate) fn as_set(&self) -> Cow<'_, RoaringBitmap> {
        match self.few() {
            Ok(few) => Cow::Owned(few.iter().collect()),
            Err(set) => Cow::Borrowed(set),
        }
    }

    /// Adds the documents to `target`.
    pub(crate) fn add_to(&self, target: &mut RoaringBitmap) {
        match self.few() {
            Ok(few) => target.extend(few),
            Err(set) => *target |= set,
        }
    }
}

impl Listed {
    fn insert(&mut self, id: u32) {
        if let Err(place) = self.0.binary_search(&id) {
            if self.0.len() == self.0.capacity() {
                // Doubling would leave a third of all lists empty.
                self.0.reserve_exact(2 + self.0.len() / 4);
            }
            self.0.insert(place, id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_posting_holds_what_a_plain_set_holds(steps in proptest::collection::vec((any::<bool>(), 0u32..10), 1..60)) {
            let mut plain = BTreeSet::from([steps[0].1]);
            let mut posting = Posting::of(steps[0].1);
            for (insert, id) in steps {
                let emptied = if insert {
                    plain.insert(id);
                    posting.insert(id);
                    false
                } else {
                    plain.remove(&id);
                    posting.remove(id)
                };
                prop_assert_eq!(emptied, plain.is_empty());
                if emptied {
                    plain.insert(id);
                    posting = Posting::of(id);
                }
                prop_assert_eq!(posting.as_set().iter().collect::<Vec<_>>(), plain.iter().copied().collect::<Vec<_>>());
                let odd = RoaringBitmap::from_iter([1, 3, 5, 7, 9]);
                prop_assert_eq!(posting.count_in(&odd), plain.iter().filter(|id| *id % 2 == 1).count() as u64);
            }
        }
    }

    #[test]
    fn a_posting_is_small() {
        assert_eq!(size_of::<Posting>(), 16);
    }
}
