//! From the bytes of a file to entities, and to what is wrong with them.
//!
//! A broken document never hides those around it: an entity that has a name carries its own
//! problems, and everything else becomes a problem of the text.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::kinds::Kinds;
use crate::problem::Problems;
use crate::{Entity, EntityRef, Problem, Span, path, validate, yaml};

mod encoding;

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The entities, in the order of the text, broken ones included as far as they have a name.
    pub entities: Vec<ParsedEntity>,
    /// What is wrong with the text and belongs to no entity with a name.
    pub problems: Vec<Problem>,
}

/// One entity of a text.
#[derive(Clone, Debug)]
pub struct ParsedEntity {
    /// What the document says.
    pub entity: Entity,
    /// Where its document is.
    pub span: Span,
    /// What is wrong with it, each with its place in the text.
    pub problems: Vec<Problem>,
}

/// Reads every entity in `bytes`.
///
/// Of several entities with one reference the first counts, and the others are problems of the text.
pub fn entities(bytes: &[u8], kinds: &Kinds, options: &yaml::Options) -> Parsed {
    if let Some(problem) = encoding::utf_16(bytes) {
        return Parsed {
            problems: vec![problem],
            ..Parsed::default()
        };
    }
    let (text, misread) = match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Vec::new()),
        Err(_) => encoding::mask(bytes),
    };
    let stream = yaml::parse(&text, options);
    let (documents, unreadable) = encoding::split(stream.documents, &misread);
    let mut reader = Reader {
        kinds,
        lines: FxHashMap::default(),
        entities: Vec::new(),
        problems: Problems::default(),
    };
    reader.problems.extend(stream.problems);
    reader.problems.extend(unreadable);
    for document in documents {
        reader.add(document);
    }
    Parsed {
        entities: reader.entities,
        problems: reader.problems.into_vec(),
    }
}

struct Reader<'k> {
    kinds: &'k Kinds,
    /// Where each entity was defined first.
    lines: FxHashMap<EntityRef, usize>,
    entities: Vec<ParsedEntity>,
    problems: Problems,
}

impl Reader<'_> {
    fn add(&mut self, document: yaml::Document) {
        let object = match document.value {
            Value::Null => return,
            Value::Object(object) => object,
            other => return self.problems.push(no_entity(&other, document.span)),
        };
        let entity = Entity::new(object);
        let place = |problems| placed(problems, entity.object(), &document.spans);
        let mut problems = validate::envelope(&entity);
        let Ok(entity_ref) = entity.entity_ref() else {
            return self.problems.extend(place(problems));
        };
        match self.lines.entry(entity_ref) {
            Entry::Occupied(first) => {
                let problem = duplicate(&entity, first.key(), *first.get(), document.span.line);
                self.problems.extend(place(vec![problem]));
            }
            Entry::Vacant(free) => {
                free.insert(document.span.line);
                problems.extend(self.kinds.validate(&entity));
                problems.extend(self.kinds.relations(&entity).1);
                let problems = place(problems);
                self.entities.push(ParsedEntity {
                    entity,
                    span: document.span,
                    problems,
                });
            }
        }
    }
}

fn no_entity(value: &Value, span: Span) -> Problem {
    let what = match value {
        Value::Array(_) => "a list",
        Value::String(_) => "a string",
        Value::Bool(_) => "a boolean",
        _ => "a number",
    };
    Problem::new(
        "not-an-entity",
        format!("this document is {what}, and an entity is a mapping"),
    )
    .hint("write `apiVersion`, `kind`, `metadata` and `spec`, and put `---` between entities")
    .span(span)
}

fn duplicate(entity: &Entity, entity_ref: &EntityRef, first: usize, second: usize) -> Problem {
    let message = format!(
        "`{entity_ref}` is defined in line {first} and again in line {second}, and the first one counts"
    );
    let hint = match entity.name() {
        Some(name) if name != entity_ref.name() => {
            "rename one of them: letter case makes no difference in names"
        }
        _ => "rename or remove one of them",
    };
    Problem::new("duplicate-entity", message)
        .path("metadata.name")
        .hint(hint)
}

/// Adds the place in the text to each problem, and drops those that a placeholder settles later.
fn placed(
    mut problems: Vec<Problem>,
    object: &Map<String, Value>,
    spans: &yaml::Spans,
) -> Vec<Problem> {
    problems.retain_mut(|problem| {
        let at = path::locate(object, problem.path.as_deref().unwrap_or_default());
        if at.value.is_some_and(is_placeholder) {
            return false;
        }
        problem.span = span_of(problem, object, spans);
        true
    });
    problems
}

/// Where a problem is, in the text that `object` was read from.
pub(crate) fn span_of(
    problem: &Problem,
    object: &Map<String, Value>,
    spans: &yaml::Spans,
) -> Option<Span> {
    let at = path::locate(object, problem.path.as_deref().unwrap_or_default());
    let about_key = problem.code.ends_with("-key") || problem.code == "unknown-field";
    let collection = at
        .value
        .is_none_or(|value| value.is_object() || value.is_array());
    // A mapping may be long, so its key stands for it, and for what is missing in it.
    let use_key = about_key || !at.whole || collection;
    let key = if use_key {
        spans.key(&at.pointer)
    } else {
        None
    };
    key.or_else(|| spans.value(&at.pointer))
        .or_else(|| spans.value(""))
}

/// Whether the value stands for another that is read later, as `{ $text: ./openapi.yaml }` does.
fn is_placeholder(value: &Value) -> bool {
    let Value::Object(object) = value else {
        return false;
    };
    object.len() == 1
        && object
            .keys()
            .all(|key| key.len() > 1 && key.starts_with('$'))
}

#[cfg(test)]
mod tests;
