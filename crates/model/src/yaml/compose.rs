//! From parser events to values and their places.

use serde_json::Value;

use super::{Document, Options, Spans, Stream};
use crate::{Problem, Span};

pub(super) fn stream(text: &str, _options: &Options) -> Stream {
    let span = Span {
        start: 0,
        end: text.len(),
        line: 1,
        column: 1,
    };
    let mut stream = Stream::default();
    match serde_json::from_str::<Value>(text) {
        Ok(value) => stream.documents.push(Document {
            value,
            span,
            spans: Spans::new(Vec::new()),
        }),
        Err(error) => stream
            .problems
            .push(Problem::new("yaml-syntax", error.to_string()).span(span)),
    }
    stream
}
