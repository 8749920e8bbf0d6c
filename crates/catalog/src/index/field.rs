//! All values of one key, and who has them.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;
use roaring::RoaringBitmap;

use super::flatten::Spelled;
use super::pairs::Pairs;
use super::posting::Posting;

/// Fewer different values are always kept as texts.
const FEW_VALUES: usize = if cfg!(any(test, fuzzing)) { 3 } else { 4_096 };
/// Documents of one value that are kept as pairs.
const MOST_PAIRS: usize = if cfg!(any(test, fuzzing)) { 3 } else { 32 };

/// One key of the index.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    /// Everybody who has the key has the value `true`: the shape of an array's item, of which there
    /// are many, each on few documents.
    Flag(Posting),
    /// Values that several documents share.
    Table(Box<Table>),
    /// Values that hardly two documents share, such as links: who looks for one names it.
    Hashed(Box<Hashed>),
}

/// The values of a key that has more than `true`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// Who has the key, with any value or null.
    all: RoaringBitmap,
    terms: HashMap<Arc<str>, Term>,
    /// How often any of them is there.
    rows: usize,
}

/// The values of a key without their texts, which are in the documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hashed {
    all: RoaringBitmap,
    few: Pairs,
    /// Who has a value that many have.
    many: HashMap<u64, Posting>,
}

/// One value in lower case.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    /// Who has it, in any spelling.
    posting: Posting,
    /// How it is written, when not in lower case by everybody.
    spellings: Option<Box<Spellings>>,
}

#[derive(Clone, Debug)]
enum Spellings {
    /// Everybody writes it like this.
    One(Box<str>),
    /// Who writes it how.
    Many(Vec<(Box<str>, Posting)>),
}

/// The value of a flag.
pub(super) const TRUE: Spelled<'_> = Spelled {
    lower: "true",
    original: "true",
};

impl Field {
    /// The field of a first document.
    pub(super) fn new(id: u32, value: Option<Spelled<'_>>) -> Self {
        let mut table = Table::default();
        table.insert(id, value);
        Self::Table(Box::new(table))
    }

    /// The field of flags, which are there once more when another value comes.
    pub(super) fn of_flags(posting: Posting) -> Self {
        Self::Flag(posting)
    }

    /// Adds what a document has for the key.
    pub(super) fn insert(&mut self, id: u32, value: Option<Spelled<'_>>, hasher: &RandomState) {
        match self {
            Self::Flag(posting) if value == Some(TRUE) => posting.insert(id),
            Self::Flag(posting) => {
                let mut table = Table::of_flag(posting.clone());
                table.insert(id, value);
                *self = Self::Table(Box::new(table));
            }
            Self::Table(table) => table.insert(id, value),
            Self::Hashed(hashed) => {
                hashed.all.insert(id);
                if let Some(value) = value {
                    hashed.insert(id, hasher.hash_one(value.lower));
                }
            }
        }
    }

    /// Takes a document's value away; true when nobody has the key any more. `has_more` says whether the
    /// document keeps the key.
    pub(super) fn remove(
        &mut self,
        id: u32,
        value: Option<Spelled<'_>>,
        has_more: bool,
        hasher: &RandomState,
    ) -> bool {
        match self {
            Self::Flag(posting) => posting.remove(id),
            Self::Table(table) => table.remove(id, value, has_more),
            Self::Hashed(hashed) => {
                if !has_more {
                    hashed.all.remove(id);
                }
                if let Some(value) = value {
                    hashed.remove(id, hasher.hash_one(value.lower));
                }
                hashed.all.is_empty()
            }
        }
    }

    /// Lets go of the texts when hardly two documents share one; true when it did.
    pub(super) fn hash(&mut self, hasher: &RandomState) -> bool {
        let Self::Table(table) = self else {
            return false;
        };
        if table.terms.len() < FEW_VALUES || table.rows >= table.terms.len() * 2 {
            return false;
        }
        let mut hashed = Hashed {
            all: std::mem::take(&mut table.all),
            ..Hashed::default()
        };
        for (lower, term) in &table.terms {
            let hash = hasher.hash_one(&**lower);
            for id in term.posting.as_set().iter() {
                hashed.insert(id, hash);
            }
        }
        *self = Self::Hashed(Box::new(hashed));
        true
    }

