//! Writes values as YAML for people to read.

use std::fmt::Write;

use serde_json::Value;

/// `value` as a YAML document that reads back as the same value.
pub(super) fn print(value: &Value) -> String {
    let mut text = String::new();
    if is_block(value) {
        block(&mut text, value, 0);
    } else {
        line(&mut text, value);
    }
    text
}

/// The entries of a list or object, each on lines of its own, `depth` levels in.
fn block(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                indent(text, depth);
                scalar(text, key);
                text.push(':');
                if is_block(value) {
                    text.push('\n');
                    block(text, value, depth + 1);
                } else {
                    text.push(' ');
                    line(text, value);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                indent(text, depth);
                text.push('-');
                if is_block(item) {
                    text.push('\n');
                    block(text, item, depth + 1);
                } else {
                    text.push(' ');
                    line(text, item);
                }
            }
        }
        _ => line(text, value),
    }
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(entries) => !entries.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn line(text: &mut String, value: &Value) {
    match value {
        Value::String(string) => scalar(text, string),
        // Numbers, flags, null, `{}` and `[]` are written alike in JSON and YAML.
        other => {
            let _ = write!(text, "{other}");
        }
    }
    text.push('\n');
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

/// A string as it is when nothing else could be meant, otherwise in double quotes.
fn scalar(text: &mut String, string: &str) {
    if is_plain(string) {
        text.push_str(string);
    } else {
        let _ = write!(text, "{}", Value::from(string));
    }
}

fn is_plain(string: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || "_-/.$".contains(c);
    let words = string
        .split(' ')
        .all(|word| !word.is_empty() && word.chars().all(inside));
    let starts = string.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '$');
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    words && starts && !reserved.contains(&string.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use callboard_model::yaml;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[ -~]{0,12}".prop_map(Value::from),
            prop_oneof![
                Just("yes"),
                Just("1e3"),
                Just("a: b"),
                Just("- x"),
                Just("é\n\tx"),
                Just("#/a")
            ]
            .prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[ -~]{1,6}", inner, 0..4).prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back_as_the_same_value(value in values()) {
            let text = print(&value);
            let stream = yaml::parse(&text, &yaml::Options::default());
            prop_assert!(stream.problems.is_empty(), "{text}\n{:?}", stream.problems);
            prop_assert_eq!(&stream.documents[0].value, &value, "{}", text);
        }
    }

    #[test]
    fn it_looks_as_people_write_it() {
        let value = json!({ "openapi": "3.1.0", "paths": { "/pets": { "get": { "tags": ["a b", 1], "x": {} } } } });
        assert_eq!(
            print(&value),
            "openapi: \"3.1.0\"\npaths:\n  /pets:\n    get:\n      tags:\n        - a b\n        - 1\n      x: {}\n"
        );
    }
}
