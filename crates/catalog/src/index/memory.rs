//! The index: documents, fields and columns kept in step.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, RandomState};
use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use callboard_model::EntityRef;
use hashbrown::HashMap;
use rayon::prelude::*;
use roaring::RoaringBitmap;
use uuid::Uuid;

use super::column::{Column, Place};
use super::columns::{ColumnRef, Columns};
use super::documents::{Document, Documents, Stored};
use super::field::{Field, TRUE};
use super::fingerprint::Fingerprint;
use super::flatten::{Rows, Spelled};
use super::packing::{Json, Packing, Version};
use super::pairs::Pairs;
use super::posting::Posting;
use super::recent::Recent;

/// Documents that have a flag before it becomes a field.
const RARE_FLAG: usize = if cfg!(any(test, fuzzing)) { 2 } else { 8 };

/// What the keys of relations begin with.
pub(crate) const RELATION: &str = "relations.";
/// What the references of registered locations begin with, and what follows them all in the order of bytes.
const REGISTERED: (&str, &str) = ("location:default/generated-", "location:default/generated.");

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
    /// Rows of the version that the index holds, except those that stay.
    former: Rows,
    /// Keys that the next version has.
    keeps: HashSet<Box<str>>,
    /// What it does to the index's fingerprint.
    shift: Fingerprint,
    next: Option<(Document, Rows)>,
}

/// Every final entity and all that is known about it.
#[derive(Debug, Default)]
pub(crate) struct Index {
    documents: Documents,
    fields: HashMap<Box<str>, Kept>,
    /// Keys that are nothing but `true` on few documents each: the items of arrays.
    flags: Pairs,
    columns: Columns,
    sets: Recent<RoaringBitmap>,
    lists: Recent<[u32]>,
    hasher: RandomState,
    /// How many relations all entities have together.
    relations: u64,
    /// Grows with every change, also with those that share a revision.
    generation: u64,
    /// When a document last came or went.
    membership: u64,
    fingerprint: Fingerprint,
}

/// A field, and the generation of its last change.
#[derive(Debug)]
struct Kept {
    field: Field,
    changed: u64,
}

impl Index {
    /// Applies one prepared change.
    pub(super) fn take(&mut self, change: Prepared) {
        self.generation += 1;
        let Prepared {
            entity_ref,
            former,
            keeps,
            shift,
            next,
        } = change;
        self.fingerprint.add(shift);
        let entity_ref = entity_ref.as_str();
        let known = self.documents.id_of(entity_ref);
        let (document, rows) = next.unzip();
        if let Some(id) = known {
            for (key, value) in former.new_rows() {
                let relations = u64::from(key.starts_with(RELATION));
                self.relations = self.relations.saturating_sub(relations);
                self.unlist(id, key, value, keeps.contains(key));
            }
        }
        if known.is_some() != document.is_some() {
            self.membership = self.generation;
        }
        let id = document.map(|document| self.documents.put(entity_ref, document));
        if let (Some(id), Some(rows)) = (id, &rows) {
            for (key, value) in rows.new_rows() {
                self.relations += u64::from(key.starts_with(RELATION));
                self.list(id, key, value);
            }
        }
        if let Some(id) = id.or(known) {
            let former = known.map(|_| &former);
            self.columns
                .change(id, former, rows.as_ref(), &self.documents);
            if rows.is_none() {
                self.documents.remove(id);
            }
        }
    }

    fn list(&mut self, id: u32, key: &str, value: Option<Spelled<'_>>) {
        if let Some(Kept { field, changed }) = self.fields.get_mut(key) {
            *changed = self.generation;
            field.insert(id, value, &self.hasher);
            if field.hash(&self.hasher) {
                self.columns.forget(key);
            }
            return;
        }
        let hash = self.hasher.hash_one(key);
        let is_flag = value == Some(TRUE);
        if is_flag {
            self.flags.insert(hash, id);
        }
        let flags = self.flags.documents(hash);
        if is_flag && flags.len() <= RARE_FLAG {
            return;
        }
        let flags: Vec<u32> = flags.collect();
        for flag in &flags {
            self.flags.remove(hash, *flag);
        }
        let field = match Posting::of_sorted(&flags).map(Field::of_flags) {
            Some(field) if is_flag => field,
            Some(mut field) => {
                field.insert(id, value, &self.hasher);
                field
            }
            None => Field::new(id, value),
        };
        let changed = self.generation;
        self.fields.insert(key.into(), Kept { field, changed });
    }

    fn unlist(&mut self, id: u32, key: &str, value: Option<Spelled<'_>>, has_more: bool) {
        match self.fields.get_mut(key) {
            None => self.flags.remove(self.hasher.hash_one(key), id),
            Some(Kept { field, changed }) => {
                *changed = self.generation;
                if field.remove(id, value, has_more, &self.hasher) {
                    self.fields.remove(key);
                }
            }
        }
    }

