//! Values as they stand in a sentence for people.

use serde_json::Value;

/// The longest text that a sentence quotes in full, in characters.
const LONGEST: usize = 80;

/// A value, such as "the number `7`".
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Bool(_) => format!("the boolean `{value}`"),
        Value::Number(_) => format!("the number `{value}`"),
        Value::String(string) => format!("the string `{}`", text(string)),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "a mapping".to_owned(),
    }
}

/// A text, shortened where it would hide the sentence.
pub(crate) fn text(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Names, each in backticks.
pub(crate) fn list(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
