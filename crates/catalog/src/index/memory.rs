//! The index: documents, fields and columns kept in step.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use callboard_model::EntityRef;
use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;
use roaring::RoaringBitmap;
use uuid::Uuid;

use super::column::Column;
use super::columns::Columns;
use super::documents::{Document, Documents};
use super::field::Field;
use super::fingerprint::Fingerprint;
use super::flatten::Rows;

/// One entity as the change feed tells it.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// Which entity.
    pub(crate) entity_ref: EntityRef,
    /// Its id.
    pub(crate) uid: Uuid,
    /// The final entity as compact JSON; `None` when it is gone.
    pub(crate) json: Option<Bytes>,
}

/// A change with all that can be worked out without the index.
pub(super) struct Prepared {
    entity_ref: EntityRef,
    /// Rows of the version that the index holds.
    former: Rows,
    /// What it does to the index's fingerprint.
    shift: Fingerprint,
    next: Option<(Document, Rows)>,
}

/// Every final entity and all that is known about it.
#[derive(Debug, Default)]
pub(crate) struct Index {
    documents: Documents,
    fields: HashMap<Box<str>, Field>,
    columns: Columns,
    /// Grows with every change, also with those that share a revision.
    generation: u64,
    fingerprint: Fingerprint,
}

impl Index {
    /// Applies one prepared change.
    pub(super) fn take(&mut self, change: Prepared) {
        self.generation += 1;
        self.fingerprint.add(change.shift);
        let former = self.documents.id_of(change.entity_ref.as_str());
        if let Some(id) = former {
            self.unlist(id, &change.former);
        }
        match (change.next, former) {
            (Some((document, rows)), _) => {
                let id = self.documents.put(document);
                self.list(id, &rows);
            }
            (None, Some(id)) => self.documents.remove(id),
            (None, None) => {}
        }
    }

    fn list(&mut self, id: u32, rows: &Rows) {
        for (key, value) in rows.iter() {
            match self.fields.entry_ref(key) {
                EntryRef::Occupied(mut field) => field.get_mut().insert(id, value),
                EntryRef::Vacant(place) => {
                    place.insert_with_key(key.into(), Field::new(id, value));
                }
            }
        }
        self.columns.each(|key, column| {
            column.insert(id, rows.values(key));
        });
    }

    fn unlist(&mut self, id: u32, rows: &Rows) {
        for (key, value) in rows.iter() {
            if self
                .fields
                .get_mut(key)
                .is_some_and(|field| field.remove(id, value))
            {
                self.fields.remove(key);
            }
        }
        self.columns.each(|_, column| column.remove(id));
    }

    /// Removals of every entity that is not in `visible`.
    pub(crate) fn others_than(&self, visible: &HashSet<String>) -> Vec<Change> {
        let documents = self.documents.by_ref().iter();
        let others = documents.filter(|(entity_ref, _)| !visible.contains(&***entity_ref));
        others
            .filter_map(|(entity_ref, id)| {
                Some(Change {
                    entity_ref: entity_ref.parse().ok()?,
                    uid: self.document(*id)?.uid,
                    json: None,
                })
            })
            .collect()
    }

    /// Differs whenever answers may differ.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Differs when the documents differ; the same on every replica that has the same ones.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The stored JSON of an entity.
    pub(crate) fn json(&self, entity_ref: &str) -> Option<Bytes> {
        let id = self.documents.id_of(entity_ref)?;
        self.document(id).map(|document| document.json.clone())
    }

    /// The number of the entity with this lower-cased reference.
    pub(crate) fn id_of(&self, entity_ref: &str) -> Option<u32> {
        self.documents.id_of(entity_ref)
    }

    /// The number of the entity with this id.
    pub(crate) fn id_of_uid(&self, uid: &Uuid) -> Option<u32> {
        self.documents.id_of_uid(uid)
    }

    /// A document by its number.
    pub(crate) fn document(&self, id: u32) -> Option<&Document> {
        self.documents.get(id)
    }

    /// The reference of a document.
    pub(crate) fn entity_ref(&self, id: u32) -> &str {
        self.documents
            .get(id)
            .map_or("", |document| &document.entity_ref)
    }

    /// Every document.
    pub(crate) fn live(&self) -> &RoaringBitmap {
        self.documents.live()
    }

    /// Every document in the order of references.
    pub(crate) fn by_ref(&self) -> &BTreeMap<Arc<str>, u32> {
        self.documents.by_ref()
    }

    /// The field of a lower-cased key.
    pub(crate) fn field(&self, key: &str) -> Option<&Field> {
        self.fields.get(key)
    }

    /// The sort order of a lower-cased key, made now if nobody has sorted by it yet; `None` when no
    /// entity has the key.
    pub(crate) fn column(&self, key: &str) -> Option<Arc<Column>> {
        self.columns.get_or_build(key, self.fields.get(key)?)
    }
}

impl Prepared {
    /// Flattens what a change brings and what it replaces.
    pub(super) fn new(change: Change, former: Option<Bytes>) -> Self {
        let Change {
            entity_ref,
            uid,
            json,
        } = change;
        let shift = Fingerprint::shift(former.as_ref(), json.as_ref());
        let former = former.map_or_else(Rows::default, |json| rows(&entity_ref, &json));
        let next = json.map(|json| {
            let rows = rows(&entity_ref, &json);
            (
                Document {
                    entity_ref: Arc::from(entity_ref.as_str()),
                    uid,
                    json,
                },
                rows,
            )
        });
        Self {
            entity_ref,
            former,
            shift,
            next,
        }
    }
}

fn rows(entity_ref: &EntityRef, json: &[u8]) -> Rows {
    Rows::of(json).unwrap_or_else(|error| {
        tracing::error!(%entity_ref, %error, "a stored entity cannot be searched: its JSON does not read as an entity");
        Rows::default()
    })
}
