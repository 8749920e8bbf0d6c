//! The index as one caller sees it: the only way from a route to an entity.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use callboard_auth::{Extent, Scope};
use callboard_model::{Error, Result};
use roaring::RoaringBitmap;
use uuid::Uuid;

use super::expression::Expression;
use super::facet_cache::FacetCache;
use super::facets::{FacetCounts, changed, facets, facets_apart};
use super::filter::Filter;
use super::listed::Listed;
use super::listing::{Listing, Page};
use super::order::OrderField;
use super::question::Question;
use super::select::{Span, by_fields, by_ref};
use super::shown::{Entities, Lens};
use super::view::{Asked, View};
use super::{Direction, FieldOrder};
use crate::index::{Index, MOST_COLUMNS, SharedIndex};
use crate::permissions::{ReadEntity, compile};

/// How often columns are made that others have pushed out before they were used.
const TRIES: usize = 3;

/// What a caller may see. Each question holds the index's lock while it is worked out and no longer, and entities come
/// out of here with those relations only that the caller may see.
#[derive(Debug)]
pub(crate) struct Readable<'a> {
    index: &'a Arc<SharedIndex>,
    view: View,
}

/// A part of the plain list of entities.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slice {
    /// What they have to match.
    pub(crate) filter: Option<Filter>,
    /// What they are sorted by, before their reference.
    pub(crate) orders: Vec<OrderField>,
    /// How many to leave out at the start.
    pub(crate) offset: usize,
    /// The most to answer.
    pub(crate) limit: Option<usize>,
}

impl<'a> Readable<'a> {
    /// What the holder of `scope` may see.
    ///
    /// # Errors
    /// `Internal`, when a policy made conditions that cannot be understood.
    pub(crate) fn new(index: &'a Arc<SharedIndex>, scope: &Scope<ReadEntity>) -> Result<Self> {
        let visible = match scope.extent() {
            Extent::All => Expression::EVERYTHING,
            Extent::Nothing => Expression::NOTHING,
            Extent::Like(conditions) => compile(conditions).map_err(|error| {
                Error::internal("policy-conditions", "while applying a policy").source(error)
            })?,
        };
        let view = View::new(visible);
        Ok(Self { index, view })
    }

    /// A question that this caller asks now, by its address.
    pub(crate) fn question(&self, address: String) -> Question {
        let index = self.index.read();
        Question {
            address,
            view: self.view.clone(),
            identity: index.identity(),
            fingerprint: index.fingerprint(),
        }
    }

    /// Makes the columns that a page needs, beside the requests of others.
    pub(crate) async fn gather_for_page(&self, listing: &Listing) -> Result<()> {
        listing.asked(&self.view)?;
        self.gather(listing.keys()).await
    }

    /// Makes the columns that a slice needs, beside the requests of others.
    pub(crate) async fn gather_for_slice(&self, slice: &Slice) -> Result<()> {
        let mut keys = self.asked_of(slice)?.searched();
        keys.extend(slice.orders.iter().map(OrderField::key));
        self.gather(keys).await
    }

    /// Makes the columns that a condition needs, beside the requests of others.
    pub(crate) async fn gather_for(&self, condition: Option<&Expression>) -> Result<()> {
        self.gather(self.asked(condition.cloned())?.searched())
            .await
    }

    /// Makes the columns that are made of documents, which the question would read while it holds the index otherwise.
    async fn gather(&self, keys: BTreeSet<String>) -> Result<()> {
        for _ in 0..TRIES {
            let (hashed, lacking) = self.made_of_documents(&keys);
            if hashed > MOST_COLUMNS {
                let message = format!(
                    "more than {MOST_COLUMNS} fields are sorted by or looked into that have another value in nearly every entity"
                );
                return Err(Error::invalid("too-many-fields", message).hint("ask for fewer fields"));
            }
            if lacking.is_empty() {
                break;
            }
            let gather = move |index: &SharedIndex| {
                for key in &lacking {
                    index.gather(key);
                }
            };
            self.index.apart(gather).await?;
        }
        Ok(())
    }

