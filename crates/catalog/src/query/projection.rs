//! Answers with parts of entities only: the `fields` parameter.

use callboard_model::{Error, Result};
use serde_json::{Map, Value};

/// Requests with more fields are refused.
const MOST_FIELDS: usize = 200;

/// Dotted paths of what to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fields(Vec<String>);

impl Fields {
    /// Reads lists of paths separated by commas; `None` when there is no path in them.
    pub(crate) fn parse<'a>(lists: impl IntoIterator<Item = &'a str>) -> Result<Option<Self>> {
        let mut fields: Vec<String> = Vec::new();
        for field in lists
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
        {
            if field.contains('[') {
                let message =
                    format!("invalid field `{field}`: array type fields are not supported");
                return Err(Error::invalid("invalid-field", message).hint("ask for the whole list"));
            }
            if field.is_empty() || fields.iter().any(|earlier| earlier == field) {
                continue;
            }
            if fields.len() == MOST_FIELDS {
                let message = format!("there are more than {MOST_FIELDS} fields");
                return Err(Error::invalid("too-many-fields", message).hint("leave `fields` out"));
            }
            fields.push(field.to_owned());
        }
        Ok((!fields.is_empty()).then_some(Self(fields)))
    }

    /// Appends the kept parts of the entity in `json` to `body`.
    pub(crate) fn append(&self, json: &[u8], body: &mut Vec<u8>) -> Result<()> {
        let failed = |error| {
            Error::internal(
                "unreadable-entity",
                "keeping some fields of a stored entity",
            )
            .source(error)
        };
        let entity: Value = serde_json::from_slice(json).map_err(failed)?;
        serde_json::to_writer(body, &self.of(&entity)).map_err(failed)
    }

    /// The kept parts of `entity`.
    pub(crate) fn of(&self, entity: &Value) -> Value {
        let mut kept = Value::Object(Map::new());
        for field in &self.0 {
            if let Some((path, value)) = find(entity, field) {
                put(&mut kept, &path, value);
            }
        }
        kept
    }
}

/// One step of a path: a key, or a place in a list.
enum Step<'a> {
    Key(&'a str),
    Place(usize),
}

/// Goes down the path. A part that is not there is joined with the next one, because keys such as
/// those of annotations contain dots.
fn find<'a>(entity: &'a Value, field: &'a str) -> Option<(Vec<Step<'a>>, &'a Value)> {
    let mut steps = Vec::new();
    let mut value = entity;
    let mut start = 0;
    let ends = field
        .match_indices('.')
        .map(|(end, _)| end)
        .chain([field.len()]);
    for end in ends {
        let part = &field[start..end];
        if let Some((step, child)) = child(value, part) {
            steps.push(step);
            value = child;
            start = end + 1;
        }
    }
    (start > field.len()).then_some((steps, value))
}

fn child<'a>(value: &'a Value, part: &'a str) -> Option<(Step<'a>, &'a Value)> {
    match value {
        Value::Object(object) => Some((Step::Key(part), object.get(part)?)),
        Value::Array(list) => {
            let place = part.parse().ok()?;
            Some((Step::Place(place), list.get(place)?))
        }
        _ => None,
    }
}

fn put(target: &mut Value, path: &[Step<'_>], value: &Value) {
    let Some((step, rest)) = path.split_first() else {
        *target = value.clone();
        return;
    };
    match step {
        Step::Key(key) => {
            if !target.is_object() {
                *target = Value::Object(Map::new());
            }
            if let Value::Object(object) = target {
                put(object.entry(*key).or_insert(Value::Null), rest, value);
            }
        }
        Step::Place(place) => {
            if !target.is_array() {
                *target = Value::Array(Vec::new());
            }
            if let Value::Array(list) = target {
                if list.len() <= *place {
                    list.resize(place + 1, Value::Null);
                }
                put(&mut list[*place], rest, value);
            }
        }
    }
}
