//! Text that must appear in one of some fields.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::expression::Expression;

/// What to look for, and where; the same shape in requests and cursors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct FullText {
    /// The text; blanks around it do not count, and an empty one matches everything.
    #[serde(default)]
    pub(crate) term: String,
    /// The fields; without them, the one that is sorted by, or `metadata.uid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fields: Option<Vec<String>>,
}

impl FullText {
    /// The condition, when there is a text to look for.
    pub(super) fn expression(&self, sort_key: Option<&str>) -> Option<Expression> {
        let text = self.term.trim().to_lowercase();
        if text.is_empty() {
            return None;
        }
        let contains = |key: &str| Expression::Contains(key.to_lowercase(), text.clone());
        Some(match &self.fields {
            Some(fields) => Expression::Any(fields.iter().map(|field| contains(field)).collect()),
            None => contains(sort_key.unwrap_or("metadata.uid")),
        })
    }
}
