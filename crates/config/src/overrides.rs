//! `APP_CONFIG_a_b_c`: single values from the environment, above every file.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::Environment;
use crate::budget::MAX_DEPTH;
use crate::diagnostic::{Diagnostic, Place};
use crate::document;
use crate::node::{Content, Node, Origin, Provenance};

const PREFIX: &str = "APP_CONFIG_";

/// The values that the environment sets, if any, and what is wrong with the variables.
pub(crate) fn read(environment: &Environment) -> (Option<Node>, Vec<Diagnostic>) {
    let mut root: Option<Node> = None;
    let mut faults = Vec::new();
    for (key, value) in environment
        .with_prefix(PREFIX)
        .filter(|(_, value)| !value.is_empty())
    {
        let origin = origin(key);
        match parse(value, &origin) {
            Ok(node) => {
                let top = root.get_or_insert_with(|| object(&origin));
                if let Err(fault) = insert(top, key, node, &origin) {
                    faults.push(fault);
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    (root, faults)
}

fn origin(key: &str) -> Origin {
    let variable = format!("{PREFIX}{key}");
    let name = format!("environment variable `{variable}`");
    Origin::outside_text(name, Provenance::Environment(Arc::from([variable])))
}

fn object(origin: &Origin) -> Node {
    Node {
        content: Content::Object(IndexMap::new()),
        origin: origin.clone(),
    }
}

/// JSON when it is JSON, otherwise the text itself.
fn parse(value: &str, origin: &Origin) -> Result<Node, Diagnostic> {
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    if value.is_null() {
        return Err(fault(
            origin,
            "expected a value, found `null`",
            "unset the variable",
        ));
    }
    Ok(document::plain(value, origin))
}

fn insert(root: &mut Node, key: &str, value: Node, origin: &Origin) -> Result<(), Diagnostic> {
    let parts: Vec<&str> = key.split('_').collect();
    if parts.len() > MAX_DEPTH || !parts.iter().all(|part| is_key_part(part)) {
        let rule = "each part of the name between `_` must start with a letter and continue with letters \
                    and digits, with single `-` or `:` between them";
        return Err(fault(origin, rule, "rename the variable"));
    }
    let Some((last, parents)) = parts.split_last() else {
        return Ok(());
    };
    let mut at = root;
    for (depth, part) in parents.iter().enumerate() {
        let Content::Object(entries) = &mut at.content else {
            return Err(nested(origin, &parts, depth));
        };
        at = entries
            .entry((*part).to_owned())
            .or_insert_with(|| object(origin));
    }
    let Content::Object(entries) = &mut at.content else {
        return Err(nested(origin, &parts, parents.len()));
    };
    if entries.contains_key(*last) {
        let message = "another variable sets the same value";
        return Err(fault(origin, message, "keep one of them"));
    }
    entries.insert((*last).to_owned(), value);
    Ok(())
}

fn nested(origin: &Origin, parts: &[&str], depth: usize) -> Diagnostic {
    let outer = parts.get(..depth).unwrap_or_default().join("_");
    let message = format!("`{PREFIX}{outer}` already sets a value that has no parts");
    fault(origin, &message, "keep one of the two variables")
}

/// A letter, then letters and digits; `-` and `:` may stand between them.
fn is_key_part(part: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.split(['-', ':']).all(word)
}

fn fault(origin: &Origin, message: &str, hint: &str) -> Diagnostic {
    Diagnostic::new("config-variable", message)
        .place(Place::of_value(origin))
        .hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)]) -> String {
        let (root, faults) = read(&Environment::from_pairs(variables.iter().copied()));
        let value = root.map_or(Value::Null, |root| root.to_value());
        let mut lines = vec![value.to_string()];
        lines.extend(faults.iter().map(ToString::to_string));
        lines.join("\n")
    }

    #[test]
    fn names_become_keys_and_json_becomes_values() {
        insta::assert_snapshot!(check(&[
            ("APP_CONFIG_app_title", "My portal"),
            ("APP_CONFIG_backend_listen_port", "8080"),
            ("APP_CONFIG_backend_cors", r#"{"origin":"*"}"#),
            ("APP_CONFIG_some-key_x:y", "true"),
            ("APP_CONFIG_empty", ""),
            ("OTHER", "1"),
        ]), @r#"{"app":{"title":"My portal"},"backend":{"cors":{"origin":"*"},"listen":{"port":8080}},"some-key":{"x:y":true}}"#);
    }

    #[test]
    fn a_variable_may_add_to_an_object_of_another() {
        insta::assert_snapshot!(check(&[
            ("APP_CONFIG_a", r#"{"x":1}"#),
            ("APP_CONFIG_a_y", "2"),
        ]), @r#"{"a":{"x":1,"y":2}}"#);
    }

    #[test]
    fn contradictions_are_refused() {
        insta::assert_snapshot!(check(&[
            ("APP_CONFIG_a", "1"),
            ("APP_CONFIG_a_b", "2"),
            ("APP_CONFIG_n", "null"),
            ("APP_CONFIG_o", r#"{"p":1}"#),
            ("APP_CONFIG_o_p", "1"),
            ("APP_CONFIG_1a", "1"),
            ("APP_CONFIG_a__b", "1"),
        ]), @r#"
        {"a":1,"o":{"p":1}}
        environment variable `APP_CONFIG_1a`: each part of the name between `_` must start with a letter and continue with letters and digits, with single `-` or `:` between them
        environment variable `APP_CONFIG_a__b`: each part of the name between `_` must start with a letter and continue with letters and digits, with single `-` or `:` between them
        environment variable `APP_CONFIG_a_b`: `APP_CONFIG_a` already sets a value that has no parts
        environment variable `APP_CONFIG_n`: expected a value, found `null`
        environment variable `APP_CONFIG_o_p`: another variable sets the same value
        "#);
    }
}
