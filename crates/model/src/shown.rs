//! Values as they stand in a sentence for people.

use std::borrow::Cow;

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

/// A text of at most about `most` characters: of a longer one its start and its end, because a sentence that quotes
/// what somebody sent begins with what was tried, and ends with the rule.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most || text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    let half = most / 2;
    let start = text.char_indices().nth(half).map_or(0, |(end, _)| end);
    let mut backwards = text.char_indices().rev();
    let end = half.checked_sub(1).and_then(|last| backwards.nth(last));
    let end = end.map_or(text.len(), |(end, _)| end);
    Cow::Owned(format!("{} … {}", &text[..start], &text[end..]))
}

/// Names, each in backticks.
pub(crate) fn list(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn of_a_long_text_the_start_and_the_end_are_shown() {
        for (text, most, expected) in [
            ("", 0, ""),
            ("abcdef", 6, "abcdef"),
            ("äöüäöü", 6, "äöüäöü"),
            ("abcdefg", 6, "abc … efg"),
            ("äöüßäöü", 4, "äö … öü"),
            ("abc", 1, " … "),
        ] {
            assert_eq!(shortened(text, most), expected, "{text} {most}");
        }
    }
}
