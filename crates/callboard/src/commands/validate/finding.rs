//! A problem in a file, with what a report needs to show it.

use std::ops::Range;

use callboard_model::{Problem, Span};

/// A problem in a file.
#[derive(Debug)]
pub(super) struct Finding {
    /// The file as it was named or found.
    pub(super) file: String,
    /// The entity that it is about, as far as it has a name.
    pub(super) entity: Option<String>,
    pub(super) problem: Problem,
    /// Where it ends: line and column of the first character behind it.
    pub(super) end: (usize, usize),
    pub(super) excerpt: Option<Excerpt>,
}

/// The lines that a problem is in.
#[derive(Debug)]
pub(super) struct Excerpt {
    pub(super) text: String,
    pub(super) first_line: usize,
    /// The bytes of `text` to underline.
    pub(super) underline: Range<usize>,
}

/// Longer stretches, such as whole documents, are shown by their first line.
const MOST_LINES: usize = 4;
/// Longer lines are cut.
const MOST_BYTES: usize = 400;

impl Finding {
    pub(super) fn new(file: &str, entity: Option<String>, problem: Problem, text: &[u8]) -> Self {
        let span = problem.span;
        Self {
            file: file.to_owned(),
            entity,
            end: span.map_or((1, 1), |span| end(span, text)),
            excerpt: span.map(|span| Excerpt::new(span, text)),
            problem,
        }
    }

    /// Line and column of its first character.
    pub(super) fn start(&self) -> (usize, usize) {
        self.problem
            .span
            .map_or((1, 1), |span| (span.line, span.column))
    }
}

fn end(span: Span, text: &[u8]) -> (usize, usize) {
    let stretch = String::from_utf8_lossy(text.get(span.start..span.end).unwrap_or_default());
    match stretch.rsplit_once('\n') {
        None => (span.line, span.column + stretch.chars().count()),
        Some((_, last)) => (
            span.line + stretch.matches('\n').count(),
            last.chars().count() + 1,
        ),
    }
}

impl Excerpt {
    fn new(span: Span, text: &[u8]) -> Self {
        let start = span.start.min(text.len());
        let first = text[..start]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let lines = text[start..span.end.clamp(start, text.len())]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let shown_end = if lines < MOST_LINES {
            span.end.clamp(start, text.len())
        } else {
            start
        };
        let rest = &text[shown_end..];
        let last = shown_end
            + rest
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len());
        // A cut in a line too long to show: enough before the place, and some behind it.
        let from = first.max(start.saturating_sub(MOST_BYTES / 2));
        let to = last.min(start + MOST_BYTES);
        let before = String::from_utf8_lossy(&text[from..start]);
        let under = String::from_utf8_lossy(&text[start..shown_end.min(to).max(start)]);
        let whole_line = shown_end == start && span.end > start;
        let behind = String::from_utf8_lossy(&text[shown_end.min(to).max(start)..to.max(start)]);
        let underlined = if whole_line {
            behind.trim_end().len()
        } else {
            under.len()
        };
        let underline = before.len()..before.len() + underlined;
        Self {
            text: format!("{before}{under}{behind}"),
            first_line: span.line,
            underline,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(text: &str, range: Range<usize>, line: usize, column: usize) -> Finding {
        let span = Span {
            start: range.start,
            end: range.end,
            line,
            column,
        };
        Finding::new(
            "a.yaml",
            None,
            Problem::new("code", "message").span(span),
            text.as_bytes(),
        )
    }

    fn underlined(finding: &Finding) -> &str {
        let excerpt = finding.excerpt.as_ref().unwrap();
        &excerpt.text[excerpt.underline.clone()]
    }

    #[test]
    fn a_word_is_underlined_in_its_line() {
        let found = finding("kind: X\nname: größe \n", 14..21, 2, 7);

        assert_eq!(underlined(&found), "größe");
        assert_eq!(found.excerpt.as_ref().unwrap().text, "name: größe ");
        assert_eq!(found.end, (2, 12));
    }

    #[test]
    fn a_whole_document_is_shown_by_its_first_line() {
        let found = finding("a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n", 0..24, 1, 1);

        assert_eq!(underlined(&found), "a: 1");
        assert_eq!(found.end, (5, 5));
    }

    #[test]
    fn a_line_of_a_megabyte_is_cut() {
        let text = "x".repeat(1_000_000);

        let found = finding(&text, 500_000..500_003, 1, 500_001);

        assert_eq!(underlined(&found), "xxx");
        assert!(found.excerpt.unwrap().text.len() < 1000);
    }

    #[test]
    fn a_place_outside_the_text_is_survived() {
        let found = finding("ab", 10..20, 9, 9);

        assert_eq!(underlined(&found), "");
    }
}