    /// How many columns are made of documents, and the keys of those that are not there.
    fn made_of_documents(&self, keys: &BTreeSet<String>) -> (usize, Vec<String>) {
        let index = self.index.read();
        let hashed = keys.iter().filter(|key| index.is_hashed(key));
        let lacking = keys.iter().filter(|key| index.lacks_column(key));
        (hashed.count(), lacking.cloned().collect())
    }

    /// A page with cursors.
    pub(crate) fn page(&self, listing: &Listing) -> Result<Page> {
        let asked = listing.asked(&self.view)?;
        listing.page(&self.index.read(), &asked, self.lens())
    }

    /// Counts values among the entities that match: at once, or beside the requests of others when documents have to
    /// be read.
    pub(crate) async fn facets(
        &self,
        names: Vec<String>,
        condition: Option<Expression>,
        cache: &Arc<FacetCache>,
    ) -> Result<Arc<Vec<FacetCounts>>> {
        self.gather_for(condition.as_ref()).await?;
        let asked = (names, self.asked(condition)?);
        let since = {
            let index = self.index.read();
            let now = changed(&index, &asked);
            if let Some(counts) = cache.get(&asked, now) {
                return Ok(counts);
            }
            if let Some(counts) = facets(&index, &asked) {
                return Ok(cache.keep(asked, now, counts));
            }
            now
        };
        let cache = Arc::clone(cache);
        let count = move |index: &SharedIndex| {
            // Whoever had to wait may find what another has counted meanwhile.
            cache.get(&asked, since).unwrap_or_else(|| {
                let now = changed(&index.read(), &asked);
                let counts = facets_apart(index, &asked);
                cache.keep(asked, now, counts)
            })
        };
        self.index.apart(count).await
    }

    /// The entity with this reference in lower case.
    pub(crate) fn by_ref(&self, entity_ref: &str) -> Option<Bytes> {
        self.seen(|index| index.id_of(entity_ref))
    }

    /// The entity with this id.
    pub(crate) fn by_uid(&self, uid: &Uuid) -> Option<Bytes> {
        self.seen(|index| index.id_of_uid(uid))
    }

    /// Whether the caller may see what happened to an entity: whoever may see the entity may. What is gone can no
    /// longer be asked whether it matches, so only those see it who may see everything.
    pub(crate) fn history_of(&self, entity_ref: &str, uid: &str) -> bool {
        if self.view.is_whole() {
            return true;
        }
        let index = self.index.read();
        index.id_of(entity_ref).is_some_and(|id| {
            index.uid(id).is_some_and(|known| known.to_string() == uid) && self.view.has(&index, id)
        })
    }

    /// Whether the caller may see everything.
    pub(crate) fn is_whole(&self) -> bool {
        self.view.is_whole()
    }

    /// Those of `refs`, in any case, that the caller may see.
    pub(crate) fn seen_among(&self, mut refs: HashSet<String>) -> HashSet<String> {
        let index = self.index.read();
        let entities = self.view.entities(&index);
        refs.retain(|entity_ref| {
            let id = index.id_of(&entity_ref.to_lowercase());
            id.is_some_and(|id| entities.contains(id))
        });
        refs
    }

    /// The reference of the entity with this id.
    pub(crate) fn ref_of_uid(&self, uid: &Uuid) -> Option<String> {
        let index = self.index.read();
        let id = index.id_of_uid(uid)?;
        Some(index.entity_ref(id).to_owned())
    }

    /// For each of these references, whether the entity exists, may be seen, and matches what the caller asks.
    pub(crate) fn matching(&self, refs: &[&str], condition: Expression) -> Result<Vec<bool>> {
        let asked = self.asked(Some(condition))?;
        let index = self.index.read();
        Ok(self.among(&index, refs, &asked.evaluate(&index)))
    }

