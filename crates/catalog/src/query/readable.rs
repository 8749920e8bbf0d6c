//! The index as one caller sees it: the only way from a route to an entity.

use std::sync::Arc;

use bytes::Bytes;
use callboard_auth::Permit;
use callboard_http::Validator;
use callboard_model::Result;
use uuid::Uuid;

use super::expression::Expression;
use super::facet_cache::FacetCache;
use super::facets::{FacetCounts, facets};
use super::filter::Filter;
use super::listing::{Listing, Page};
use super::order::OrderField;
use super::select::{Span, by_fields, by_ref};
use super::{Direction, FieldOrder};
use crate::index::{Index, Json, SharedIndex};
use crate::permissions::ReadEntity;

/// Another version of the program may answer in other words.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a caller may see. Each question holds the index's lock while it is worked out and no longer.
#[derive(Debug)]
pub(crate) struct Readable<'a> {
    index: &'a SharedIndex,
    /// True for the entities that the caller may see.
    visible: Expression,
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
    /// What the holder of `permit` may see.
    pub(crate) fn new(index: &'a SharedIndex, _permit: Permit<ReadEntity>) -> Self {
        Self {
            index,
            visible: Expression::EVERYTHING,
        }
    }

    /// The validator of the answer to `question`, and the generation of the index that it holds for.
    pub(crate) fn validator(&self, question: &str) -> (Validator, u64) {
        let index = self.index.read();
        let content = (VERSION, index.fingerprint(), &self.visible, question);
        (Validator::of(content), index.generation())
    }

    /// A page with cursors.
    pub(crate) fn page(&self, listing: &Listing) -> Result<Page<Bytes>> {
        let page = listing.page(&self.index.read(), &self.visible)?;
        Ok(page.map(Json::bytes))
    }

    /// Counts values among the entities that match.
    pub(crate) fn facets(
        &self,
        names: Vec<String>,
        condition: Option<Expression>,
        cache: &FacetCache,
    ) -> Arc<Vec<FacetCounts>> {
        let index = self.index.read();
        let asked = (names, self.narrowed(condition));
        let changed = asked
            .0
            .iter()
            .map(|name| index.changed(&name.to_lowercase()));
        let newest = changed.chain([asked.1.changed(&index)]).max();
        cache.get_or_count(newest.unwrap_or_default(), asked, |(names, expression)| {
            facets(&index, names, expression)
        })
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
        if self.visible == Expression::EVERYTHING {
            return true;
        }
        let index = self.index.read();
        index.id_of(entity_ref).is_some_and(|id| {
            index.uid(id).is_some_and(|known| known.to_string() == uid)
                && self.visible.evaluate(&index).contains(id)
        })
    }

    /// The reference of the entity with this id.
    pub(crate) fn ref_of_uid(&self, uid: &Uuid) -> Option<String> {
        let index = self.index.read();
        let id = index.id_of_uid(uid)?;
        Some(index.entity_ref(id).to_owned())
    }

    /// The entities with these references, in this order, where they exist and match.
    pub(crate) fn by_refs(
        &self,
        refs: &[String],
        condition: Option<Expression>,
    ) -> Vec<Option<Bytes>> {
        let index = self.index.read();
        let expression = self.narrowed(condition);
        let matches = expression.evaluate(&index);
        let found = refs.iter().map(|entity_ref| {
            let id = index
                .id_of(&entity_ref.to_lowercase())
                .filter(|id| matches.contains(*id))?;
            index.json(id)
        });
        let found: Vec<_> = found.collect();
        drop(matches);
        drop(index);
        let found = found.into_iter();
        found.map(|json| json.map(Json::bytes)).collect()
    }

    /// A part of the plain list, and whether more follows.
    pub(crate) fn slice(&self, slice: &Slice) -> (Vec<Bytes>, bool) {
        let index = self.index.read();
        let expression = self.narrowed(slice.filter.as_ref().map(Filter::expression));
        let matches = expression.evaluate(&index);
        let limit = slice.limit.unwrap_or(usize::MAX);
        // One more tells whether more follows.
        let count = slice.offset.saturating_add(limit).saturating_add(1);
        let mut ids = if slice.orders.is_empty() {
            let kind = expression.kind();
            by_ref(
                &index,
                &matches,
                Span {
                    direction: Direction::Asc,
                    after: None,
                    count,
                    kind,
                },
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
        let found: Vec<_> = ids.iter().filter_map(|id| index.json(*id)).collect();
        drop(matches);
        drop(index);
        (found.into_iter().map(Json::bytes).collect(), more)
    }

    fn narrowed(&self, condition: Option<Expression>) -> Expression {
        match condition {
            None => self.visible.clone(),
            Some(condition) if self.visible == Expression::EVERYTHING => condition,
            Some(condition) => Expression::All(vec![condition, self.visible.clone()]),
        }
    }

    fn seen(&self, find: impl FnOnce(&Index) -> Option<u32>) -> Option<Bytes> {
        let index = self.index.read();
        let id = find(&index)?;
        if !self.visible.evaluate(&index).contains(id) {
            return None;
        }
        let json = index.json(id)?;
        drop(index);
        Some(json.bytes())
    }
}
