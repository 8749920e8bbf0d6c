//! Where a page of events starts, as text that clients carry around.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callboard_auth::Outcome;
use callboard_model::{Error, Result, shortened};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::sql::Place;

/// Longer texts are not ours.
const LONGEST: usize = 8 * 1024;

/// A place among the events, and what defines the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cursor {
    /// Only events before this time, or at this time and before this id.
    pub(crate) at: i64,
    pub(crate) id: String,
    /// Only events at this time or later.
    pub(crate) from: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) actor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<EventOutcome>,
}

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EventOutcome {
    /// It was done.
    Succeeded,
    /// It was not allowed.
    Denied,
    /// It went wrong.
    Failed,
}

impl EventOutcome {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => Outcome::Succeeded.as_str(),
            Self::Denied => Outcome::Denied.as_str(),
            Self::Failed => Outcome::Failed.as_str(),
        }
    }
}

impl Cursor {
    pub(crate) fn place(&self) -> Place {
        Place {
            at: self.at,
            id: self.id.clone(),
        }
    }

    /// The text of the place.
    pub(crate) fn print(&self) -> Result<String> {
        let json = serde_json::to_vec(self).map_err(|error| {
            Error::internal("unprintable-cursor", "printing a cursor").source(error)
        })?;
        Ok(URL_SAFE_NO_PAD.encode(json))
    }

    /// Reads the text of a place, which may have been changed on its way.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(malformed("it is empty, or longer than any of ours"));
        }
        let json = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| malformed("it is not base64"))?;
        // A struct can be read from a list as well, which none of ours is.
        if !json.starts_with(b"{") {
            return Err(malformed("it holds no object"));
        }
        let cursor: Self =
            serde_json::from_slice(&json).map_err(|error| malformed(&error.to_string()))?;
        // Not every database can be asked about them.
        let texts = [
            Some(&cursor.id),
            cursor.actor.as_ref(),
            cursor.event.as_ref(),
        ];
        if texts
            .into_iter()
            .flatten()
            .any(|text| text.contains(char::is_control))
        {
            return Err(malformed("there are control characters in it"));
        }
        Ok(cursor)
    }
}

fn malformed(why: &str) -> Error {
    let message = format!("malformed cursor: {}", shortened(why, 200));
    Error::invalid("malformed-cursor", message)
        .hint("use the cursor of an earlier answer unchanged, or start again without one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_cursor_is_read_again_and_others_are_refused() {
        let cursor = Cursor {
            at: 7,
            id: "0-a".to_owned(),
            from: 0,
            actor: Some("user:default/ada".to_owned()),
            event: None,
            outcome: Some(EventOutcome::Denied),
        };

        assert_eq!(Cursor::parse(&cursor.print().unwrap()).unwrap(), cursor);
        let nul = Cursor {
            id: "\0".to_owned(),
            ..cursor
        };
        let wrong = [
            String::new(),
            "x".repeat(LONGEST + 1),
            "!".to_owned(),
            URL_SAFE_NO_PAD.encode("[1,\"a\",0]"),
            URL_SAFE_NO_PAD.encode("{\"at\":1}"),
            nul.print().unwrap(),
        ];
        for text in wrong {
            assert_eq!(Cursor::parse(&text).unwrap_err().code(), "malformed-cursor");
        }
    }
}
