//! Where a page of the history starts, as text that clients carry around.

use callboard_model::Result;
use serde::{Deserialize, Serialize};

use crate::query::opaque;

/// A place in the history, and what defines the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Position {
    /// The id of the last or first event of the page before; missing for the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<i64>,
    /// Whether the page ends at the place instead of starting there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_previous: bool,
    /// Whether the newest event comes first.
    pub(crate) newest_first: bool,
    /// Only events with larger ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<i64>,
    /// Only of the entity with this reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) entity_ref: Option<String>,
    /// Only of the entity with this uid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) entity_id: Option<String>,
}

impl Position {
    /// The text of the place.
    pub(crate) fn print(&self) -> Result<String> {
        opaque::print(self)
    }

    /// Reads the text of a place, which may have been changed on its way.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let position: Self = opaque::parse(text)?;
        // Not every database can be asked about them.
        let texts = position.entity_ref.iter().chain(&position.entity_id);
        if texts
            .into_iter()
            .any(|text| text.chars().any(char::is_control))
        {
            return Err(opaque::malformed("it is about no entity"));
        }
        Ok(position)
    }
}
