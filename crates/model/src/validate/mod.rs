//! The rules that every entity follows, whatever its kind (FEATURES CAT-01 … CAT-16).
//!
//! Never here: what a single kind requires ([`kinds`](crate::kinds)).
//! Start reading at [`envelope`].

use serde_json::{Map, Value};

use crate::location_ref::is_script_url;
use crate::problem::Problems;
use crate::{Entity, Problem, annotation, shown};

mod case;
mod metadata;
mod rule;

use rule::Rule;

/// What an entity may have at its root when it is read.
const ROOT_FIELDS: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];
/// What the catalog adds at the root when it is served.
const SERVED_FIELDS: [&str; 2] = ["relations", "status"];
/// What replaces an address that would run a script; the same that other portals show.
const REJECTED_URL: &str = "https://backstage.io/annotation-rejected-for-security-reasons";

/// Everything that is wrong with the entity's envelope, in the order of its fields.
pub fn envelope(entity: &Entity) -> Vec<Problem> {
    let mut problems = Problems::default();
    let object = entity.object();
    for name in object
        .keys()
        .filter(|name| !ROOT_FIELDS.contains(&name.as_str()))
    {
        problems.push(unknown_field(name));
    }
    problems.extend(required(
        object,
        "apiVersion",
        "apiVersion",
        Rule::ApiVersion,
    ));
    problems.extend(required(object, "kind", "kind", Rule::Kind));
    match object.get("metadata") {
        Some(Value::Object(metadata)) => metadata::check(metadata, &mut problems),
        Some(other) => problems.push(wrong_type("metadata", "a mapping", other)),
        None => problems.push(missing("metadata", "add `metadata` with a `name`")),
    }
    match object.get("spec") {
        None | Some(Value::Object(_)) => {}
        Some(other) => problems.push(wrong_type("spec", "a mapping", other)),
    }
    case::check(object, &mut problems);
    problems.into_vec()
}

/// Replaces the addresses in `backstage.io/view-url` and `backstage.io/edit-url` that would run a
/// script in the reader's browser (CAT-16).
pub fn reject_script_urls(entity: &mut Entity) {
    for key in [annotation::VIEW_URL, annotation::EDIT_URL] {
        if entity.annotation(key).is_some_and(is_script_url) {
            entity.set_annotation(key, REJECTED_URL);
        }
    }
}

fn unknown_field(name: &str) -> Problem {
    let message = format!(
        "`{name}` is not a field of an entity, which has {}",
        shown::list(&ROOT_FIELDS)
    );
    let hint = if SERVED_FIELDS.contains(&name) {
        format!("remove it: the catalog itself writes `{name}`")
    } else {
        "move it into `metadata` or `spec`, or remove it".to_owned()
    };
    Problem::new("unknown-field", message).path(name).hint(hint)
}

/// A string that must be there and follow a rule.
fn required(object: &Map<String, Value>, name: &str, path: &str, rule: Rule) -> Option<Problem> {
    match object.get(name) {
        None => Some(missing(path, rule.advice())),
        Some(value) => rule.check(path, value),
    }
}

fn missing(path: &str, hint: &str) -> Problem {
    Problem::new(
        "missing-field",
        format!("`{path}` is missing, and every entity needs one"),
    )
    .path(path)
    .hint(hint)
}

fn wrong_type(path: &str, expected: &str, found: &Value) -> Problem {
    let message = format!(
        "`{path}` must be {expected}, but it is {}",
        shown::value(found)
    );
    let problem = Problem::new("wrong-type", message).path(path);
    match found {
        Value::Null => problem.hint("fill it in, or remove the field"),
        Value::Number(_) | Value::Bool(_) if expected == "a string" => {
            problem.hint(format!("put it in quotes: `\"{found}\"`"))
        }
        _ => problem,
    }
}

#[cfg(test)]
mod tests;
