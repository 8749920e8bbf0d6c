//! The documents in the order of one field.

use std::collections::BTreeMap;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::field::Field;
use super::posting::Posting;

/// The sort order of one field: each document under its smallest value. Documents without a value are
/// not part of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    values: Vec<Option<Arc<str>>>,
    groups: BTreeMap<Arc<str>, Posting>,
    documents: RoaringBitmap,
    /// Documents that have further values, which are not kept here.
    further: RoaringBitmap,
}

impl Column {
    /// The column of `field`.
    pub(super) fn of(field: &Field) -> Self {
        let mut values: Vec<Option<Arc<str>>> = Vec::new();
        let mut column = Self::default();
        field.each_value(|value, posting| {
            let value: Arc<str> = Arc::from(value);
            for id in posting.as_set().iter() {
                let place = place(&mut values, id);
                if place.is_some() {
                    column.further.insert(id);
                }
                if place.as_ref().is_none_or(|smallest| value < *smallest) {
                    *place = Some(Arc::clone(&value));
                }
            }
        });
        for (id, value) in (0u32..).zip(values) {
            if let Some(value) = value {
                column.put(id, value);
            }
        }
        column
    }

    /// Puts a document under the smallest of its values.
    pub(super) fn insert<'a>(&mut self, id: u32, mut values: impl Iterator<Item = &'a str>) {
        let Some(first) = values.next() else { return };
        let mut smallest = first;
        for further in values {
            self.further.insert(id);
            smallest = smallest.min(further);
        }
        self.put(id, Arc::from(smallest));
    }

    fn put(&mut self, id: u32, value: Arc<str>) {
        let value = match self.groups.get_key_value(&value) {
            Some((shared, _)) => Arc::clone(shared),
            None => value,
        };
        *place(&mut self.values, id) = Some(Arc::clone(&value));
        self.documents.insert(id);
        self.groups
            .entry(value)
            .and_modify(|posting| posting.insert(id))
            .or_insert(Posting::of(id));
    }

    /// Takes a document out.
    pub(super) fn remove(&mut self, id: u32) {
        let Some(value) = self.values.get_mut(id as usize).and_then(Option::take) else {
            return;
        };
        self.documents.remove(id);
        self.further.remove(id);
        if self
            .groups
            .get_mut(&value)
            .is_some_and(|posting| posting.remove(id))
        {
            self.groups.remove(&value);
        }
    }

    /// Every document that has a value.
    pub(crate) fn documents(&self) -> &RoaringBitmap {
        &self.documents
    }

    /// What a document is sorted by.
    pub(crate) fn value(&self, id: u32) -> Option<&str> {
        self.values.get(id as usize)?.as_deref()
    }

    /// Whether no document has values beside the one that it is sorted by.
    pub(crate) fn is_complete(&self) -> bool {
        self.further.is_empty()
    }

    /// The values in order, each with its documents.
    pub(crate) fn groups(&self) -> &BTreeMap<Arc<str>, Posting> {
        &self.groups
    }
}

fn place(values: &mut Vec<Option<Arc<str>>>, id: u32) -> &mut Option<Arc<str>> {
    let index = id as usize;
    if index >= values.len() {
        values.resize(index + 1, None);
    }
    &mut values[index]
}
