//! Text that must appear in one of some fields.

use callboard_model::{Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::expression::{Expression, MOST_SEARCHES};
use super::field_name;

/// A longer text is refused. No value that is searched has more than 200 bytes, so it would not be found.
const LONGEST: usize = 1_000;

/// What to look for, and where; the same shape in requests and cursors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FullText {
    /// The text; blanks around it do not count, and an empty one matches everything. At most 1,000 bytes.
    #[serde(default)]
    pub(crate) term: String,
    /// The fields, at most 50; without them, the one that is sorted by, or `metadata.uid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fields: Option<Vec<String>>,
}

impl FullText {
    /// Reads lists of fields separated by commas, of which there are none when nothing is looked for.
    pub(crate) fn parse<'a>(
        term: Option<&str>,
        lists: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        let term = term.filter(|term| !term.trim().is_empty())?;
        let fields = lists
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .filter(|field| !field.is_empty());
        // One more than are taken is enough to be refused.
        let fields: Vec<String> = fields.take(MOST_SEARCHES + 1).map(str::to_owned).collect();
        Some(Self {
            term: term.to_owned(),
            fields: (!fields.is_empty()).then_some(fields),
        })
    }

    /// Refuses a text, or a number of fields, that nobody would look for.
    pub(crate) fn check(&self) -> Result<()> {
        if self.term.len() > LONGEST {
            let message = format!(
                "the text to look for has {} bytes, and at most {LONGEST} are looked for",
                self.term.len()
            );
            return Err(Error::invalid("full-text-too-long", message).hint("look for less of it"));
        }
        let fields = self.fields.as_deref().unwrap_or_default();
        if fields.len() > MOST_SEARCHES {
            let message = format!("the text is looked for in more than {MOST_SEARCHES} fields");
            return Err(Error::invalid("too-many-fields", message).hint("name fewer fields"));
        }
        fields.iter().try_for_each(|field| field_name::check(field))
    }

    /// How many fields are looked into.
    pub(super) fn searches(&self) -> usize {
        if self.term.trim().is_empty() {
            return 0;
        }
        self.fields.as_ref().map_or(1, Vec::len)
    }

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
