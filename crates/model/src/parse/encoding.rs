//! Bytes that are not UTF-8, and the documents that hold them.

use std::borrow::Cow;

use crate::yaml::Document;
use crate::{Problem, Span};

/// What is said about UTF-16, which some editors write and which begins with a mark of its own.
pub(super) fn utf_16(bytes: &[u8]) -> Option<Problem> {
    let marked = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let span = Span {
        start: 0,
        end: bytes.len().min(2),
        line: 1,
        column: 1,
    };
    let problem = Problem::new("not-utf-8", "the text is UTF-16, and only UTF-8 is read");
    marked.then(|| {
        problem
            .hint("save the file in the encoding UTF-8")
            .span(span)
    })
}

/// The bytes as a text of the same length, with `?` for each byte that is not UTF-8, and where
/// those bytes are.
///
/// The length stays, so that every place in the text is a place in the file.
pub(super) fn mask(bytes: &[u8]) -> (Cow<'static, str>, Vec<Span>) {
    let mut text = String::with_capacity(bytes.len());
    let mut misread = Vec::new();
    let (mut line, mut column) = (1, 1);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            (line, column) = if c == '\n' {
                (line + 1, 1)
            } else {
                (line, column + 1)
            };
        }
        text.push_str(chunk.valid());
        let invalid = chunk.invalid().len();
        if invalid > 0 {
            misread.push(Span {
                start: text.len(),
                end: text.len() + invalid,
                line,
                column,
            });
            text.extend(std::iter::repeat_n('?', invalid));
            column += invalid;
        }
    }
    (Cow::Owned(text), misread)
}

/// The documents that can be trusted, and one problem for each of the others.
pub(super) fn split(documents: Vec<Document>, misread: &[Span]) -> (Vec<Document>, Vec<Problem>) {
    let Some(first) = misread.first() else {
        return (documents, Vec::new());
    };
    let mut problems = Vec::new();
    let holds = |document: &Document| {
        misread
            .iter()
            .find(|bad| (document.span.start..document.span.end).contains(&bad.start))
    };
    let good = documents
        .into_iter()
        .filter(|document| match holds(document) {
            Some(bad) => {
                problems.push(not_utf8(*bad));
                false
            }
            None => true,
        })
        .collect();
    if problems.is_empty() {
        problems.push(not_utf8(*first));
    }
    (good, problems)
}

fn not_utf8(span: Span) -> Problem {
    Problem::new("not-utf-8", "the text is not UTF-8 here")
        .hint("save the file in the encoding UTF-8")
        .span(span)
}
