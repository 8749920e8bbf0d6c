//! Where a page starts, as text that clients carry around: base64 of JSON with Backstage's keys.

use callboard_model::{Error, Result};
use serde::{Deserialize, Serialize};

use super::expression::MOST_SEARCHES;
use super::filter::Filter;
use super::full_text::FullText;
use super::opaque;
use super::order::OrderField;
use super::predicate::Predicate;

/// A place in a list, and everything that defines the list.
///
/// The place is the last or first entity of the page before, by sort value and reference, so that it
/// holds while entities come and go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Cursor {
    /// What the list is sorted by; only the first counts.
    pub(crate) order_fields: Vec<OrderField>,
    /// The place: `[value, reference]`, `[reference]` without a sort field, `[]` for the start.
    pub(crate) order_field_values: Vec<Option<String>>,
    /// Whether the page ends at the place instead of starting there.
    pub(crate) is_previous: bool,
    /// What entities have to match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) filter: Option<Filter>,
    /// What they have to match, in the language of request bodies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) query: Option<Predicate>,
    /// Which text they have to contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) full_text_filter: Option<FullText>,
    /// The place of the first entity of the first page: there is nothing before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_sort_field_values: Option<Vec<Option<String>>>,
    /// How many there were when the first page was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) total_items: Option<u64>,
}

impl Cursor {
    /// The text of the cursor.
    pub(crate) fn print(&self) -> Result<String> {
        opaque::print(self)
    }

    /// Reads the text of a cursor, which may have been changed on its way.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        opaque::parse::<Self>(text)?.checked()
    }

    /// The same, unless it asks for more than anybody needs.
    pub(crate) fn checked(self) -> Result<Self> {
        self.filter.as_ref().map_or(Ok(()), Filter::check)?;
        self.full_text_filter
            .as_ref()
            .map_or(Ok(()), FullText::check)?;
        OrderField::check(&self.order_fields)?;
        let prefixes = self.query.as_ref().map_or(0, Predicate::searches);
        let texts = self.full_text_filter.as_ref().map_or(0, FullText::searches);
        if prefixes + texts > MOST_SEARCHES {
            let message = format!(
                "the request looks into the texts of fields {} times, and at most {MOST_SEARCHES} are answered",
                prefixes + texts
            );
            return Err(Error::invalid("too-many-searches", message)
                .hint("look for fewer beginnings, or in fewer fields"));
        }
        self.position()?;
        Ok(self)
    }

    /// The sort value, if the list is sorted, and the reference of the place.
    pub(super) fn position(&self) -> Result<Option<(Option<&str>, &str)>> {
        let sorted = !self.order_fields.is_empty();
        match (sorted, self.order_field_values.as_slice()) {
            (_, []) => Ok(None),
            (false, [Some(entity_ref)]) => Ok(Some((None, entity_ref))),
            (true, [Some(value), Some(entity_ref)]) => Ok(Some((Some(value), entity_ref))),
            _ => Err(opaque::malformed(
                "its `orderFieldValues` do not fit its `orderFields`",
            )),
        }
    }
}
