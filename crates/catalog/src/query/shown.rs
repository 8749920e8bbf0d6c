//! Entities on their way from the index to their reader.

use std::sync::Arc;

use bytes::Bytes;
use roaring::RoaringBitmap;

use super::relations;
use super::view::View;
use crate::index::{Json, SharedIndex};

/// Turns entities into what one caller sees of them.
#[derive(Clone, Debug)]
pub(super) enum Lens {
    /// They are seen as they are.
    Clear,
    /// Relations lead only to who is in a view.
    Narrow {
        index: Arc<SharedIndex>,
        view: View,
        /// Who is in it, as of which change of the index.
        entities: Option<(u64, Arc<RoaringBitmap>)>,
    },
}

impl Lens {
    pub(super) fn new(index: &Arc<SharedIndex>, view: &View) -> Self {
        if view.is_whole() {
            return Self::Clear;
        }
        Self::Narrow {
            index: Arc::clone(index),
            view: view.clone(),
            entities: None,
        }
    }

    /// What is seen of an entity; to be called without holding the index.
    ///
    /// It was found a moment ago, when documents that are packed could not be read. So who is in the view is asked now,
    /// and all of the answer under one lock: numbers of documents are used again.
    pub(super) fn show(&mut self, json: Bytes) -> Bytes {
        let Self::Narrow {
            index,
            view,
            entities: known,
        } = self
        else {
            return json;
        };
        let index = index.read();
        let now = index.generation();
        let entities = match known {
            Some((of, entities)) if *of == now => entities,
            _ => {
                let entities = view.entities(&index);
                &mut known.insert((now, entities)).1
            }
        };
        let is_seen = |target: &str| index.id_of(target).is_some_and(|id| entities.contains(id));
        relations::cut(&json, is_seen).unwrap_or_else(|| {
            tracing::error!("an entity in memory is not JSON");
            Bytes::from_static(b"null")
        })
    }
}

/// Entities that were found, to be unpacked as they are sent.
#[derive(Clone, Debug)]
pub(crate) struct Entities {
    found: std::vec::IntoIter<Option<Json>>,
    lens: Lens,
}

impl Entities {
    pub(super) fn new(found: Vec<Option<Json>>, lens: Lens) -> Self {
        Self {
            found: found.into_iter(),
            lens,
        }
    }

    /// Entities that are seen as they are.
    #[cfg(test)]
    pub(crate) fn clear(found: Vec<Option<Json>>) -> Self {
        Self::new(found, Lens::Clear)
    }

    /// Whether what is seen of them depends on what the catalog is like when they are unpacked.
    pub(crate) fn is_fleeting(&self) -> bool {
        matches!(self.lens, Lens::Narrow { .. })
    }
}

/// `None` where nobody was found.
impl Iterator for Entities {
    type Item = Option<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.found.next()?;
        Some(found.map(|json| self.lens.show(json.bytes())))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.found.size_hint()
    }
}

impl ExactSizeIterator for Entities {}
