//! The entities themselves, under dense numbers that are used again.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use rayon::prelude::*;
use roaring::RoaringBitmap;
use uuid::Uuid;

use super::order::Order;
use super::packing::{Json, Packed, Packing, Version};
use super::pairs::Pairs;
use super::texts::{At, Texts};

/// One final entity to be stored.
#[derive(Debug)]
pub(super) struct Document {
    /// Its id.
    pub(super) uid: Uuid,
    /// The entity as compact JSON.
    pub(super) json: Stored,
}

/// JSON as it lies in memory.
#[derive(Clone, Debug, Default)]
pub(super) enum Stored {
    /// The number is free.
    #[default]
    Nothing,
    /// Sent as it is.
    Plain(Bytes),
    /// Packed with the dictionary of all.
    Packed(Box<[u8]>),
}

/// Every document by number, reference and uid.
#[derive(Debug, Default)]
pub(super) struct Documents {
    hasher: RandomState,
    json: Vec<Stored>,
    /// How often each number got another document.
    versions: Vec<u32>,
    uids: Vec<Uuid>,
    refs: Vec<At>,
    texts: Texts,
    free: Vec<u32>,
    live: RoaringBitmap,
    by_ref: Pairs,
    by_uid: Pairs,
    /// Made when somebody first asks for it.
    order: OnceLock<Order>,
    packing: Option<Arc<Packing>>,
    /// Bytes of JSON that is not packed.
    plain: usize,
}

impl Documents {
    /// The JSON of a document.
    pub(super) fn json(&self, id: u32) -> Option<Json> {
        match self.json.get(id as usize)? {
            Stored::Nothing => None,
            Stored::Plain(bytes) => Some(Json::Plain(bytes.clone())),
            Stored::Packed(packed) => {
                let packing = self.packing.as_ref()?;
                let version = self.version(id)?;
                Some(match packing.recent(version) {
                    Some(plain) => Json::Plain(plain),
                    None => Json::Packed(Packed {
                        bytes: packed.clone(),
                        version,
                        packing: Arc::clone(packing),
                    }),
                })
            }
        }
    }

    /// The version of a document that is there.
    pub(super) fn version(&self, id: u32) -> Option<Version> {
        Some((id, *self.versions.get(id as usize)?))
    }

    /// The JSON of a document that is not packed.
    pub(super) fn plain_json(&self, id: u32) -> Option<&Bytes> {
        match self.json.get(id as usize)? {
            Stored::Plain(bytes) => Some(bytes),
            Stored::Nothing | Stored::Packed(_) => None,
        }
    }

    /// Keeps a document's packed form, unless the document has changed meanwhile.
    pub(super) fn replace_plain(&mut self, id: u32, plain: &Bytes, packed: Box<[u8]>) {
        let is_same = |kept: &Bytes| kept.as_ptr() == plain.as_ptr();
        if self.plain_json(id).is_some_and(is_same) {
            self.plain -= plain.len();
            self.json[id as usize] = Stored::Packed(packed);
        }
    }

    pub(super) fn packing(&self) -> Option<&Arc<Packing>> {
        self.packing.as_ref()
    }

    pub(super) fn set_packing(&mut self, packing: Arc<Packing>) {
        self.packing = Some(packing);
    }

    pub(super) fn plain_bytes(&self) -> usize {
        self.plain
    }

