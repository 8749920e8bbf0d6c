//! How keys that are collections are spelled.

use serde_json::Value;

use super::scalar::number_text;

/// A collection as a key: in flow notation, which is what JavaScript's `yaml` makes of it.
pub(super) fn spell(value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(items) => format!(
            "[ {} ]",
            items.iter().map(spell).collect::<Vec<_>>().join(", ")
        ),
        Value::Object(object) if object.is_empty() => "{}".to_owned(),
        Value::Object(object) => {
            let pairs: Vec<_> = object.iter().map(pair).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        Value::String(text) => text.clone(),
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), number_text),
        Value::Bool(_) | Value::Null => value.to_string(),
    }
}

fn pair((key, value): (&String, &Value)) -> String {
    if value.is_null() {
        key.clone()
    } else {
        format!("{key}: {}", spell(value))
    }
}