    /// The same where the policy asks: its conditions know all relations, also such as the caller does not see.
    pub(crate) fn matching_for_policy(&self, refs: &[&str], condition: &Expression) -> Vec<bool> {
        let index = self.index.read();
        self.among(&index, refs, &condition.evaluate(&index))
    }

    /// The entities that match what the caller asks: how many there are, and the references of the first `most`.
    pub(crate) fn first(
        &self,
        condition: Option<Expression>,
        most: usize,
    ) -> Result<(u64, Vec<String>)> {
        let asked = self.asked(condition)?;
        let index = self.index.read();
        let matches = asked.evaluate(&index);
        let span = Span {
            direction: Direction::Asc,
            after: None,
            count: most,
            kind: asked.kind(),
        };
        let first = by_ref(&index, &matches, span, None).into_iter();
        let refs = first.map(|id| index.entity_ref(id).to_owned());
        Ok((matches.len(), refs.collect()))
    }

    fn among(&self, index: &Index, refs: &[&str], matches: &RoaringBitmap) -> Vec<bool> {
        let entities = self.view.entities(index);
        let is_match = |entity_ref: &&str| {
            let id = index.id_of(&entity_ref.to_lowercase());
            id.is_some_and(|id| matches.contains(id) && entities.contains(id))
        };
        refs.iter().map(is_match).collect()
    }

    /// The entities with these references, in this order, where they exist and match.
    pub(crate) fn by_refs(
        &self,
        refs: &[String],
        condition: Option<Expression>,
    ) -> Result<Entities> {
        let asked = self.asked(condition)?;
        let index = self.index.read();
        let matches = asked.evaluate(&index);
        let found = refs.iter().map(|entity_ref| {
            let id = index
                .id_of(&entity_ref.to_lowercase())
                .filter(|id| matches.contains(*id))?;
            index.document(id)
        });
        Ok(Entities::new(found.collect(), self.lens()))
    }

    /// A part of the plain list, to be fetched, and whether more follows.
    pub(crate) fn slice(&self, slice: &Slice) -> Result<(Listed, bool)> {
        let asked = self.asked_of(slice)?;
        let index = self.index.read();
        let matches = asked.evaluate(&index);
        let limit = slice.limit.unwrap_or(usize::MAX);
        // One more tells whether more follows.
        let count = slice.offset.saturating_add(limit).saturating_add(1);
        let mut ids = if slice.orders.is_empty() {
            let kind = asked.kind();
            by_ref(
                &index,
                &matches,
                Span {
                    direction: Direction::Asc,
                    after: None,
                    count,
                    kind,
                },
                None,
            )
        } else {
            let orders: Vec<FieldOrder> = slice
                .orders
                .iter()
                .map(|order| (index.column(&order.key()), order.order))
                .collect();
            by_fields(&index, &orders, &matches, count)
        };
        ids.drain(..slice.offset.min(ids.len()));
        let more = ids.len() > limit;
        ids.truncate(limit);
        let matches = matches.into_owned();
        let listed = Listed::new(&index, &ids, (asked, self.lens()), matches);
        Ok((listed, more))
    }

    fn asked(&self, condition: Option<Expression>) -> Result<Asked> {
        Asked::new(condition, &self.view)
    }

    fn asked_of(&self, slice: &Slice) -> Result<Asked> {
        let keys: Vec<String> = slice.orders.iter().map(OrderField::key).collect();
        self.view.check(&keys)?;
        self.asked(slice.filter.as_ref().map(Filter::expression))
    }

    fn lens(&self) -> Lens {
        Lens::new(self.index, &self.view)
    }

    fn seen(&self, find: impl FnOnce(&Index) -> Option<u32>) -> Option<Bytes> {
        let index = self.index.read();
        let id = find(&index)?;
        if !self.view.has(&index, id) {
            return None;
        }
        let document = index.document(id)?;
        drop(index);
        Some(self.lens().show(document))
    }
}
