//! What an entity has to be like, as a tree that is evaluated on sets.

use std::borrow::Cow;
use std::collections::BTreeSet;

use memchr::memmem::Finder;
use roaring::RoaringBitmap;

use super::view::Sight;
use crate::index::Index;

/// Documents whose texts are looked at one by one.
const FEW: u64 = if cfg!(any(test, fuzzing)) { 3 } else { 500 };

/// A request that looks into the texts of fields more often is refused: each time is a look at all values of a key.
pub(super) const MOST_SEARCHES: usize = 50;

/// A condition on entities. Keys and values are in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Expression {
    /// Every one of them; true when there is none.
    All(Vec<Expression>),
    /// At least one of them; false when there is none.
    Any(Vec<Expression>),
    /// The opposite.
    Not(Box<Expression>),
    /// The key is there, with whatever value.
    Has(String),
    /// The key has the value.
    Is(String, String),
    /// The key has one of the values.
    In(String, Vec<String>),
    /// A value of the key begins with the text.
    Prefix(String, String),
    /// A value of the key contains the text.
    Contains(String, String),
}

impl Expression {
    /// True for every entity.
    pub(crate) const EVERYTHING: Self = Self::All(Vec::new());

    /// True for none.
    pub(crate) const NOTHING: Self = Self::Any(Vec::new());

    /// The documents of `index` for which this is true.
    pub(crate) fn evaluate<'a>(&self, index: &'a Index) -> Cow<'a, RoaringBitmap> {
        self.evaluate_in(Sight::whole(index))
    }

    fn evaluate_in<'a>(&self, sight: Sight<'a, '_>) -> Cow<'a, RoaringBitmap> {
        let index = sight.index;
        match self {
            Self::All(all) => all_of(all, sight, None),
            Self::Any(any) => union(any.iter().map(|one| one.evaluate_in(sight))),
            Self::Not(not) => Cow::Owned(index.live() - not.evaluate_in(sight).as_ref()),
            Self::Has(key) => match sight.related(key) {
                Some(found) => Cow::Owned(found.as_ref().clone()),
                None => {
                    let mut found = RoaringBitmap::new();
                    index.add_having(key, &mut found);
                    Cow::Owned(found)
                }
            },
            Self::Is(key, value) => having(sight, key, value).unwrap_or_default(),
            Self::In(key, values) => {
                union(values.iter().filter_map(|value| having(sight, key, value)))
            }
            // Refused before it comes here.
            Self::Prefix(key, _) if sight.lacks_texts(key) => Cow::default(),
            Self::Prefix(key, text) => Cow::Owned(index.beginning(key, text)),
            Self::Contains(..) => Cow::Owned(self.evaluate_among(sight, index.live())),
        }
    }

    /// Grows whenever the documents for which this is true may be others.
    pub(super) fn changed(&self, index: &Index) -> u64 {
        match self {
            Self::All(several) | Self::Any(several) => {
                let changed = several.iter().map(|one| one.changed(index)).max();
                changed.unwrap_or(index.membership())
            }
            Self::Not(not) => not.changed(index).max(index.membership()),
            Self::Has(key)
            | Self::Is(key, _)
            | Self::In(key, _)
            | Self::Prefix(key, _)
            | Self::Contains(key, _) => index.changed(key),
        }
    }

    /// The documents of `among` for which this is true.
    pub(super) fn evaluate_among(
        &self,
        sight: Sight<'_, '_>,
        among: &RoaringBitmap,
    ) -> RoaringBitmap {
        match self {
            // Refused before it comes here.
            Self::Contains(key, _) if sight.lacks_texts(key) => RoaringBitmap::new(),
            Self::Contains(key, text) => containing(sight.index, key, text, among),
            Self::Any(any) => any.iter().fold(RoaringBitmap::new(), |found, one| {
                found | one.evaluate_among(sight, among)
            }),
            Self::All(all) => all_of(all, sight, Some(among)).into_owned(),
            other => other.evaluate_in(sight).as_ref() & among,
        }
    }

    fn reads_texts(&self) -> bool {
        match self {
            Self::Contains(..) | Self::Prefix(..) => true,
            Self::All(all) | Self::Any(all) => all.iter().any(Self::reads_texts),
            Self::Not(not) => not.reads_texts(),
            Self::Has(_) | Self::Is(..) | Self::In(..) => false,
        }
    }

    /// Keys into whose texts it looks.
    pub(super) fn searched(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        self.add_searched(&mut keys);
        keys
    }

    fn add_searched(&self, keys: &mut BTreeSet<String>) {
        match self {
            Self::Contains(key, _) | Self::Prefix(key, _) => {
                keys.insert(key.clone());
            }
            Self::All(several) | Self::Any(several) => {
                for one in several {
                    one.add_searched(keys);
                }
            }
            Self::Not(not) => not.add_searched(keys),
            Self::Has(_) | Self::Is(..) | Self::In(..) => {}
        }
    }

    /// How many bytes it takes, roughly.
    pub(super) fn size(&self) -> usize {
        let inner = match self {
            Self::All(several) | Self::Any(several) => several.iter().map(Self::size).sum(),
            Self::Not(not) => not.size(),
            Self::Has(key) => key.len(),
            Self::Is(key, value) | Self::Prefix(key, value) | Self::Contains(key, value) => {
                key.len() + value.len()
            }
            Self::In(key, values) => {
                let text = |value: &String| size_of::<String>() + value.len();
                key.len() + values.iter().map(text).sum::<usize>()
            }
        };
        size_of::<Self>() + inner
    }

    /// The kind that every matching entity has, when the tree says so plainly. References start with
    /// the kind, so that it bounds where in their order to look.
    pub(crate) fn kind(&self) -> Option<&str> {
        match self {
            Self::Is(key, value) if key == "kind" => Some(value),
            Self::All(all) => all.iter().find_map(Self::kind),
            Self::Any(any) => match any.as_slice() {
                [only] => only.kind(),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Looking into texts is slow, so that only those are looked into that passed everything else.
fn all_of<'a>(
    all: &[Expression],
    sight: Sight<'a, '_>,
    among: Option<&RoaringBitmap>,
) -> Cow<'a, RoaringBitmap> {
    let (slow, fast): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.reads_texts());
    let passed = intersection(fast.iter().map(|one| one.evaluate_in(sight)), sight.index);
    let passed = match among {
        Some(among) => Cow::Owned(passed.as_ref() & among),
        None => passed,
    };
    slow.iter().fold(passed, |passed, one| {
        Cow::Owned(one.evaluate_among(sight, &passed))
    })
}

