//! What is wrong with the configuration, where, and what to do about it.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use callboard_model::Span;

use crate::node::{Origin, Source};
use crate::secrecy;

/// A place in the configuration: a file with line and column, or an environment variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as it was named, or ``environment variable `APP_CONFIG_a` ``.
    pub source: String,
    /// The stretch of the text; absent when the source is not a text.
    pub span: Option<Span>,
    /// The line in which the span starts, with secrets masked, for an excerpt.
    pub line_text: String,
}

impl Place {
    pub(crate) fn new(source: &Source, span: Option<Span>) -> Self {
        let line = span
            .map(|span| line_of(&source.text, span))
            .unwrap_or_default();
        Self {
            source: source.name.clone(),
            span,
            line_text: secrecy::mask_line(line),
        }
    }

    pub(crate) fn of_value(origin: &Origin) -> Self {
        Self::new(&origin.mark.source, origin.mark.value())
    }

    pub(crate) fn of_key(origin: &Origin) -> Self {
        let mark = origin.key_mark();
        match mark.key() {
            Some(span) => Self::new(&mark.source, Some(span)),
            None => Self::of_value(origin),
        }
    }

    /// The bytes of [`Place::line_text`] to underline.
    pub fn underline(&self) -> Range<usize> {
        let Some(span) = self.span else { return 0..0 };
        let offset = |column: usize| {
            let mut offsets = self.line_text.char_indices().map(|(offset, _)| offset);
            offsets.nth(column).unwrap_or(self.line_text.len())
        };
        let start = offset(span.column.saturating_sub(1));
        let end = (start + (span.end - span.start)).min(self.line_text.len());
        let end = (end..=self.line_text.len()).find(|end| self.line_text.is_char_boundary(*end));
        start..end.unwrap_or(self.line_text.len())
    }

    /// Hides the value itself in the excerpt.
    pub(crate) fn masked(mut self) -> Self {
        let hidden = self.underline();
        let mask = "*".repeat(hidden.len());
        self.line_text.replace_range(hidden, &mask);
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        match self.span {
            Some(span) => write!(f, ":{}:{}", span.line, span.column),
            None => Ok(()),
        }
    }
}

fn line_of(text: &str, span: Span) -> &str {
    let start = span.start.min(text.len());
    let before = text
        .get(..start)
        .and_then(|head| head.rfind('\n'))
        .map_or(0, |end| end + 1);
    let line = text.get(before..).unwrap_or_default();
    line.split('\n')
        .next()
        .unwrap_or_default()
        .trim_end_matches('\r')
}

/// One thing that is wrong, or suspicious. Printed, it is a whole sentence that starts with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable code in kebab case, such as `config-wrong-value`.
    pub code: &'static str,
    /// The full key, such as `catalog.locations[0].type`; empty when it is about a whole file.
    pub key: String,
    /// What was expected and what was found; secrets are never shown.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where it is written.
    pub place: Option<Place>,
}

impl Diagnostic {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            key: String::new(),
            message: message.into(),
            hint: None,
            place: None,
        }
    }

    pub(crate) fn key(mut self, key: impl fmt::Display) -> Self {
        self.key = key.to_string();
        self
    }

    pub(crate) fn place(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

impl Error for Diagnostic {}

/// Everything that is wrong; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(Vec<Diagnostic>);

impl ConfigErrors {
    /// Fails with `faults` when there are any.
    pub(crate) fn unless_empty(faults: Vec<Diagnostic>) -> Result<(), Self> {
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Self(faults))
        }
    }

    /// These faults, or `otherwise` when there are none.
    pub(crate) fn of(faults: Vec<Diagnostic>, otherwise: impl FnOnce() -> Diagnostic) -> Self {
        if faults.is_empty() {
            Self(vec![otherwise()])
        } else {
            Self(faults)
        }
    }

    /// The errors in the order of their places.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for ConfigErrors {
    fn from(fault: Diagnostic) -> Self {
        Self(vec![fault])
    }
}

impl IntoIterator for ConfigErrors {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for ConfigErrors {
    /// One line an error, with its hint on the next.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
            if let Some(hint) = &fault.hint {
                write!(f, "\nhint: {hint}")?;
            }
        }
        Ok(())
    }
}

impl Error for ConfigErrors {}
