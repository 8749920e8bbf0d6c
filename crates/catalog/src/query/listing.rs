//! Pages of entities with cursors to their neighbours: what by-query answers.

use std::borrow::Cow;

use bytes::Bytes;
use callboard_model::Result;

use super::cursor::Cursor;
use super::expression::Expression;
use super::order::Direction;
use super::select::{Span, by_column, by_ref};
use crate::index::Index;

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
    /// The entities as JSON.
    pub(crate) items: Vec<Bytes>,
    /// How many there are in all; 0 when nobody counted.
    pub(crate) total: u64,
    /// Leads to the page behind.
    pub(crate) next: Option<Cursor>,
    /// Leads to the page before.
    pub(crate) previous: Option<Cursor>,
}

/// A place as cursors keep it.
type Place = Vec<Option<String>>;

impl Listing {
    /// Looks the page up, among the entities for which `visible` is true.
    pub(crate) fn page(&self, index: &Index, visible: &Expression) -> Result<Page> {
        let cursor = &self.cursor;
        let sort = cursor.order_fields.first();
        let key = sort.map(|sort| sort.key());
        let column = key.as_deref().and_then(|key| index.column(key));
        let expression = self.expression(key.as_deref(), visible);
        let mut matches = expression.evaluate(index);
        if sort.is_some() {
            // Who lacks the field is not part of a sorted list.
            matches = match &column {
                Some(column) => Cow::Owned(matches.as_ref() & column.documents()),
                None => Cow::default(),
            };
        }

        let position = cursor.position()?;
        let direction = sort
            .map_or(Direction::Asc, |sort| sort.order)
            .turned(cursor.is_previous);
        let wanted = match (self.limit, cursor.is_previous) {
            (0, _) => 0,
            (limit, true) => limit.saturating_add(self.offset),
            // One more tells whether there is a next page.
            (limit, false) => limit.saturating_add(self.offset).saturating_add(1),
        };
        let span = Span {
            direction,
            after: position.map(|(_, entity_ref)| entity_ref),
            count: wanted,
            kind: expression.kind(),
        };
        let mut ids = match &column {
            Some(column) => {
                let value = position.and_then(|(value, _)| value);
                by_column(index, column, &matches, value, span)
            }
            None => by_ref(index, &matches, span),
        };
        ids.drain(..self.offset.min(ids.len()));
        let more = cursor.is_previous || ids.len() > self.limit;
        ids.truncate(self.limit);
        if cursor.is_previous {
            ids.reverse();
        }

        let total = cursor
            .total_items
            .unwrap_or(if self.count { matches.len() } else { 0 });
        let place = |id: Option<&u32>| -> Place {
            let Some(id) = id else { return Place::new() };
            let entity_ref = Some(index.entity_ref(*id).to_owned());
            match &column {
                Some(column) => vec![column.value(*id).map(str::to_owned), entity_ref],
                None => vec![entity_ref],
            }
        };
        let (next, previous) = self.neighbours(place(ids.first()), place(ids.last()), more, total);
        let items = ids
            .iter()
            .filter_map(|id| Some(index.document(*id)?.json.clone()))
            .collect();
        Ok(Page {
            items,
            total,
            next,
            previous,
        })
    }

    fn expression(&self, sort_key: Option<&str>, visible: &Expression) -> Expression {
        let filter = self
            .cursor
            .filter
            .as_ref()
            .map(|filter| filter.expression());
        let text = self
            .cursor
            .full_text_filter
            .as_ref()
            .and_then(|text| text.expression(sort_key));
        let visible = Some(visible.clone()).filter(|visible| *visible != Expression::EVERYTHING);
        Expression::All(filter.into_iter().chain(text).chain(visible).collect())
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
