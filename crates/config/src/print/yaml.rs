//! Prints JSON values as YAML that reads back as the same values.

use std::fmt::Write;

use serde_json::Value;

use super::origin_below;
use crate::diagnostic::Place;
use crate::key_path::Step;
use crate::node::Node;
use crate::secrecy::REDACTED;

/// `value` as a document; with `origins`, the same tree with places, each scalar says where it is from.
pub(super) fn print(value: &Value, origins: Option<&Node>) -> String {
    let mut text = String::new();
    match value {
        Value::Object(entries) if !entries.is_empty() => block(&mut text, value, origins, 0),
        _ => line(&mut text, value, origins),
    }
    text
}

/// The entries of a list or object, each on its own lines, `depth` levels in.
fn block(text: &mut String, value: &Value, origins: Option<&Node>, depth: usize) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let origins = origin_below(origins, &Step::Key(key.clone()));
                indent(text, depth);
                text.push_str(&scalar(key));
                text.push(':');
                if is_block(value) {
                    text.push('\n');
                    block(text, value, origins, depth + 1);
                } else {
                    text.push(' ');
                    line(text, value, origins);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let origins = origin_below(origins, &Step::Index(index));
                indent(text, depth);
                text.push_str("- ");
                if is_block(item) {
                    // The first line of the item follows the dash, which is as wide as one level.
                    let mut lines = String::new();
                    block(&mut lines, item, origins, depth + 1);
                    text.push_str(lines.trim_start());
                } else {
                    line(text, item, origins);
                }
            }
        }
        _ => {}
    }
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(entries) => !entries.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn line(text: &mut String, value: &Value, origins: Option<&Node>) {
    match value {
        Value::String(string) => text.push_str(&scalar(string)),
        // Numbers, flags, null, `{}` and `[]` are written alike in JSON and YAML.
        other => {
            let _ = write!(text, "{other}");
        }
    }
    if let Some(node) = origins.filter(|node| !node.origin.is_nowhere()) {
        let place = Place::of_value(&node.origin);
        let _ = write!(text, "  # {}", place.to_string().replace('\n', " "));
    }
    text.push('\n');
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

/// A string as it is when nothing else could be meant, otherwise in double quotes.
fn scalar(string: &str) -> String {
    if string == REDACTED || is_plain(string) {
        string.to_owned()
    } else {
        Value::from(string).to_string()
    }
}

fn is_plain(string: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "/_.-+=()@$;".contains(c);
    let mut previous = ' ';
    for c in string.chars() {
        // A colon or a space is harmless between two ordinary characters.
        let joins = (c == ':' || c == ' ') && inside(previous);
        if !(inside(c) || joins) || (previous == ':' && !inside(c)) {
            return false;
        }
        previous = c;
    }
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_reserved = reserved.contains(&string.to_lowercase().as_str());
    starts_plainly(string) && inside(previous) && !is_reserved
}

/// Whether a string can be no number, date or YAML sign, judged by its start.
fn starts_plainly(string: &str) -> bool {
    let is_measure = string.chars().all(char::is_alphanumeric) && string.parse::<f64>().is_err();
    let is_prefixed = string.starts_with("0x") || string.starts_with("0o");
    string.starts_with(|c: char| c.is_alphabetic() || c == '/' || c == '_')
        || (is_measure && !is_prefixed)
}
