//! Where the next part of the plain list starts: the `after` parameter.

use callboard_model::Result;
use serde::{Deserialize, Serialize};

use super::opaque;

/// A place in the plain list, by counting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offset {
    /// The most entities to answer, as in the request before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<usize>,
    /// Entities to leave out at the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) offset: Option<usize>,
}

impl Offset {
    /// The text of the place.
    pub(crate) fn print(&self) -> Result<String> {
        opaque::print(self)
    }

    /// Reads the text of a place, which may have been changed on its way.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        opaque::parse(text)
    }
}
