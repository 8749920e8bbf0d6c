//! Projections of entities, against the obvious evaluation.

use serde_json::Value;

use super::check;
use super::sample::SAMPLE;
use crate::query::Fields;
use crate::query::reference::kept;

/// The first line is the `fields` parameter, the rest the JSON of an entity; without it, those of the sample.
pub(super) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let (list, json) = text.split_once('\n').unwrap_or((text, ""));
    let fields = match Fields::parse([list]) {
        Ok(Some(fields)) => fields,
        Ok(None) => return,
        Err(error) => return check::refusal(&error),
    };
    let names: Vec<&str> = list.split(',').map(str::trim).collect();
    match serde_json::from_str::<Value>(json) {
        Ok(entity) if entity.is_object() => compare(&fields, &names, &entity),
        _ => {
            let entities = SAMPLE.reference.entities.values();
            entities.for_each(|entity| compare(&fields, &names, entity));
        }
    }
}

fn compare(fields: &Fields, names: &[&str], entity: &Value) {
    let once = projected(fields, entity);
    let names: Vec<&str> = names.iter().copied().filter(|n| !n.is_empty()).collect();
    assert_eq!(once, kept(entity, &names), "{names:?} of {entity}");
    assert_eq!(projected(fields, &once), once, "{names:?} of {entity}");
}

fn projected(fields: &Fields, entity: &Value) -> Value {
    let mut body = Vec::new();
    fields
        .append(entity.to_string().as_bytes(), &mut body)
        .expect("an object is projected");
    serde_json::from_slice(&body).expect("a projection is JSON")
}
