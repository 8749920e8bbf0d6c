//! Catalog files: from text to entities, to what people see, to what can be found.

use std::collections::BTreeSet;

use bytes::Bytes;
use callboard_model::kinds::Kinds;
use callboard_model::{Entity, EntityRef, Problem, Span, parse, validate, yaml};
use serde_json::{Value, json};
use uuid::Uuid;

use super::check;
use crate::engine::{assemble, own_half};
use crate::index::{Change, Index, SharedIndex};
use crate::query::reference::{kept, rows};
use crate::query::{Expression, Fields};
use crate::sql::feed::FinalParts;

/// The obvious evaluation compares every row of an entity with every other one.
const MOST_COMPARED: usize = 8 * 1024;
/// Longer keys have to be written with `?`, and JSON has no such thing.
const LONGEST_KEY: usize = 1_000;

/// Values in one input: a hundred bytes can ask for as many as there may be, and would again and again.
const MOST_VALUES: usize = 20_000;

/// The input is a file.
pub(super) fn run(input: &[u8]) {
    for merge_keys in [false, true] {
        let options = options(merge_keys);
        let parsed = parse::entities(input, Kinds::built_in(), &options);
        let of_entities = parsed.entities.iter().flat_map(|one| &one.problems);
        for problem in parsed.problems.iter().chain(of_entities) {
            check::problem(problem);
            problem.span.iter().for_each(|span| place(input, *span));
        }
        let mut refs = BTreeSet::new();
        for one in parsed.entities {
            place(input, one.span);
            let entity_ref = one.entity.entity_ref().expect("it has a name");
            assert!(refs.insert(entity_ref), "there are two of one name");
            if one.problems.is_empty() {
                finish(one.entity);
            }
        }
    }
    if let Ok(text) = std::str::from_utf8(input) {
        let stream = yaml::parse(text, &options(false));
        let documents = stream.documents.into_iter();
        documents.for_each(|document| is_json(&document.value));
    }
}

fn options(merge_keys: bool) -> yaml::Options {
    yaml::Options {
        merge_keys,
        max_nodes: MOST_VALUES,
        ..yaml::Options::default()
    }
}

/// A place is one in the text, and its line is the one that an editor shows.
fn place(input: &[u8], span: Span) {
    let found = input.get(span.start..span.end);
    assert!(found.is_some(), "{span:?} of {} bytes", input.len());
    assert!(span.line > 0 && span.column > 0, "{span:?}");
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let ends = [span.start, span.end];
    assert!(
        ends.iter().all(|end| text.is_char_boundary(*end)),
        "{span:?}"
    );
    let before = &text[..span.start];
    if !text.contains('\r') {
        let line = before.matches('\n').count() + 1;
        assert_eq!(span.line, line, "{span:?} of {text:?}");
    }
}

/// What YAML gives is JSON, which is YAML and gives the same.
fn is_json(value: &Value) {
    let json = value.to_string();
    let read: Value = serde_json::from_str(&json).expect("a value is JSON");
    assert_eq!(read, *value);
    if longest_key(value) > LONGEST_KEY {
        return;
    }
    let stream = yaml::parse(&escaped(&json), &yaml::Options::default());
    assert!(stream.problems.is_empty(), "{:?} {json}", stream.problems);
    assert_eq!(stream.documents[0].value, *value);
}

fn longest_key(value: &Value) -> usize {
    let longest = match value {
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| key.len().max(longest_key(value)))
            .max(),
        Value::Array(items) => items.iter().map(longest_key).max(),
        _ => None,
    };
    longest.unwrap_or_default()
}

/// JSON may have characters as they are that YAML wants escaped.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// Takes an entity without problems through the steps of the pipeline that read it.
fn finish(mut entity: Entity) {
    let entity_ref = entity.entity_ref().expect("it was parsed with one");
    let kinds = Kinds::built_in();
    kinds.normalize(&mut entity);
    if !entity.metadata_mut().contains_key("namespace") {
        let metadata = entity.metadata_mut();
        metadata.insert("namespace".to_owned(), "default".into());
    }
    // Problems that placeholders settle later are not told when a file is read.
    let problems = [validate::envelope(&entity), kinds.validate(&entity)].concat();
    problems.iter().for_each(check::problem);
    let (relations, broken) = kinds.relations(&entity);
    broken.iter().for_each(check::problem);
    let name = entity.entity_ref().expect("normalizing keeps the name");
    assert_eq!(name, entity_ref);
    if !problems.is_empty() {
        return placeholder_is_why(&entity, &problems);
    }
    let relations: Vec<Value> = relations
        .iter()
        .filter(|relation| relation.source == entity_ref)
        .map(|relation| json!({ "type": relation.kind, "targetRef": relation.target }))
        .collect();
    index(&entity_ref, entity, &json!(relations));
}

fn placeholder_is_why(entity: &Entity, problems: &[Problem]) {
    let json = Value::Object(entity.object().clone()).to_string();
    assert!(json.contains("{\"$"), "{problems:?} appear later in {json}");
}

/// Whatever the final entity has, it can be found by, and nothing is left of it when it is gone.
fn index(entity_ref: &EntityRef, entity: Entity, relations: &Value) {
    let own = own_half(entity);
    let parts = FinalParts {
        metadata_end: i64::try_from(own.metadata_end).expect("it is a place in the input"),
        entity: own.json,
        etag: "e".to_owned(),
        tail: format!("\"relations\":{relations}"),
    };
    let json = assemble("u", &parts).expect("both halves fit together");
    let entity: Value = serde_json::from_str(&json).expect("a final entity is JSON");
    let shared = SharedIndex::default();
    let change = |json| Change {
        entity_ref: entity_ref.clone(),
        uid: Uuid::nil(),
        json,
    };
    shared.apply(vec![change(Some(Bytes::from(json.clone())))], 1);
    assert!(shared.read().id_of(entity_ref.as_str()).is_some());
    if json.len() <= MOST_COMPARED {
        is_found(&shared.read(), &entity);
        project(&entity);
    }
    shared.apply(vec![change(None)], 2);
    assert!(shared.read().live().is_empty());
}

fn is_found(index: &Index, entity: &Value) {
    for (key, value) in rows(entity) {
        let has = Expression::Has(key.clone());
        assert!(!has.evaluate(index).is_empty(), "{key} in {entity}");
        if let Some((lower, _)) = value {
            let is = Expression::Is(key.clone(), lower.clone());
            assert!(!is.evaluate(index).is_empty(), "{key}={lower} in {entity}");
            let contains = Expression::Contains(key.clone(), lower.clone());
            assert!(!contains.evaluate(index).is_empty(), "{key}~{lower}");
            let prefix = Expression::Prefix(key.clone(), lower.clone());
            assert!(!prefix.evaluate(index).is_empty(), "{key}^{lower}");
        }
    }
}

/// Its own keys, as they are written, are kept as the obvious evaluation keeps them.
fn project(entity: &Value) {
    let keys = rows(entity).into_iter().map(|(key, _)| key);
    let list = keys.take(20).collect::<Vec<_>>().join(",");
    let Ok(Some(fields)) = Fields::parse([list.as_str()]) else {
        return;
    };
    let mut body = Vec::new();
    let json = entity.to_string();
    fields
        .append(json.as_bytes(), &mut body)
        .expect("a final entity is an object");
    let body: Value = serde_json::from_slice(&body).expect("a projection is JSON");
    let names: Vec<&str> = list.split(',').map(str::trim).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    assert_eq!(body, kept(entity, &names), "{list} of {entity}");
}
