//! What is wrong with a piece of text or an entity, and where.

use serde::{Deserialize, Serialize};

/// A stretch of a source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First byte, counted from 0.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of the first byte, counted from 1.
    pub line: usize,
    /// Column of the first byte in characters, counted from 1.
    pub column: usize,
}

/// Something wrong with an entity or with the text it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable code in kebab case, such as `yaml-duplicate-key`.
    pub code: String,
    /// What is wrong, with the offending value in backticks and the rule that it broke.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The place inside the entity as people write it, such as `metadata.tags[2]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The place in the text, when the entity was parsed from text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

impl Problem {
    /// A problem without a place.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            hint: None,
            path: None,
            span: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the place inside the entity, such as `metadata.tags[2]`.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Adds the place in the text.
    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }
}

/// The most problems that one list names.
const MOST: usize = 100;

/// A list of problems that stays short: nobody reads the thousandth, and a hostile text could make
/// millions of them.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    named: Vec<Problem>,
    more: usize,
}

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        self.push_with(|| problem);
    }

    /// Adds what `problem` makes; it is asked only when there is room.
    pub(crate) fn push_with(&mut self, problem: impl FnOnce() -> Problem) {
        if self.named.len() < MOST {
            self.named.push(problem());
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// The list, in the order of the text as far as that is known, and how many it leaves out.
    pub(crate) fn into_vec(mut self) -> Vec<Problem> {
        self.named
            .sort_by_key(|problem| problem.span.map(|span| span.start));
        if self.more > 0 {
            let message = format!("{} more problems are not listed", self.more);
            self.named
                .push(Problem::new("more-problems", message).hint("correct those above first"));
        }
        self.named
    }
}

impl Extend<Problem> for Problems {
    fn extend<I: IntoIterator<Item = Problem>>(&mut self, problems: I) {
        for problem in problems {
            self.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_names_the_first_and_counts_the_rest() {
        let mut problems = Problems::default();
        problems.extend((0..250).map(|number| Problem::new("x", number.to_string())));
        let list = problems.into_vec();
        assert_eq!(list.len(), MOST + 1);
        assert_eq!(list[MOST - 1].message, "99");
        assert_eq!(list[MOST].message, "150 more problems are not listed");
    }
}