    /// Removals of every entity that is not in `visible`.
    pub(crate) fn others_than(&self, visible: &HashSet<String>) -> Vec<Change> {
        let others = self.live().iter().filter_map(|id| {
            let entity_ref = self.entity_ref(id);
            (!visible.contains(entity_ref)).then_some(Change {
                entity_ref: entity_ref.parse().ok()?,
                uid: self.documents.uid(id)?,
                json: None,
            })
        });
        others.collect()
    }

    /// Differs whenever answers may differ.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Differs when the documents differ; the same on every replica that has the same ones.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Never the same again, here or in another process, once anything has changed.
    pub(crate) fn identity(&self) -> (u64, u64) {
        (self.hasher.hash_one("identity"), self.generation)
    }

    /// The id of an entity.
    pub(crate) fn uid(&self, id: u32) -> Option<Uuid> {
        self.documents.uid(id)
    }

    /// Grows whenever somebody gets or loses a value of a lower-cased key.
    pub(crate) fn changed(&self, key: &str) -> u64 {
        self.fields
            .get(key)
            .map_or(self.generation, |kept| kept.changed)
    }

    /// Grows whenever a document comes or goes.
    pub(crate) fn membership(&self) -> u64 {
        self.membership
    }

    /// How many relations all entities have together, each direction for itself.
    pub(crate) fn relations(&self) -> u64 {
        self.relations
    }

    /// How many locations the catalog was told to read: each has an entity with a name made of its address.
    pub(crate) fn registered_locations(&self) -> u64 {
        let (from, to) = REGISTERED;
        self.by_ref(Bound::Included(from), Bound::Excluded(to))
            .count() as u64
    }

    /// The number of the entity with this lower-cased reference.
    pub(crate) fn id_of(&self, entity_ref: &str) -> Option<u32> {
        self.documents.id_of(entity_ref)
    }

    /// The number of the entity with this id.
    pub(crate) fn id_of_uid(&self, uid: &Uuid) -> Option<u32> {
        self.documents.id_of_uid(uid)
    }

    /// The JSON of a document.
    pub(crate) fn json(&self, id: u32) -> Option<Json> {
        self.documents.json(id)
    }

    /// A document, and which version of it.
    pub(crate) fn document(&self, id: u32) -> Option<(Version, Json)> {
        Some((self.documents.version(id)?, self.documents.json(id)?))
    }

    /// The documents themselves.
    pub(super) fn documents(&self) -> &Documents {
        &self.documents
    }

    /// The sort orders that are in use.
    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The documents, to be packed.
    pub(super) fn documents_mut(&mut self) -> &mut Documents {
        &mut self.documents
    }

    /// The reference of a document.
    pub(crate) fn entity_ref(&self, id: u32) -> &str {
        self.documents.entity_ref(id)
    }

    /// Every document.
    pub(crate) fn live(&self) -> &RoaringBitmap {
        self.documents.live()
    }

    /// The documents between two references, in their order.
    pub(crate) fn by_ref(
        &self,
        start: Bound<&str>,
        end: Bound<&str>,
    ) -> impl DoubleEndedIterator<Item = u32> {
        let documents = &self.documents;
        documents.order().range(
            move |id| match start {
                Bound::Unbounded => false,
                Bound::Included(start) => documents.compare(id, start).is_lt(),
                Bound::Excluded(start) => documents.compare(id, start).is_le(),
            },
            move |id| match end {
                Bound::Unbounded => true,
                Bound::Included(end) => documents.compare(id, end).is_le(),
                Bound::Excluded(end) => documents.compare(id, end).is_lt(),
            },
        )
    }

