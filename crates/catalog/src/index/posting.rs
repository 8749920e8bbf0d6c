//! Which documents have something.

use std::borrow::Cow;

use roaring::RoaringBitmap;

/// A set of document numbers that is never empty.
///
/// Most values belong to one document only (a uid, a title), so that case costs no allocation.
#[derive(Clone, Debug)]
pub(crate) enum Posting {
    /// One document.
    One(u32),
    /// Two or more, or what is left of them.
    Many(Box<RoaringBitmap>),
}

impl Posting {
    /// Adds a document.
    pub(crate) fn insert(&mut self, id: u32) {
        match self {
            Self::One(only) if *only == id => {}
            Self::One(only) => {
                *self = Self::Many(Box::new(RoaringBitmap::from_iter([*only, id])));
            }
            Self::Many(set) => {
                set.insert(id);
            }
        }
    }

    /// Removes a document; true when none is left, and the posting is to be dropped.
    pub(crate) fn remove(&mut self, id: u32) -> bool {
        match self {
            Self::One(only) => *only == id,
            Self::Many(set) => {
                set.remove(id);
                match (set.len(), set.min()) {
                    (0, _) => true,
                    (1, Some(last)) => {
                        *self = Self::One(last);
                        false
                    }
                    _ => false,
                }
            }
        }
    }

    /// How many documents there are.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::One(_) => 1,
            Self::Many(set) => set.len(),
        }
    }

    /// How many of `others` are among them.
    pub(crate) fn count_in(&self, others: &RoaringBitmap) -> u64 {
        match self {
            Self::One(only) => u64::from(others.contains(*only)),
            Self::Many(set) => set.intersection_len(others),
        }
    }

    /// The documents as a set.
    pub(crate) fn as_set(&self) -> Cow<'_, RoaringBitmap> {
        match self {
            Self::One(only) => Cow::Owned(RoaringBitmap::from_iter([*only])),
            Self::Many(set) => Cow::Borrowed(set),
        }
    }

    /// Adds the documents to `target`.
    pub(crate) fn add_to(&self, target: &mut RoaringBitmap) {
        match self {
            Self::One(only) => {
                target.insert(*only);
            }
            Self::Many(set) => *target |= set.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posting_grows_and_shrinks_to_a_single_document() {
        let mut posting = Posting::One(7);
        posting.insert(7);
        assert_eq!(posting.len(), 1);
        posting.insert(9);
        assert_eq!(*posting.as_set(), RoaringBitmap::from_iter([7, 9]));
        assert!(!posting.remove(7));
        assert!(matches!(posting, Posting::One(9)));
        assert!(
            !posting.remove(7),
            "a document it does not hold changes nothing"
        );
        assert!(posting.remove(9));
    }
}
