//! A model file: documents that each declare one thing.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use thiserror::Error;

use super::explain;
use super::file::{DescribedFile, ExtensionFile, KindFile, RelationFile, TagFile};
use crate::{Problem, parse, path, shown, yaml};

/// A file that declares kinds, relations, annotations, labels and tags.
#[derive(Clone, Debug)]
pub struct ModelFile {
    /// What messages call it.
    pub name: String,
    /// What it says: YAML.
    pub text: String,
}

/// Why files do not make a model.
#[derive(Debug, Error)]
#[error("{}", self.lines())]
pub struct InvalidModel {
    /// What is wrong, each with the name of its file.
    pub problems: Vec<(String, Problem)>,
}

impl InvalidModel {
    /// Each problem on a line: where, what, and what to do.
    fn lines(&self) -> String {
        let line = |(file, problem): &(String, Problem)| {
            let place = problem
                .span
                .map(|span| format!(":{}:{}", span.line, span.column))
                .unwrap_or_default();
            let hint = problem.hint.as_deref().map(|hint| format!(" ({hint})"));
            format!(
                "{file}{place}: {}{}",
                problem.message,
                hint.unwrap_or_default()
            )
        };
        self.problems
            .iter()
            .map(line)
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// One document.
pub(super) struct Declaration {
    pub(super) says: Says,
    pub(super) place: Places,
}

/// What a document declares.
pub(super) enum Says {
    Kind(KindFile),
    Extend(ExtensionFile),
    Relation(RelationFile),
    Annotation(DescribedFile),
    Label(DescribedFile),
    Tag(TagFile),
}

/// Finds the place of what a document says.
#[derive(Clone)]
pub(super) struct Places {
    pub(super) file: String,
    object: Map<String, Value>,
    spans: yaml::Spans,
}

impl Places {
    /// The problem, with its file and its place in it.
    pub(super) fn at(&self, mut problem: Problem) -> (String, Problem) {
        problem.span = parse::span_of(&problem, &self.object, &self.spans);
        (self.file.clone(), problem)
    }
}

/// The shapes that documents may have.
#[derive(Deserialize)]
struct Shapes {
    documents: Map<String, Value>,
}

struct Shape {
    keyword: String,
    schema: Value,
    validator: Validator,
}

static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    let text = include_str!("../../kinds/schema.yaml");
    let document = yaml::parse(text, &super::reading()).documents.pop();
    let shapes =
        document.and_then(|document| serde_json::from_value::<Shapes>(document.value).ok());
    let shapes = shapes.expect("the test `the_built_in_model_is_well_formed` reads the same file");
    let shape = |(keyword, schema): (String, Value)| Shape {
        validator: jsonschema::validator_for(&schema)
            .expect("the test `the_built_in_model_is_well_formed` compiles it too"),
        keyword,
        schema,
    };
    shapes.documents.into_iter().map(shape).collect()
});

/// What `file` declares, and what is wrong with it.
pub(super) fn read(file: &ModelFile) -> (Vec<Declaration>, Vec<(String, Problem)>) {
    let stream = yaml::parse(&file.text, &super::reading());
    let mut problems: Vec<_> = stream
        .problems
        .into_iter()
        .map(|problem| (file.name.clone(), problem))
        .collect();
    let mut declarations = Vec::new();
    for document in stream.documents {
        match document.value {
            Value::Null => {}
            Value::Object(object) => {
                let place = Places {
                    file: file.name.clone(),
                    object,
                    spans: document.spans,
                };
                match declaration(&place) {
                    Ok(says) => declarations.push(Declaration { says, place }),
                    Err(found) => {
                        problems.extend(found.into_iter().map(|problem| place.at(problem)));
                    }
                }
            }
            other => {
                let message = format!(
                    "a declaration is a mapping, but this is {}",
                    shown::value(&other)
                );
                problems.push((
                    file.name.clone(),
                    Problem::new("wrong-type", message).span(document.span),
                ));
            }
        }
    }
    (declarations, problems)
}

fn declaration(place: &Places) -> Result<Says, Vec<Problem>> {
    let shape = SHAPES
        .iter()
        .find(|shape| place.object.contains_key(&shape.keyword))
        .ok_or_else(|| vec![nothing_declared()])?;
    let value = Value::Object(place.object.clone());
    let subject = format!("`{}`", shape.keyword);
    let problems: Vec<Problem> = shape
        .validator
        .iter_errors(&value)
        .map(|error| explain::invalid(&subject, &shape.schema, "", &error))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    match shape.keyword.as_str() {
        "kind" => typed(value).map(Says::Kind),
        "extend" => typed(value).map(Says::Extend),
        "relation" => typed(value).map(Says::Relation),
        "annotation" => typed(value).map(Says::Annotation),
        "label" => typed(value).map(Says::Label),
        _ => typed(value).map(Says::Tag),
    }
}

/// The schema has found everything that can be wrong, as far as it can say it.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Vec<Problem>> {
    serde_json::from_value(value)
        .map_err(|error| vec![Problem::new("invalid-declaration", error.to_string())])
}

fn nothing_declared() -> Problem {
    let known: Vec<&str> = SHAPES.iter().map(|shape| shape.keyword.as_str()).collect();
    Problem::new(
        "nothing-declared",
        "this document declares nothing that is known",
    )
    .hint(format!("it has one of the keys {}", shown::list(&known)))
}

/// What is wrong with a JSON Schema at `path` of a document.
pub(super) fn invalid_schema(path: &str, error: &jsonschema::ValidationError<'_>) -> Problem {
    let place = path::below(path, error.instance_path().as_str());
    Problem::new(
        "invalid-schema",
        format!("`{path}` is not a JSON Schema: {error}"),
    )
    .path(place)
}