    /// The documents between two places in the order of a column.
    pub(crate) fn by_column<'a>(
        &'a self,
        column: &'a Column,
        start: Bound<Place<'a>>,
        end: Bound<Place<'a>>,
    ) -> impl DoubleEndedIterator<Item = u32> + 'a {
        column.between(start, end, &self.documents)
    }

    /// The field of a lower-cased key, unless it is a flag that is kept aside.
    pub(crate) fn field(&self, key: &str) -> Option<&Field> {
        self.fields.get(key).map(|kept| &kept.field)
    }

    /// Adds everybody who has a lower-cased key to `target`.
    pub(crate) fn add_having(&self, key: &str, target: &mut RoaringBitmap) {
        match self.field(key) {
            Some(field) => field.add_all_to(target),
            None => target.extend(self.flags.documents(self.hasher.hash_one(key))),
        }
    }

    /// Who has a value for a key, both in lower case.
    pub(crate) fn posting(&self, key: &str, value: &str) -> Option<Cow<'_, Posting>> {
        match self.field(key) {
            Some(field) => field.posting(value, &self.hasher),
            None if value == TRUE.lower => self.flag(key).map(Cow::Owned),
            None => None,
        }
    }

    /// Who has a flag that is kept aside.
    pub(crate) fn flag(&self, key: &str) -> Option<Posting> {
        let flags: Vec<u32> = self.flags.documents(self.hasher.hash_one(key)).collect();
        Posting::of_sorted(&flags)
    }

    /// Who has a value for a key that begins with a text, all in lower case.
    pub(crate) fn beginning(&self, key: &str, text: &str) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        match self.field(key) {
            Some(field) if field.has_texts() => field.each_value(|value, posting| {
                if value.starts_with(text) {
                    posting.add_to(&mut found);
                }
            }),
            Some(_) => {
                if let Some(column) = self.column(key) {
                    found = column.beginning(text, &self.documents);
                }
            }
            None if TRUE.lower.starts_with(text) => self.add_having(key, &mut found),
            None => {}
        }
        found
    }

    /// The documents that `work_out` finds, which is called again only when `changed` grew. `name` says what they are.
    pub(crate) fn set(
        &self,
        name: impl Hash,
        changed: u64,
        work_out: impl FnOnce() -> RoaringBitmap,
    ) -> Arc<RoaringBitmap> {
        let half = |number: u8| self.hasher.hash_one((number, &name));
        self.sets
            .get_or_work_out((half(1), half(2)), changed, work_out)
    }

    /// Documents under a name in an order, as `put_in_order` has them, for as long as `changed` says that nothing changed.
    pub(crate) fn in_order(
        &self,
        name: impl Hash,
        changed: u64,
        put_in_order: impl FnOnce() -> Vec<u32>,
    ) -> Arc<[u32]> {
        let half = |number: u8| self.hasher.hash_one((number, &name));
        self.lists
            .get_or_work_out((half(1), half(2)), changed, put_in_order)
    }

    /// The values of a lower-cased key by document and in order, gathered now if nobody has asked for them yet;
    /// `None` when no entity has the key.
    pub(crate) fn column(&self, key: &str) -> Option<ColumnRef<'_>> {
        let build = || match self.field(key) {
            Some(field) if field.has_texts() => Column::of_field(field),
            Some(field) => Column::of_values(self.values(field, key)),
            None => {
                let mut flags = RoaringBitmap::new();
                self.add_having(key, &mut flags);
                let flags = flags.into_iter();
                Column::of_values(flags.map(|id| (id, vec![TRUE.lower.to_owned()])))
            }
        };
        let exists = self.fields.contains_key(key) || self.flag(key).is_some();
        exists.then(|| self.columns.get_or_build(key, build))
    }

    /// The values of a key in every document that has it, in lower case.
    fn values(&self, field: &Field, key: &str) -> Vec<(u32, Vec<String>)> {
        let mut having = RoaringBitmap::new();
        field.add_all_to(&mut having);
        self.read(&having, |rows| {
            rows.values(key).map(str::to_owned).collect()
        })
    }

    /// Reads documents anew, on all cores.
    fn read<T: Send>(
        &self,
        documents: &RoaringBitmap,
        read: impl Fn(&Rows) -> T + Sync,
    ) -> Vec<(u32, T)> {
        let ids: Vec<u32> = documents.iter().collect();
        let read = |id: &u32| {
            let rows = Rows::of(&self.json(*id)?.bytes_of_many()).ok()?;
            Some((*id, read(&rows)))
        };
        ids.par_iter().filter_map(read).collect()
    }
}

impl Prepared {
    /// Flattens what a change brings and what it replaces.
    pub(super) fn new(change: Change, former: Option<Json>, packing: Option<&Packing>) -> Self {
        let Change {
            entity_ref,
            uid,
            json,
        } = change;
        let former = former.map(Json::bytes_of_many);
        let shift = Fingerprint::shift(former.as_ref(), json.as_ref());
        let mut former = former.map_or_else(Rows::default, |json| rows(&entity_ref, &json));
        let mut keeps = HashSet::new();
        let next = json.map(|json| {
            let mut rows = rows(&entity_ref, &json);
            Rows::compare(&mut former, &mut rows);
            if former.new_rows().next().is_some() {
                keeps = rows.keys().map(Box::from).collect();
            }
            let packed = packing.and_then(|packing| packing.pack(&json));
            let json = packed.map_or(Stored::Plain(json), Stored::Packed);
            (Document { uid, json }, rows)
        });
        Self {
            entity_ref,
            former,
            keeps,
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
