//! Input that makes no sense is refused, never answered with a panic.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use callboard_model::ErrorKind;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::lists::readable;
use super::sample::{World, steps};
use crate::query::{
    Cursor, Direction, Fields, Filter, FullText, Listing, LocationQuestion, Offset, OrderField,
    Predicate,
};

fn open(cursor: Cursor) -> Listing {
    Listing {
        cursor,
        limit: 3,
        offset: 0,
        count: true,
    }
}

proptest! {
    #[test]
    fn any_text_is_a_filter_or_refused(steps in steps(), text in "[a-z=,. ÄÖ\\[\\]:/]{0,40}|\\PC{0,20}") {
        let world = World::after(steps);
        match Filter::parse([text.as_str()]) {
            Ok(filter) => {
                let cursor = Cursor { filter, ..Cursor::default() };
                readable(&world).page(&open(cursor)).unwrap();
            }
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Invalid),
        }
        let _either = (OrderField::parse_order(&text), OrderField::parse_order_field(&text), Fields::parse([text.as_str()]));
    }

    #[test]
    fn any_text_is_a_cursor_or_refused(text in "\\PC{0,40}|[A-Za-z0-9+/=_-]{0,60}") {
        for error in [Cursor::parse(&text).err(), Offset::parse(&text).err()].into_iter().flatten() {
            prop_assert_eq!(error.kind(), ErrorKind::Invalid);
        }
    }

    #[test]
    fn any_places_in_a_cursor_are_followed_or_refused(
        steps in steps(),
        field in proptest::option::of("kind|metadata.name|nothing"),
        places in proptest::collection::vec(proptest::option::of("\\PC{0,5}|user:default/a|service|;"), 0..4),
        kind in proptest::option::of("user|component|;|\\PC{0,3}"),
        back in any::<bool>(), descending in any::<bool>(),
    ) {
        let world = World::after(steps);
        let order = if descending { "desc" } else { "asc" };
        let mut cursor = json!({
            "orderFields": field.iter().map(|field| json!({ "field": field, "order": order })).collect::<Vec<_>>(),
            "orderFieldValues": places, "isPrevious": back,
        });
        if let Some(kind) = kind {
            cursor["filter"] = json!({ "key": "kind", "values": [kind] });
        }
        match Cursor::parse(&BASE64_STANDARD.encode(cursor.to_string())) {
            Ok(cursor) => {
                readable(&world).page(&open(cursor)).unwrap();
            }
            Err(error) => prop_assert_eq!(error.code(), "malformed-cursor"),
        }
    }
}

#[test]
fn cursors_of_the_wrong_shape_are_refused() {
    let right = json!({ "orderFields": [], "orderFieldValues": [], "isPrevious": false });
    let with = |key: &str, value: Value| {
        let mut cursor = right.clone();
        cursor[key] = value;
        cursor
    };
    assert!(Cursor::parse(&BASE64_STANDARD.encode(right.to_string())).is_ok());
    for wrong in [
        json!([]),
        json!({}),
        with("orderFieldValues", json!("x")),
        with("orderFieldValues", json!(["too", "many", "places"])),
        with("orderFieldValues", json!([null])),
        with("orderFields", json!([{ "field": "kind", "order": "up" }])),
        with("isPrevious", json!("no")),
        with("totalItems", json!(-1)),
        with("filter", json!({ "values": ["no key"] })),
        with("filter", json!({ "anyOf": "not a list" })),
    ] {
        let error = Cursor::parse(&BASE64_STANDARD.encode(wrong.to_string())).unwrap_err();
        assert_eq!(error.code(), "malformed-cursor", "{wrong}");
    }
}

#[test]
fn a_filter_without_end_is_refused() {
    let statements: Vec<String> = (0..2_000).map(|number| format!("kind={number}")).collect();
    let error = Filter::parse([statements.join(",").as_str()]).unwrap_err();
    assert_eq!(error.message(), "the filter has more than 1000 conditions");

    // Whoever reads on after that finds the last one, which has no key.
    let endless = format!("{}=x", "kind=a,".repeat(2_000));
    for parameters in [vec![endless.as_str()], vec!["kind=a"; 2_000]] {
        let parameters = parameters.into_iter().chain(["=x"]);
        let error = Filter::parse(parameters).unwrap_err();
        assert_eq!(error.code(), "filter-too-long");
    }

    let deep = format!(
        "{}{}{}",
        r#"{"not":"#.repeat(50_000),
        r#"{"key":"a"}"#,
        "}".repeat(50_000)
    );
    let cursor =
        format!(r#"{{"orderFields":[],"orderFieldValues":[],"isPrevious":false,"filter":{deep}}}"#);
    assert!(Cursor::parse(&BASE64_STANDARD.encode(cursor)).is_err());
}

#[test]
fn a_statement_without_a_key_is_named() {
    let error = Filter::parse(["kind=api, =x"]).unwrap_err();
    assert_eq!(
        error.message(),
        "invalid filter: `=x` has no key; expected `key`, `key=` or `key=value`, separated by commas"
    );
}

/// What is said about a cursor, on its way out and on its way back.
fn refusals(cursor: Cursor) -> [String; 2] {
    let text = cursor.print().unwrap();
    let refused = [cursor.checked(), Cursor::parse(&text)];
    refused.map(|refused| refused.unwrap_err().to_string())
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("spec.f{number}")).collect()
}

