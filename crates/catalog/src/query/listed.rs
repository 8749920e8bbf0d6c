//! A long list that is fetched piece by piece, while the catalog goes on changing.

use bytes::Bytes;
use roaring::RoaringBitmap;
use uuid::Uuid;

use super::shown::Lens;
use super::view::Asked;
use crate::index::{Index, Json, SharedIndex};

/// Which entities a list has, in order, as they were when it was asked for.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Numbers are used again, so that each goes with the id of the entity that had it.
    entities: Vec<(u32, Uuid)>,
    /// What they have to match, also when they are fetched.
    asked: Asked,
    matches: RoaringBitmap,
    /// The last change that `matches` has.
    changed: u64,
    /// How many were fetched.
    fetched: usize,
    lens: Lens,
}

impl Listed {
    pub(super) fn new(
        index: &Index,
        ids: &[u32],
        (asked, lens): (Asked, Lens),
        matches: RoaringBitmap,
    ) -> Self {
        let entities = ids.iter().filter_map(|id| Some((*id, index.uid(*id)?)));
        Self {
            entities: entities.collect(),
            changed: asked.changed(index),
            asked,
            matches,
            fetched: 0,
            lens,
        }
    }

    /// How many entities it has, unless some go meanwhile.
    pub(crate) fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether all were fetched.
    pub(crate) fn is_done(&self) -> bool {
        self.fetched == self.entities.len()
    }

    /// The next `count` entities, without those that are gone or that do not match any more.
    pub(crate) fn fetch(&mut self, shared: &SharedIndex, count: usize) -> Vec<Bytes> {
        let end = self.fetched.saturating_add(count).min(self.entities.len());
        let piece = self.fetched..end;
        self.fetched = end;
        let index = shared.read();
        let changed = self.asked.changed(&index);
        if changed != self.changed {
            self.matches = self.asked.evaluate(&index).into_owned();
            self.changed = changed;
        }
        let entities = self.entities[piece].iter();
        let same = entities
            .filter(|(id, uid)| self.matches.contains(*id) && index.uid(*id).as_ref() == Some(uid));
        let found: Vec<Json> = same.filter_map(|(id, _)| index.json(*id)).collect();
        drop(index);
        found
            .into_iter()
            .map(|json| self.lens.show_of_many(json))
            .collect()
    }
}
