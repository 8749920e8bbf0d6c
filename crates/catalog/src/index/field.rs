//! All values of one key, and who has them.

use std::sync::Arc;

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;
use roaring::RoaringBitmap;

use super::flatten::Spelled;
use super::posting::Posting;

/// One key of the index.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    /// Everybody who has the key has the value `true`: the shape of an array's item, of which there
    /// are many, each on few documents.
    Flag(Posting),
    /// Any values.
    Table(Box<Table>),
}

/// The values of a key that has more than `true`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// Who has the key, with any value or null.
    all: RoaringBitmap,
    terms: HashMap<Arc<str>, Term>,
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

const TRUE: Spelled<'_> = Spelled {
    lower: "true",
    original: "true",
};

impl Field {
    /// The field of a first document.
    pub(super) fn new(id: u32, value: Option<Spelled<'_>>) -> Self {
        if value == Some(TRUE) {
            return Self::Flag(Posting::of(id));
        }
        let mut table = Table::default();
        table.insert(id, value);
        Self::Table(Box::new(table))
    }

    /// Adds what a document has for the key.
    pub(super) fn insert(&mut self, id: u32, value: Option<Spelled<'_>>) {
        match self {
            Self::Flag(posting) if value == Some(TRUE) => posting.insert(id),
            Self::Flag(posting) => {
                let mut table = Table::of_flag(posting.clone());
                table.insert(id, value);
                *self = Self::Table(Box::new(table));
            }
            Self::Table(table) => table.insert(id, value),
        }
    }

    /// Takes a document's value away; true when nobody has the key any more.
    pub(super) fn remove(&mut self, id: u32, value: Option<Spelled<'_>>) -> bool {
        match self {
            Self::Flag(posting) => posting.remove(id),
            Self::Table(table) => table.remove(id, value),
        }
    }

    /// Adds everybody who has the key to `target`.
    pub(crate) fn add_all_to(&self, target: &mut RoaringBitmap) {
        match self {
            Self::Flag(posting) => posting.add_to(target),
            Self::Table(table) => *target |= &table.all,
        }
    }

    /// Who has the lower-cased `value`.
    pub(crate) fn posting(&self, value: &str) -> Option<&Posting> {
        match self {
            Self::Flag(posting) => (value == TRUE.lower).then_some(posting),
            Self::Table(table) => table.terms.get(value).map(|term| &term.posting),
        }
    }

    /// How many different values there are.
    pub(crate) fn values(&self) -> u64 {
        match self {
            Self::Flag(_) => 1,
            Self::Table(table) => table.terms.len() as u64,
        }
    }

    /// Calls `visit` with every lower-cased value, in no order.
    pub(crate) fn each_value<'a>(&'a self, mut visit: impl FnMut(&'a str, &'a Posting)) {
        match self {
            Self::Flag(posting) => visit(TRUE.lower, posting),
            Self::Table(table) => {
                for (lower, term) in &table.terms {
                    visit(lower, &term.posting);
                }
            }
        }
    }

    /// Calls `visit` with every value as it is written, in no order.
    pub(crate) fn each_spelling<'a>(&'a self, mut visit: impl FnMut(&'a str, &'a Posting)) {
        match self {
            Self::Flag(posting) => visit(TRUE.original, posting),
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

impl Table {
    fn of_flag(posting: Posting) -> Self {
        let all = posting.as_set().into_owned();
        let term = Term {
            posting,
            spellings: None,
        };
        Self {
            all,
            terms: HashMap::from([(Arc::from(TRUE.lower), term)]),
        }
    }

    fn insert(&mut self, id: u32, value: Option<Spelled<'_>>) {
        self.all.insert(id);
        let Some(value) = value else { return };
        match self.terms.entry_ref(value.lower) {
            EntryRef::Occupied(mut term) => term.get_mut().insert(id, value),
            EntryRef::Vacant(place) => {
                place.insert_with_key(Arc::from(value.lower), Term::new(id, value));
            }
        }
    }

    /// True when nobody has the key any more. A document's rows are removed together, so that the
    /// first one may take it out of `all`.
    fn remove(&mut self, id: u32, value: Option<Spelled<'_>>) -> bool {
        self.all.remove(id);
        if let Some(value) = value
            && let Some(term) = self.terms.get_mut(value.lower)
            && term.remove(id, value)
        {
            self.terms.remove(value.lower);
        }
        self.all.is_empty() && self.terms.is_empty()
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
        )
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
        assert_eq!(field.posting("api").map(Posting::len), Some(3));

        assert!(!remove(&mut field, 1, "API"));
        assert!(!remove(&mut field, 2, "API"));
        assert_eq!(spellings(&field), [("api".to_owned(), 1)]);
        assert!(remove(&mut field, 3, "api"));
    }

    #[test]
    fn a_flag_turns_into_a_table_when_another_value_comes() {
        let mut field = Field::new(1, Some(TRUE));
        field.insert(2, None);
        insert(&mut field, 3, "True");

        assert_eq!(
            spellings(&field),
            [("True".to_owned(), 1), ("true".to_owned(), 1)]
        );
        let mut all = RoaringBitmap::new();
        field.add_all_to(&mut all);
        assert_eq!(all, RoaringBitmap::from_iter([1, 2, 3]));
        assert!(!field.remove(2, None));
        assert!(!remove(&mut field, 1, "true"));
        assert!(remove(&mut field, 3, "True"));
    }
}
