//! What is said when an entity does not follow its kind.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use super::form::Form;
use super::{Kind, Kinds};
use crate::{Problem, path, shown};

/// What to do with a field that says nothing.
const FILL_IN: &str = "fill it in, or remove it";
/// How unlike a known name a misspelled one may be.
const MOST_TYPOS: usize = 3;

pub(super) fn unknown_kind(kinds: &Kinds, name: &str) -> Problem {
    let known: Vec<&str> = kinds.iter().map(Kind::name).collect();
    let hint = match nearest(name, &known) {
        Some(nearest) => format!(
            "did you mean `{nearest}`? Known kinds are {}",
            shown::list(&known)
        ),
        None => format!("known kinds are {}", shown::list(&known)),
    };
    Problem::new(
        "unknown-kind",
        format!("`{name}` is not a kind that this catalog knows"),
    )
    .path("kind")
    .hint(hint)
}

pub(super) fn unknown_api_version(kind: &Kind, api_version: &str) -> Problem {
    let message = format!(
        "`{api_version}` is not an `apiVersion` of the kind `{}`",
        kind.name
    );
    Problem::new("unknown-api-version", message)
        .path("apiVersion")
        .hint(format!(
            "write {}",
            kind.api_versions()
                .iter()
                .map(|v| format!("`{v}`"))
                .collect::<Vec<_>>()
                .join(" or ")
        ))
}

pub(super) fn no_spec(kind: &Kind, form: &Form) -> Problem {
    let required: Vec<&str> = form.schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let problem = Problem::new(
        "missing-field",
        format!("`spec` is missing, and {} needs one", article(&kind.name)),
    )
    .path("spec");
    if required.is_empty() {
        problem
    } else {
        problem.hint(format!("add `spec` with {}", shown::list(&required)))
    }
}

/// What `schema` found in the value at `root`, in words that help; `subject` is what has to follow it.
pub(super) fn invalid(
    subject: &str,
    schema: &Value,
    root: &str,
    error: &ValidationError<'_>,
) -> Problem {
    let place = path::below(root, error.instance_path().as_str());
    let found = error.instance();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            missing(subject, schema, root, property, &place, error)
        }
        ValidationErrorKind::Type { kind: expected } => wrong_type(&place, found, expected),
        ValidationErrorKind::MinLength { .. } => {
            let problem = Problem::new("empty-field", format!("`{place}` is empty")).path(&place);
            problem.hint(
                described(schema, error)
                    .map_or_else(|| FILL_IN.to_owned(), |what| format!("say {what}")),
            )
        }
        ValidationErrorKind::MinItems { limit } => {
            let message = format!("`{place}` has too few items; at least {limit} must be given");
            let problem = Problem::new("too-few-items", message).path(&place);
            hinted(
                problem,
                described(schema, error).map(|what| format!("say {what}")),
            )
        }
        ValidationErrorKind::MaxLength { limit } => {
            let message = format!("`{place}` is longer than {limit} characters");
            Problem::new("too-long", message)
                .path(&place)
                .hint("shorten it")
        }
        ValidationErrorKind::Enum { options } => {
            let known: Vec<&str> = options
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let message = format!(
                "`{place}` is {}, which is none of {}",
                shown::value(found),
                shown::list(&known)
            );
            let nearest = found.as_str().and_then(|text| nearest(text, &known));
            hinted(
                Problem::new("unknown-value", message).path(&place),
                nearest.map(|n| format!("did you mean `{n}`?")),
            )
        }
        ValidationErrorKind::Pattern { pattern } => {
            let message = format!(
                "`{place}` is {}, which does not match `{pattern}`",
                shown::value(found)
            );
            let what = described(schema, error).map(|what| format!("say {what}"));
            hinted(Problem::new("wrong-form", message).path(&place), what)
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            unexpected_field(schema, unexpected, &place, error)
        }
        _ => Problem::new("invalid-field", format!("`{place}` is not valid: {error}")).path(&place),
    }
}

fn missing(
    subject: &str,
    schema: &Value,
    root: &str,
    property: &Value,
    place: &str,
    error: &ValidationError<'_>,
) -> Problem {
    let name = property.as_str().unwrap_or_default();
    let path = path::key(place, name);
    let message = if place == root {
        format!("`{path}` is missing, and {subject} needs one")
    } else {
        format!("`{path}` is missing")
    };
    let schema = schema_of(schema, error).and_then(|schema| schema.get("properties")?.get(name));
    let what = schema
        .and_then(|schema| schema.get("description"))
        .and_then(Value::as_str);
    hinted(
        Problem::new("missing-field", message).path(path),
        what.map(|what| format!("add `{name}`: {what}")),
    )
}

fn unexpected_field(
    schema: &Value,
    unexpected: &[String],
    place: &str,
    error: &ValidationError<'_>,
) -> Problem {
    let name = unexpected.first().map(String::as_str).unwrap_or_default();
    let path = path::key(place, name);
    let known: Vec<&str> = schema_of(schema, error)
        .and_then(|schema| schema.get("properties")?.as_object())
        .map(|properties| properties.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let hint = match nearest(name, &known) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("known here are {}", shown::list(&known)),
    };
    Problem::new("unknown-field", format!("`{path}` is not a known field"))
        .path(path)
        .hint(hint)
}

fn wrong_type(place: &str, found: &Value, expected: &TypeKind) -> Problem {
    let expected: Vec<String> = match expected {
        TypeKind::Single(one) => vec![type_words(&one.to_string())],
        TypeKind::Multiple(several) => several
            .iter()
            .map(|one| type_words(&one.to_string()))
            .collect(),
    };
    let message = format!(
        "`{place}` must be {}, but it is {}",
        expected.join(" or "),
        shown::value(found)
    );
    let problem = Problem::new("wrong-type", message).path(place);
    let wants = |words: &str| expected.iter().any(|expected| expected == words);
    match found {
        Value::Number(_) | Value::Bool(_) if wants("a string") => {
            problem.hint(format!("put it in quotes: `\"{found}\"`"))
        }
        Value::String(text) if expected == ["a list"] => {
            problem.hint(format!("write it as a list: `[{text}]`"))
        }
        Value::Null => problem.hint(FILL_IN),
        _ => problem,
    }
}

fn type_words(name: &str) -> String {
    match name {
        "array" => "a list",
        "object" => "a mapping",
        "string" => "a string",
        "boolean" => "`true` or `false`",
        "null" => "empty",
        "integer" => "a whole number",
        _ => "a number",
    }
    .to_owned()
}

/// What the schema says about the value that is wrong.
fn described<'s>(schema: &'s Value, error: &ValidationError<'_>) -> Option<&'s str> {
    schema_of(schema, error)?.get("description")?.as_str()
}

/// The part of the schema that holds the keyword that failed.
fn schema_of<'s>(schema: &'s Value, error: &ValidationError<'_>) -> Option<&'s Value> {
    let (parent, _) = error.schema_path().as_str().rsplit_once('/')?;
    schema.pointer(parent)
}

fn hinted(problem: Problem, hint: Option<String>) -> Problem {
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

pub(super) fn article(name: &str) -> String {
    let vowel = name.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}

fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let distance =
        |other: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
    let most = MOST_TYPOS.min(name.chars().count() / 2);
    known
        .iter()
        .map(|other| (distance(other), *other))
        .filter(|(typos, _)| *typos <= most)
        .min()
        .map(|(_, n)| n)
}
