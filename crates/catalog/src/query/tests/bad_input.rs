//! Input that makes no sense is refused, never answered with a panic.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use callboard_model::ErrorKind;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::lists::readable;
use super::sample::{World, steps};
use crate::query::{Cursor, Fields, Filter, Listing, Offset, OrderField};

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
