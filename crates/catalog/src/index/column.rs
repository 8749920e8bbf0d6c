//! The values of one field, by document and in order.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use memchr::memmem::Finder;
use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::documents::Documents;
use super::field::Field;
use super::found::Found;
use super::order::Order;
use super::texts::{At, Texts};

/// Whom a text belongs to that several documents share.
const SHARED: u32 = u32::MAX;

/// The values of one field by document, and the sort order: each document under its smallest value.
/// Documents without a value are not part of it.
#[derive(Debug, Default)]
pub(crate) struct Column {
    texts: Texts,
    smallest: Vec<At>,
    /// The other values of documents that have several.
    further: BTreeMap<u32, Vec<At>>,
    documents: RoaringBitmap,
    shares: bool,
    /// Made when somebody first sorts.
    order: OnceLock<Order>,
    found: Found,
}

/// A place in a sort order.
pub(crate) type Place<'a> = (&'a str, &'a str);

impl Column {
    /// The column of a field that knows the texts of its values.
    pub(super) fn of_field(field: &Field) -> Self {
        let mut column = Self {
            shares: true,
            ..Self::default()
        };
        let mut terms = Vec::new();
        field.each_value(|value, posting| terms.push((value, posting)));
        terms.sort_unstable_by_key(|(value, _)| *value);
        for (value, posting) in terms {
            let at = column.texts.add(value, SHARED);
            for id in posting.as_set().iter() {
                column.add(id, at);
            }
        }
        column
    }

    /// The column of values by document.
    pub(super) fn of_values(values: impl IntoIterator<Item = (u32, Vec<String>)>) -> Self {
        let mut column = Self::default();
        for (id, mut values) in values {
            values.sort_unstable();
            for value in values {
                let at = column.texts.add(&value, id);
                column.add(id, at);
            }
        }
        column
    }

    /// Adds a document's next value; the smallest comes first.
    fn add(&mut self, id: u32, at: At) {
        let index = id as usize;
        if index >= self.smallest.len() {
            self.smallest.resize(index + 1, At::NOWHERE);
        }
        if self.documents.insert(id) {
            self.smallest[index] = at;
        } else {
            self.further.entry(id).or_default().push(at);
        }
    }

    /// Puts a document, which is not in, under its values.
    pub(super) fn insert<'a>(
        &mut self,
        id: u32,
        values: impl Iterator<Item = &'a str>,
        documents: &Documents,
    ) {
        let mut values: Vec<&str> = values.collect();
        values.sort_unstable();
        self.found.update(id, &values);
        let Some(smallest) = values.first() else {
            return;
        };
        if let Some(mut order) = self.order.take() {
            let place = (*smallest, documents.entity_ref(id));
            order.insert(id, |other| self.compare(other, place, documents));
            self.order = OnceLock::from(order);
        }
        for value in values {
            let at = self.texts.add(value, id);
            self.add(id, at);
        }
    }

    /// Takes a document out. Its reference is still known.
    pub(super) fn remove(&mut self, id: u32, documents: &Documents) {
        if !self.documents.contains(id) {
            return;
        }
        self.found.update(id, &[]);
        if let Some(mut order) = self.order.take() {
            let place = (self.text(id), documents.entity_ref(id));
            order.remove(id, |other| self.compare(other, place, documents));
            self.order = OnceLock::from(order);
        }
        self.documents.remove(id);
        let smallest = std::mem::replace(&mut self.smallest[id as usize], At::NOWHERE);
        let further = self.further.remove(&id).unwrap_or_default();
        if !self.shares {
            for at in further.into_iter().chain([smallest]) {
                self.texts.give_up(at);
            }
            if self.texts.is_wasteful() {
                self.tidy();
            }
        }
    }

    fn tidy(&mut self) {
        let mut texts = Texts::default();
        for id in &self.documents {
            let further = self.further.get_mut(&id).into_iter().flatten();
            for at in further.chain([&mut self.smallest[id as usize]]) {
                *at = texts.add(self.texts.get(*at), id);
            }
        }
        self.texts = texts;
    }

    /// Every document that has a value.
    pub(crate) fn documents(&self) -> &RoaringBitmap {
        &self.documents
    }

    /// What a document is sorted by.
    pub(crate) fn value(&self, id: u32) -> Option<&str> {
        let at = *self.smallest.get(id as usize)?;
        (at != At::NOWHERE).then(|| self.texts.get(at))
    }

    /// Whether a document has a value like this.
    pub(crate) fn has(&self, id: u32, is_right: impl Fn(&str) -> bool) -> bool {
        let further = self.further.get(&id).into_iter().flatten();
        self.value(id).is_some_and(&is_right)
            || further.into_iter().any(|at| is_right(self.texts.get(*at)))
    }

    /// Every document with a value that contains `text`, of a column that shares no texts.
    pub(crate) fn containing(&self, text: &str) -> Arc<RoaringBitmap> {
        self.found.get_or_search(text, || {
            let mut found = RoaringBitmap::new();
            self.texts
                .search(&Finder::new(text.as_bytes()), |at, owner| {
                    let further = self.further.get(&owner);
                    if self.smallest.get(owner as usize) == Some(&at)
                        || further.is_some_and(|further| further.contains(&at))
                    {
                        found.insert(owner);
                    }
                });
            found
        })
    }

    /// Every document with a value that begins with `text`.
    pub(super) fn beginning(&self, text: &str, documents: &Documents) -> RoaringBitmap {
        let order = self.order(documents);
        let smallest = order.range(
            |id| self.text(id) < text,
            |id| {
                let value = self.text(id);
                value < text || value.starts_with(text)
            },
        );
        let further = self.further.iter().filter(|(_, further)| {
            let mut further = further.iter();
            further.any(|at| self.texts.get(*at).starts_with(text))
        });
        smallest.chain(further.map(|(id, _)| *id)).collect()
    }

    /// The documents between two places in the sort order, which do not belong to them.
    pub(super) fn between<'a>(
        &'a self,
        start: Bound<Place<'a>>,
        end: Bound<Place<'a>>,
        documents: &'a Documents,
    ) -> impl DoubleEndedIterator<Item = u32> + 'a {
        self.order(documents).range(
            move |id| match start {
                Bound::Unbounded => false,
                Bound::Included(place) => self.compare(id, place, documents).is_lt(),
                Bound::Excluded(place) => self.compare(id, place, documents).is_le(),
            },
            move |id| match end {
                Bound::Unbounded => true,
                Bound::Included(place) => self.compare(id, place, documents).is_le(),
                Bound::Excluded(place) => self.compare(id, place, documents).is_lt(),
            },
        )
    }

    fn order(&self, documents: &Documents) -> &Order {
        self.order.get_or_init(|| {
            let mut ids: Vec<u32> = self.documents.iter().collect();
            ids.par_sort_unstable_by(|left, right| {
                let place = (self.text(*right), documents.entity_ref(*right));
                self.compare(*left, place, documents)
            });
            Order::of_sorted(&ids)
        })
    }

    fn compare(&self, id: u32, place: Place<'_>, documents: &Documents) -> Ordering {
        let by_value = self.text(id).cmp(place.0);
        by_value.then_with(|| documents.compare(id, place.1))
    }

    fn text(&self, id: u32) -> &str {
        self.value(id).unwrap_or_default()
    }
}
