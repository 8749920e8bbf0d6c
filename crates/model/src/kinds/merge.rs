//! Adds to a JSON Schema without taking anything back.

use serde_json::{Map, Value};

/// Keywords that only describe: the addition's count.
const WORDS: [&str; 4] = ["title", "description", "examples", "default"];

/// Adds `addition` to `schema`; an error is the JSON pointer of what contradicts.
pub(super) fn merge(schema: &mut Value, addition: &Value) -> Result<(), String> {
    match (schema, addition) {
        (Value::Object(schema), Value::Object(addition)) => merge_objects(schema, addition),
        (schema, addition) if schema == addition => Ok(()),
        _ => Err(String::new()),
    }
}

fn merge_objects(
    schema: &mut Map<String, Value>,
    addition: &Map<String, Value>,
) -> Result<(), String> {
    for (key, value) in addition {
        let Some(known) = schema.get_mut(key) else {
            schema.insert(key.clone(), value.clone());
            continue;
        };
        match (key.as_str(), known, value) {
            ("required", Value::Array(known), Value::Array(more)) => {
                let new: Vec<_> = more
                    .iter()
                    .filter(|one| !known.contains(one))
                    .cloned()
                    .collect();
                known.extend(new);
            }
            (key, known, value) if WORDS.contains(&key) && value.is_string() => {
                *known = value.clone();
            }
            (key, known, value) => merge(known, value).map_err(|pointer| {
                format!("/{}{pointer}", key.replace('~', "~0").replace('/', "~1"))
            })?,
        }
    }
    Ok(())
}
