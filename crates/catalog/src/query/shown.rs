//! Entities on their way from the index to their reader.

use std::sync::Arc;

use bytes::Bytes;
use roaring::RoaringBitmap;

use super::view::View;
use super::{relations, seen_etag};
use crate::index::{Index, Json, SharedIndex, Version};

/// Turns entities into what one caller sees of them.
#[derive(Clone, Debug)]
pub(super) enum Lens {
    /// They are seen as they are.
    Clear,
    /// Relations lead only to who is in a view.
    Narrow {
        index: Arc<SharedIndex>,
        view: View,
        /// Who is in it.
        entities: AsOf,
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
    pub(super) fn show(&mut self, (version, json): (Version, Json)) -> Bytes {
        let Self::Narrow {
            index,
            view,
            entities,
        } = self
        else {
            return json.bytes();
        };
        let now = as_of_now(entities, view, &index.read());
        if let Some(seen) = index.seen().get(&now, version) {
            return seen;
        }
        let (seen, by) = see(&json.bytes(), index, view, entities);
        index.seen().keep(&by, version, seen.clone());
        seen
    }

    /// The same of one of many, which says nothing about what will be asked for next.
    pub(super) fn show_of_many(&mut self, json: Json) -> Bytes {
        match self {
            Self::Clear => json.bytes_of_many(),
            Self::Narrow {
                index,
                view,
                entities,
            } => see(&json.bytes_of_many(), index, view, entities).0,
        }
    }
}

/// Who is in a view, as of which change of the index.
type AsOf = Option<(u64, Arc<RoaringBitmap>)>;

/// Who is in `view` now; `known` is who was.
fn as_of_now(known: &mut AsOf, view: &View, index: &Index) -> Arc<RoaringBitmap> {
    let now = index.generation();
    match known {
        Some((of, entities)) if *of == now => Arc::clone(entities),
        _ => {
            let entities = view.entities(index);
            *known = Some((now, Arc::clone(&entities)));
            entities
        }
    }
}

/// What is seen of an entity, and who was in the view then.
///
/// It was found a moment ago, when documents that are packed could not be read. So who is in the view is asked now, and
/// all of the answer under one lock: numbers of documents are used again.
fn see(
    json: &Bytes,
    index: &SharedIndex,
    view: &View,
    known: &mut AsOf,
) -> (Bytes, Arc<RoaringBitmap>) {
    let index = index.read();
    let entities = as_of_now(known, view, &index);
    let is_seen = |target: &str| index.id_of(target).is_some_and(|id| entities.contains(id));
    let seen = relations::cut(json, is_seen);
    drop(index);
    let seen = seen.map_or_else(
        || {
            tracing::error!("an entity in memory is not JSON");
            Bytes::from_static(b"null")
        },
        seen_etag::renew,
    );
    (seen, entities)
}

/// Entities that were found, to be unpacked as they are sent.
#[derive(Clone, Debug)]
pub(crate) struct Entities {
    found: std::vec::IntoIter<Option<(Version, Json)>>,
    lens: Lens,
}

impl Entities {
    pub(super) fn new(found: Vec<Option<(Version, Json)>>, lens: Lens) -> Self {
        Self {
            found: found.into_iter(),
            lens,
        }
    }

    /// Entities that are seen as they are.
    #[cfg(test)]
    pub(crate) fn clear(found: Vec<Option<Json>>) -> Self {
        let unversioned = |json| ((0, 0), json);
        let found = found.into_iter().map(|json| json.map(unversioned));
        Self::new(found.collect(), Lens::Clear)
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
        Some(found.map(|document| self.lens.show(document)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.found.size_hint()
    }
}

impl ExactSizeIterator for Entities {}