fn intersection<'a>(
    sets: impl Iterator<Item = Cow<'a, RoaringBitmap>>,
    index: &'a Index,
) -> Cow<'a, RoaringBitmap> {
    let mut sets: Vec<_> = sets.collect();
    // From the smallest on, so that each step works on few documents.
    sets.sort_by_key(|set| set.len());
    sets.into_iter()
        .reduce(|left, right| match left {
            Cow::Owned(left) => Cow::Owned(left & right.as_ref()),
            Cow::Borrowed(left) => Cow::Owned(left & right.as_ref()),
        })
        .unwrap_or(Cow::Borrowed(index.live()))
}

fn union<'a>(mut sets: impl Iterator<Item = Cow<'a, RoaringBitmap>>) -> Cow<'a, RoaringBitmap> {
    let Some(first) = sets.next() else {
        return Cow::default();
    };
    let Some(second) = sets.next() else {
        return first;
    };
    let mut found = first.into_owned() | second.as_ref();
    for set in sets {
        found |= set.as_ref();
    }
    Cow::Owned(found)
}

fn having<'a>(sight: Sight<'a, '_>, key: &str, value: &str) -> Option<Cow<'a, RoaringBitmap>> {
    if !sight.has_value(key, value) {
        return None;
    }
    Some(match sight.index.posting(key, value)? {
        Cow::Borrowed(posting) => posting.as_set(),
        Cow::Owned(posting) => Cow::Owned(posting.as_set().into_owned()),
    })
}

/// Who of `among` has a value that contains `text`: looks at the values of each document when they are
/// few, otherwise at every value that there is.
fn containing(index: &Index, key: &str, text: &str, among: &RoaringBitmap) -> RoaringBitmap {
    let Some(field) = index.field(key) else {
        let flags = index.flag(key).filter(|_| "true".contains(text));
        return flags.map_or_else(RoaringBitmap::new, |flags| flags.as_set().as_ref() & among);
    };
    let finder = Finder::new(text.as_bytes());
    let contains = |value: &str| finder.find(value.as_bytes()).is_some();
    let has_texts = field.has_texts();
    let few = if has_texts { field.values() } else { FEW };
    if (among.len() < few || !has_texts)
        && let Some(column) = index.column(key)
    {
        if among.len() >= few {
            return column.containing(text).as_ref() & among;
        }
        let found = among.iter().filter(|id| column.has(*id, contains));
        return RoaringBitmap::from_sorted_iter(found).unwrap_or_default();
    }
    let mut found = RoaringBitmap::new();
    field.each_value(|value, posting| {
        if contains(value) {
            posting.add_to(&mut found);
        }
    });
    found & among
}
