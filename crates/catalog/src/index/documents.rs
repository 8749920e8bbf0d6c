//! The entities themselves, under dense numbers that are used again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use roaring::RoaringBitmap;
use uuid::Uuid;

/// One final entity.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Its reference: the default order, and the last word in every other.
    pub(crate) entity_ref: Arc<str>,
    /// Its id.
    pub(crate) uid: Uuid,
    /// The entity as compact JSON, sent as it is.
    pub(crate) json: Bytes,
}

/// Every document by number, reference and uid.
#[derive(Debug, Default)]
pub(super) struct Documents {
    slots: Vec<Option<Document>>,
    free: Vec<u32>,
    live: RoaringBitmap,
    by_ref: BTreeMap<Arc<str>, u32>,
    by_uid: HashMap<Uuid, u32>,
}

impl Documents {
    pub(super) fn get(&self, id: u32) -> Option<&Document> {
        self.slots.get(id as usize)?.as_ref()
    }

    pub(super) fn id_of(&self, entity_ref: &str) -> Option<u32> {
        self.by_ref.get(entity_ref).copied()
    }

    pub(super) fn id_of_uid(&self, uid: &Uuid) -> Option<u32> {
        self.by_uid.get(uid).copied()
    }

    pub(super) fn live(&self) -> &RoaringBitmap {
        &self.live
    }

    pub(super) fn by_ref(&self) -> &BTreeMap<Arc<str>, u32> {
        &self.by_ref
    }

    /// Stores a document under the number that its reference has, or a free one.
    pub(super) fn put(&mut self, document: Document) -> u32 {
        let entity_ref = Arc::clone(&document.entity_ref);
        let id = self
            .id_of(&entity_ref)
            .unwrap_or_else(|| self.free.pop().unwrap_or_else(|| self.new_slot()));
        if let Some(former) = self.get(id)
            && former.uid != document.uid
        {
            let former = former.uid;
            self.forget_uid(former, id);
        }
        self.by_uid.insert(document.uid, id);
        self.live.insert(id);
        self.by_ref.insert(entity_ref, id);
        self.slots[id as usize] = Some(document);
        id
    }

    /// Removes a document and frees its number.
    pub(super) fn remove(&mut self, id: u32) {
        let Some(document) = self.slots.get_mut(id as usize).and_then(Option::take) else {
            return;
        };
        self.by_ref.remove(&document.entity_ref);
        self.forget_uid(document.uid, id);
        self.live.remove(id);
        self.free.push(id);
    }

    /// A uid may have moved on to another reference, whose entry stays.
    fn forget_uid(&mut self, uid: Uuid, id: u32) {
        if self.by_uid.get(&uid) == Some(&id) {
            self.by_uid.remove(&uid);
        }
    }

    fn new_slot(&mut self) -> u32 {
        self.slots.push(None);
        u32::try_from(self.slots.len() - 1)
            .expect("four thousand million entities do not fit into memory")
    }
}