    /// Adds everybody who has the key to `target`.
    pub(crate) fn add_all_to(&self, target: &mut RoaringBitmap) {
        match self {
            Self::Flag(posting) => posting.add_to(target),
            Self::Table(table) => *target |= &table.all,
            Self::Hashed(hashed) => *target |= &hashed.all,
        }
    }

    /// Who has the lower-cased `value`.
    pub(super) fn posting(&self, value: &str, hasher: &RandomState) -> Option<Cow<'_, Posting>> {
        match self {
            Self::Flag(posting) => (value == TRUE.lower).then_some(Cow::Borrowed(posting)),
            Self::Table(table) => table
                .terms
                .get(value)
                .map(|term| Cow::Borrowed(&term.posting)),
            Self::Hashed(hashed) => hashed.posting(hasher.hash_one(value)),
        }
    }

    /// Whether the texts of the values are here.
    pub(crate) fn has_texts(&self) -> bool {
        !matches!(self, Self::Hashed(_))
    }

    /// How many different values there are, at most.
    pub(crate) fn values(&self) -> u64 {
        match self {
            Self::Flag(_) => 1,
            Self::Table(table) => table.terms.len() as u64,
            Self::Hashed(hashed) => hashed.all.len(),
        }
    }

    /// Calls `visit` with every lower-cased value, in no order; with none when their texts are not here.
    pub(crate) fn each_value<'a>(&'a self, mut visit: impl FnMut(&'a str, &'a Posting)) {
        match self {
            Self::Flag(posting) => visit(TRUE.lower, posting),
            Self::Table(table) => {
                for (lower, term) in &table.terms {
                    visit(lower, &term.posting);
                }
            }
            Self::Hashed(_) => {}
        }
    }

    /// Calls `visit` with every value as it is written, in no order; with none when their texts are not here.
    pub(crate) fn each_spelling<'a>(&'a self, mut visit: impl FnMut(&'a str, &'a Posting)) {
        match self {
            Self::Flag(posting) => visit(TRUE.original, posting),
            Self::Hashed(_) => {}
            Self::Table(table) => {
                for (lower, term) in &table.terms {
                    match term.spellings.as_deref() {
                        None => visit(lower, &term.posting),
                        Some(Spellings::One(original)) => visit(original, &term.posting),
                        Some(Spellings::Many(many)) => {
                            for (original, posting) in many {
                                visit(original, posting);
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Hashed {
    fn insert(&mut self, id: u32, hash: u64) {
        if let Some(posting) = self.many.get_mut(&hash) {
            posting.insert(id);
            return;
        }
        self.few.insert(hash, id);
        let ids = self.few.documents(hash);
        if ids.len() > MOST_PAIRS {
            let ids: Vec<u32> = ids.collect();
            for id in &ids {
                self.few.remove(hash, *id);
            }
            self.many
                .extend(Posting::of_sorted(&ids).map(|ids| (hash, ids)));
        }
    }

    fn remove(&mut self, id: u32, hash: u64) {
        match self.many.get_mut(&hash) {
            None => self.few.remove(hash, id),
            Some(posting) => {
                if posting.remove(id) {
                    self.many.remove(&hash);
                }
            }
        }
    }

    fn posting(&self, hash: u64) -> Option<Cow<'_, Posting>> {
        if let Some(posting) = self.many.get(&hash) {
            return Some(Cow::Borrowed(posting));
        }
        let ids: Vec<u32> = self.few.documents(hash).collect();
        Posting::of_sorted(&ids).map(Cow::Owned)
    }
}

impl Table {
    fn of_flag(posting: Posting) -> Self {
        let all = posting.as_set().into_owned();
        let rows = usize::try_from(posting.len()).unwrap_or(usize::MAX);
        let term = Term {
            posting,
            spellings: None,
        };
        Self {
            all,
            terms: HashMap::from([(Arc::from(TRUE.lower), term)]),
            rows,
        }
    }

    fn insert(&mut self, id: u32, value: Option<Spelled<'_>>) {
        self.all.insert(id);
        let Some(value) = value else { return };
        self.rows += 1;
        match self.terms.entry_ref(value.lower) {
            EntryRef::Occupied(mut term) => term.get_mut().insert(id, value),
            EntryRef::Vacant(place) => {
                place.insert_with_key(Arc::from(value.lower), Term::new(id, value));
            }
        }
    }

    /// True when nobody has the key any more.
    fn remove(&mut self, id: u32, value: Option<Spelled<'_>>, has_more: bool) -> bool {
        if !has_more {
            self.all.remove(id);
        }
        if let Some(value) = value {
            self.rows = self.rows.saturating_sub(1);
            if let Some(term) = self.terms.get_mut(value.lower)
                && term.remove(id, value)
            {
                self.terms.remove(value.lower);
            }
        }
        self.all.is_empty()
    }
}

impl Term {
    fn new(id: u32, value: Spelled<'_>) -> Self {
        let spellings = (value.lower != value.original)
            .then(|| Box::new(Spellings::One(value.original.into())));
        Self {
            posting: Posting::of(id),
            spellings,
        }
    }

    fn insert(&mut self, id: u32, value: Spelled<'_>) {
        let common = match self.spellings.as_deref() {
            None => Some(value.lower),
            Some(Spellings::One(original)) => Some(original.as_ref()),
            Some(Spellings::Many(_)) => None,
        };
        if let Some(common) = common
            && common != value.original
        {
            let many = vec![(common.into(), self.posting.clone())];
            self.spellings = Some(Box::new(Spellings::Many(many)));
        }
        self.posting.insert(id);
        if let Some(Spellings::Many(many)) = self.spellings.as_deref_mut() {
            match many
                .iter_mut()
                .find(|(original, _)| **original == *value.original)
            {
                Some((_, posting)) => posting.insert(id),
                None => many.push((value.original.into(), Posting::of(id))),
            }
        }
    }

    /// True when nobody has the value any more.
    fn remove(&mut self, id: u32, value: Spelled<'_>) -> bool {
        if let Some(Spellings::Many(many)) = self.spellings.as_deref_mut()
            && let Some(place) = many
                .iter()
                .position(|(original, _)| **original == *value.original)
            && many[place].1.remove(id)
        {
            many.swap_remove(place);
        }
        self.posting.remove(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(original: &str) -> (String, String) {
        (original.to_lowercase(), original.to_owned())
    }

    fn insert(field: &mut Field, id: u32, original: &str) {
        let (lower, original) = spelled(original);
        field.insert(
            id,
            Some(Spelled {
                lower: &lower,
                original: &original,
            }),
            &RandomState::new(),
        );
    }

    fn remove(field: &mut Field, id: u32, original: &str) -> bool {
        let (lower, original) = spelled(original);
        field.remove(
            id,
            Some(Spelled {
                lower: &lower,
                original: &original,
            }),
            false,
            &RandomState::new(),
        )
    }

    fn count(field: &Field, value: &str) -> Option<u64> {
        let posting = field.posting(value, &RandomState::new())?;
        Some(posting.len())
    }

    fn spellings(field: &Field) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        field.each_spelling(|value, posting| found.push((value.to_owned(), posting.len())));
        found.sort();
        found
    }

    #[test]
    fn spellings_are_counted_apart_and_found_together() {
        let mut field = Field::new(
            1,
            Some(Spelled {
                lower: "api",
                original: "API",
            }),
        );
        insert(&mut field, 2, "API");
        assert_eq!(spellings(&field), [("API".to_owned(), 2)]);

        insert(&mut field, 3, "api");
        assert_eq!(
            spellings(&field),
            [("API".to_owned(), 2), ("api".to_owned(), 1)]
        );
        assert_eq!(count(&field, "api"), Some(3));

        assert!(!remove(&mut field, 1, "API"));
        assert!(!remove(&mut field, 2, "API"));
        assert_eq!(spellings(&field), [("api".to_owned(), 1)]);
        assert!(remove(&mut field, 3, "api"));
    }

    #[test]
    fn a_flag_turns_into_a_table_when_another_value_comes() {
        let mut field = Field::of_flags(Posting::of(1));
        field.insert(2, None, &RandomState::new());
        insert(&mut field, 3, "True");

        assert_eq!(
            spellings(&field),
            [("True".to_owned(), 1), ("true".to_owned(), 1)]
        );
        let mut all = RoaringBitmap::new();
        field.add_all_to(&mut all);
        assert_eq!(all, RoaringBitmap::from_iter([1, 2, 3]));
        assert!(!field.remove(2, None, false, &RandomState::new()));
        assert!(!remove(&mut field, 1, "true"));
        assert!(remove(&mut field, 3, "True"));
    }
}