#[test]
fn a_text_is_looked_for_in_so_many_fields() {
    let cursor = |term: &str, fields: usize| {
        let lists = names(fields).join(",");
        Cursor {
            full_text_filter: FullText::parse(Some(term), [lists.as_str()]),
            ..Cursor::default()
        }
    };

    assert!(cursor("a", 50).checked().is_ok());
    for refusal in refusals(cursor("a", 100_000)) {
        assert_eq!(refusal, "the text is looked for in more than 50 fields");
    }
    for refusal in refusals(cursor(&"a".repeat(1_001), 1)) {
        assert_eq!(
            refusal,
            "the text to look for has 1001 bytes, and at most 1000 are looked for"
        );
    }
    let commas = ",".repeat(100_000);
    let nowhere = FullText::parse(Some("a"), [commas.as_str()]).unwrap();
    assert_eq!(nowhere.fields, None);
}

#[test]
fn a_request_looks_into_texts_so_many_times() {
    let beginning = |count| {
        let conditions = names(count)
            .into_iter()
            .map(|name| json!({ name: { "$hasPrefix": "a" } }));
        json!({ "$any": conditions.collect::<Vec<_>>() })
    };
    let error = Predicate::parse(beginning(51)).unwrap_err();
    assert_eq!(
        error.message(),
        "Invalid query at `query.$any[50].spec.f50.$hasPrefix`: the query has more than 50 `$hasPrefix` here"
    );

    let cursor = |fields: usize| Cursor {
        query: Some(Predicate::parse(beginning(30)).unwrap()),
        full_text_filter: FullText::parse(Some("a"), [names(fields).join(",").as_str()]),
        ..Cursor::default()
    };
    assert!(cursor(20).checked().is_ok());
    for refusal in refusals(cursor(21)) {
        assert_eq!(
            refusal,
            "the request looks into the texts of fields 51 times, and at most 50 are answered"
        );
    }
}

#[test]
fn conditions_that_say_nothing_count_too() {
    for nothing in [json!({}), json!({ "$all": [] }), json!({ "$any": [] })] {
        let many = vec![nothing; 2_000];
        for operator in ["$all", "$any"] {
            let error = Predicate::parse(json!({ operator: many })).unwrap_err();
            assert!(
                error.message().contains("more than 1000 conditions"),
                "{error}"
            );
        }
    }
}

#[test]
fn a_query_is_short_enough_for_its_cursor_to_come_back() {
    let asked = |bytes: usize| Predicate::parse(json!({ "kind": "x".repeat(bytes) }));
    assert_eq!(
        asked(70_000).unwrap_err().message(),
        "Invalid query at `query`: it has 70011 bytes, and at most 65536 are read"
    );

    // As long as an address may be, and of characters that take the most room in a cursor.
    let filter = format!("kind={}", "\\\"".repeat(30_000));
    let cursor = Cursor {
        query: Some(asked(65_000).unwrap()),
        filter: Filter::parse([filter.as_str()]).unwrap(),
        ..Cursor::default()
    };
    let back = Cursor::parse(&cursor.print().unwrap()).unwrap();
    assert_eq!(back, cursor);
}

#[test]
fn a_list_is_sorted_by_so_many_fields() {
    let by = |field: String| OrderField {
        field,
        order: Direction::Asc,
    };
    let cursor = |fields: Vec<String>| Cursor {
        order_fields: fields.into_iter().map(by).collect(),
        ..Cursor::default()
    };

    for refusal in refusals(cursor(names(9))) {
        assert_eq!(refusal, "there are more than 8 fields to sort by");
    }
    for refusal in refusals(cursor(vec!["x".repeat(501)])) {
        assert!(
            refusal.starts_with("the name of a field has 501 bytes"),
            "{refusal}"
        );
    }
}

#[test]
fn as_many_fields_are_kept_as_anybody_shows() {
    for (lists, message) in [
        (names(201).join(","), "there are more than 200 fields"),
        (
            "a.".repeat(9_000),
            "there are more than 16384 bytes in `fields`",
        ),
    ] {
        let error = Fields::parse([lists.as_str()]).unwrap_err();
        assert_eq!(error.message(), message);
    }
    let again = "kind,".repeat(100_000);
    assert_eq!(
        Fields::parse([again.as_str()]).unwrap(),
        Fields::parse(["kind"]).unwrap()
    );
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let page = Cursor::default().print().unwrap();
    let offset = Offset {
        limit: Some(2),
        offset: Some(2),
    };
    let offset = offset.print().unwrap();
    let locations = LocationQuestion::new(2, None)
        .and_then(|question| question.cursor_after("1"))
        .unwrap();

    for other in [&offset, &locations] {
        let error = Cursor::parse(other).unwrap_err();
        assert_eq!(error.code(), "malformed-cursor");
    }
    for other in [&page, &locations] {
        let error = Offset::parse(other).unwrap_err();
        assert_eq!(error.code(), "malformed-cursor");
    }
    for other in [&page, &offset] {
        let error = LocationQuestion::from_cursor(other).unwrap_err();
        assert_eq!(error.code(), "malformed-cursor");
    }
}
