//! Predicates of request bodies, against the obvious evaluation.

use serde_json::Value;

use super::check;
use super::sample::{SAMPLE, refs};
use crate::query::reference::matches;
use crate::query::{LocationFields, LocationQuestion, Predicate};

/// The input is the JSON of a `query`.
pub(super) fn run(input: &[u8]) {
    let Ok(source) = serde_json::from_slice::<Value>(input) else {
        return;
    };
    locations(&source);
    let predicate = match Predicate::parse(source.clone()) {
        Ok(predicate) => predicate,
        Err(error) => return check::refusal(&error),
    };
    let printed = Value::from(predicate.clone());
    assert_eq!(printed, source);
    let read = Predicate::parse(printed).expect("what was accepted is accepted again");
    assert_eq!(read, predicate);

    let index = SAMPLE.index.read();
    let mut found = refs(&index, predicate.expression().evaluate(&index).into_owned());
    found.sort_unstable();
    let expected = SAMPLE.rows.iter();
    let expected: Vec<&String> = expected
        .filter(|(_, rows)| matches(rows, &source))
        .map(|(entity_ref, _)| entity_ref)
        .collect();
    assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{source}");
}

/// The same language about registered locations.
fn locations(source: &Value) {
    let question = match LocationQuestion::new(1, Some(source.clone())) {
        Ok(question) => question,
        Err(error) => return check::refusal(&error),
    };
    let location = LocationFields {
        id: "1b",
        location_type: "url",
        target: "https://Host/a.yaml",
        entity_ref: "location:default/generated-1",
    };
    let cursor = question.cursor_after("1b").expect("a question is JSON");
    match LocationQuestion::from_cursor(&cursor) {
        Ok(next) => assert_eq!(next.matches(location), question.matches(location)),
        // Only what is too long to be carried is refused.
        Err(error) => assert!(cursor.len() > 100_000, "{error}"),
    }
}