    /// Numbers are smaller than this.
    pub(super) fn numbers(&self) -> u32 {
        u32::try_from(self.json.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn uid(&self, id: u32) -> Option<Uuid> {
        self.uids.get(id as usize).copied()
    }

    pub(super) fn entity_ref(&self, id: u32) -> &str {
        self.refs
            .get(id as usize)
            .map_or("", |at| self.texts.get(*at))
    }

    pub(super) fn id_of(&self, entity_ref: &str) -> Option<u32> {
        let mut candidates = self.by_ref.documents(self.hasher.hash_one(entity_ref));
        candidates.find(|id| self.entity_ref(*id) == entity_ref)
    }

    pub(super) fn id_of_uid(&self, uid: &Uuid) -> Option<u32> {
        let mut candidates = self.by_uid.documents(self.hasher.hash_one(uid));
        candidates.find(|id| self.uids[*id as usize] == *uid)
    }

    pub(super) fn live(&self) -> &RoaringBitmap {
        &self.live
    }

    /// The documents in the order of references.
    pub(super) fn order(&self) -> &Order {
        self.order.get_or_init(|| {
            let mut ids: Vec<u32> = self.live.iter().collect();
            ids.par_sort_unstable_by(|left, right| {
                self.entity_ref(*left).cmp(self.entity_ref(*right))
            });
            Order::of_sorted(&ids)
        })
    }

    /// Stores a document under the number that its reference has, or a free one.
    pub(super) fn put(&mut self, entity_ref: &str, document: Document) -> u32 {
        let id = match self.id_of(entity_ref) {
            Some(id) => {
                self.forget_uid(id);
                self.forget_json(id);
                id
            }
            None => self.add(entity_ref),
        };
        self.take_uid(document.uid, id);
        if let Stored::Plain(bytes) = &document.json {
            self.plain += bytes.len();
        }
        self.json[id as usize] = document.json;
        id
    }

    fn add(&mut self, entity_ref: &str) -> u32 {
        let id = self.free.pop().unwrap_or_else(|| self.new_slot());
        self.refs[id as usize] = self.texts.add(entity_ref, id);
        self.by_ref.insert(self.hasher.hash_one(entity_ref), id);
        self.live.insert(id);
        if let Some(mut order) = self.order.take() {
            order.insert(id, |other| self.entity_ref(other).cmp(entity_ref));
            self.order = OnceLock::from(order);
        }
        id
    }

    /// Removes a document and frees its number.
    pub(super) fn remove(&mut self, id: u32) {
        if !self.live.remove(id) {
            return;
        }
        if let Some(mut order) = self.order.take() {
            let entity_ref = self.entity_ref(id);
            order.remove(id, |other| self.entity_ref(other).cmp(entity_ref));
            self.order = OnceLock::from(order);
        }
        self.by_ref
            .remove(self.hasher.hash_one(self.entity_ref(id)), id);
        self.forget_uid(id);
        self.forget_json(id);
        self.texts.give_up(self.refs[id as usize]);
        self.refs[id as usize] = At::NOWHERE;
        self.free.push(id);
        if self.texts.is_wasteful() {
            self.tidy();
        }
    }

    fn tidy(&mut self) {
        let mut texts = Texts::default();
        for id in &self.live {
            let at = &mut self.refs[id as usize];
            *at = texts.add(self.texts.get(*at), id);
        }
        self.texts = texts;
    }

    /// The newest document with a uid is the one that is found by it.
    fn take_uid(&mut self, uid: Uuid, id: u32) {
        if let Some(former) = self.id_of_uid(&uid) {
            self.forget_uid(former);
        }
        self.uids[id as usize] = uid;
        self.by_uid.insert(self.hasher.hash_one(uid), id);
    }

    fn forget_uid(&mut self, id: u32) {
        let uid = self.uids[id as usize];
        self.by_uid.remove(self.hasher.hash_one(uid), id);
    }

    fn forget_json(&mut self, id: u32) {
        let version = &mut self.versions[id as usize];
        *version = version.wrapping_add(1);
        if let Stored::Plain(bytes) = std::mem::take(&mut self.json[id as usize]) {
            self.plain -= bytes.len();
        }
    }

    fn new_slot(&mut self) -> u32 {
        self.json.push(Stored::Nothing);
        self.versions.push(0);
        self.uids.push(Uuid::nil());
        self.refs.push(At::NOWHERE);
        u32::try_from(self.json.len() - 1)
            .expect("four thousand million entities do not fit into memory")
    }

    /// How the reference of a document stands to another text.
    pub(super) fn compare(&self, id: u32, entity_ref: &str) -> Ordering {
        self.entity_ref(id).cmp(entity_ref)
    }
}
