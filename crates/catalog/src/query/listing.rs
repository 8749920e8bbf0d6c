//! Pages of entities with cursors to their neighbours: what by-query answers.

use std::borrow::Cow;
use std::collections::BTreeSet;

use callboard_model::Result;
use roaring::RoaringBitmap;

use super::cursor::Cursor;
use super::expression::Expression;
use super::order::Direction;
use super::predicate::Predicate;
use super::select::{Origin, Span, by_column, by_ref};
use super::shown::{Entities, Lens};
use super::view::{Asked, View};
use crate::index::{Column, Index};

/// A page of a list to be answered.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    /// The list, and the place in it.
    pub(crate) cursor: Cursor,
    /// The most entities to answer.
    pub(crate) limit: usize,
    /// Entities to leave out at the start.
    pub(crate) offset: usize,
    /// Whether to count all of them, unless the cursor knows.
    pub(crate) count: bool,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The entities, to be unpacked as they are sent.
    pub(crate) items: Entities,
    /// How many there are in all; 0 when nobody counted.
    pub(crate) total: u64,
    /// Leads to the page behind.
    pub(crate) next: Option<Cursor>,
    /// Leads to the page before.
    pub(crate) previous: Option<Cursor>,
}

/// A place as cursors keep it.
type Place = Vec<Option<String>>;

/// What a list is sorted by.
struct Order<'a> {
    index: &'a Index,
    column: Option<&'a Column>,
    kind: Option<&'a str>,
}

impl Order<'_> {
    fn place(&self, id: Option<&u32>) -> Place {
        let Some(id) = id else { return Place::new() };
        let value = self
            .column
            .map(|column| column.value(*id).map(str::to_owned));
        value
            .into_iter()
            .chain([Some(self.index.entity_ref(*id).to_owned())])
            .collect()
    }
}

impl Listing {
    /// Keys that it sorts by, or into whose texts it looks.
    pub(super) fn keys(&self) -> BTreeSet<String> {
        let key = self.sort_key();
        let mut keys = self.expression(key.as_deref()).searched();
        keys.extend(key);
        keys
    }

    /// What is asked by somebody who sees `view`.
    ///
    /// # Errors
    /// `Invalid`, when the view does not have what it sorts by or looks into.
    pub(super) fn asked(&self, view: &View) -> Result<Asked> {
        let key = self.sort_key();
        view.check(&key)?;
        Asked::new(Some(self.expression(key.as_deref())), view)
    }

    /// Looks the page up, for somebody who sees entities through `lens`.
    pub(super) fn page(&self, index: &Index, asked: &Asked, lens: Lens) -> Result<Page> {
        let key = self.sort_key();
        let column = key
            .as_deref()
            .map(|key| index.column(key).unwrap_or_default());
        let mut matches = asked.evaluate(index);
        if let Some(column) = &column {
            // Who lacks the field is not part of a sorted list.
            matches = Cow::Owned(matches.as_ref() & column.documents());
        }
        let order = Order {
            index,
            column: column.as_deref(),
            kind: asked.kind(),
        };
        let origin = Origin {
            asked,
            key: key.as_deref(),
        };
        let (ids, more) = self.ids(&order, &matches, origin)?;
        let counted = if self.count { matches.len() } else { 0 };
        let total = self.cursor.total_items.unwrap_or(counted);
        let (first, last) = (order.place(ids.first()), order.place(ids.last()));
        let (next, previous) = self.neighbours(first, last, more, total);
        let items = ids
            .iter()
            .filter_map(|id| index.document(*id).map(Some))
            .collect();
        Ok(Page {
            items: Entities::new(items, lens),
            total,
            next,
            previous,
        })
    }

    /// The page that somebody sees who sees everything.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn page_of_all(&self, index: &Index) -> Result<Page> {
        let asked = self.asked(&View::new(Expression::EVERYTHING))?;
        self.page(index, &asked, Lens::Clear)
    }

    /// The documents of the page, and whether others follow.
    fn ids(
        &self,
        order: &Order<'_>,
        matches: &RoaringBitmap,
        origin: Origin<'_>,
    ) -> Result<(Vec<u32>, bool)> {
        let cursor = &self.cursor;
        let sorted = cursor
            .order_fields
            .first()
            .map_or(Direction::Asc, |sort| sort.order);
        // One more tells whether there is a next page; a page before always has one.
        let count = self
            .limit
            .saturating_add(self.offset)
            .saturating_add(usize::from(!cursor.is_previous));
        let (value, after) = cursor.position()?.unzip();
        let span = Span {
            direction: sorted.turned(cursor.is_previous),
            after,
            count: if self.limit == 0 { 0 } else { count },
            kind: order.kind,
        };
        let mut ids = match order.column {
            Some(column) => {
                let from = (value.flatten(), origin);
                by_column(order.index, column, matches, span, from)
            }
            None => by_ref(order.index, matches, span, Some(origin)),
        };
        ids.drain(..self.offset.min(ids.len()));
        let more = cursor.is_previous || ids.len() > self.limit;
        ids.truncate(self.limit);
        if cursor.is_previous {
            ids.reverse();
        }
        Ok((ids, more))
    }

    fn sort_key(&self) -> Option<String> {
        self.cursor.order_fields.first().map(|sort| sort.key())
    }

    fn expression(&self, sort_key: Option<&str>) -> Expression {
        let filter = self
            .cursor
            .filter
            .as_ref()
            .map(|filter| filter.expression());
        let query = self.cursor.query.as_ref().map(Predicate::expression);
        let text = self
            .cursor
            .full_text_filter
            .as_ref()
            .and_then(|text| text.expression(sort_key));
        let conditions = filter.into_iter().chain(query).chain(text);
        Expression::All(conditions.collect())
    }

    fn neighbours(
        &self,
        first: Place,
        last: Place,
        more: bool,
        total: u64,
    ) -> (Option<Cursor>, Option<Cursor>) {
        let at = |place: Place, start: &Place, is_previous| Cursor {
            order_field_values: place,
            first_sort_field_values: Some(start.clone()),
            is_previous,
            total_items: Some(total),
            ..self.cursor.clone()
        };
        let start = self.cursor.first_sort_field_values.as_ref();
        let next = (more && self.limit > 0).then(|| at(last, start.unwrap_or(&first), false));
        let previous = start
            .filter(|start| !first.is_empty() && first != **start)
            .map(|start| at(first.clone(), start, true));
        (next, previous)
    }
}
