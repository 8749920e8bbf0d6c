//! `$text`, `$json` and `$yaml`: what is in one document.

use callboard_model::{Problem, Span, yaml};
use serde_json::Value;

use super::own_place;
use crate::placeholder::{Documents, PlaceholderResolver, Unresolved};

/// `$text`: the text as it is.
pub(crate) struct Text;

/// `$json`: the value that the text writes in JSON.
pub(crate) struct Json;

/// `$yaml`: the value that the text writes in YAML, in exactly one document.
pub(crate) struct Yaml;

impl PlaceholderResolver for Text {
    fn key(&self) -> &'static str {
        "text"
    }

    fn resolve(&self, target: &str, documents: &mut Documents<'_>) -> Result<Value, Unresolved> {
        let text = documents.text(&own_place(target, documents)?)?;
        Ok(Value::from(&*text))
    }
}

impl PlaceholderResolver for Json {
    fn key(&self) -> &'static str {
        "json"
    }

    fn resolve(&self, target: &str, documents: &mut Documents<'_>) -> Result<Value, Unresolved> {
        let text = documents.text(&own_place(target, documents)?)?;
        let parsed = serde_json::from_str(&text).map_err(|error| {
            let message = format!("`{target}` is no JSON: {error}");
            Problem::new("placeholder-json", message).hint("correct the file")
        });
        Ok(parsed?)
    }
}

impl PlaceholderResolver for Yaml {
    fn key(&self) -> &'static str {
        "yaml"
    }

    fn resolve(&self, target: &str, documents: &mut Documents<'_>) -> Result<Value, Unresolved> {
        let text = documents.text(&own_place(target, documents)?)?;
        Ok(one_document(target, &text)?)
    }
}

/// The one value in `text`.
pub(super) fn one_document(target: &str, text: &str) -> Result<Value, Problem> {
    let stream = yaml::parse(text, &yaml::Options::default());
    if let Some(problem) = stream.problems.first() {
        let message = format!("`{target}`{}: {}", place(problem.span), problem.message);
        let hint = problem.hint.as_deref().unwrap_or("correct the file");
        return Err(Problem::new("placeholder-yaml", message).hint(hint));
    }
    let found = stream.documents.len();
    match stream.documents.into_iter().next() {
        Some(document) if found == 1 => Ok(document.value),
        _ => {
            let message =
                format!("`{target}` has {found} YAML documents, and must have exactly one");
            Err(Problem::new("placeholder-yaml-documents", message)
                .hint("take out the other documents, or the lines `---` between them"))
        }
    }
}

fn place(span: Option<Span>) -> String {
    span.map(|span| format!(":{}:{}", span.line, span.column))
        .unwrap_or_default()
}
