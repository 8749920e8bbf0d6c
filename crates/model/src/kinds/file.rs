//! A kind as its file describes it.

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::form::{Field, Form};
use super::{Kind, reading};
use crate::{RelationPair, yaml};

/// Why a file describes no kind.
#[derive(Debug, Error)]
pub enum InvalidKind {
    /// It is not exactly one readable YAML document.
    #[error("the kind's file is not one YAML document: {0}")]
    Text(String),
    /// A field is missing, unknown or of the wrong type.
    #[error("the kind's file is not complete: {0}")]
    Shape(#[from] serde_json::Error),
    /// A schema is not a JSON Schema.
    #[error("the schema of `{kind}` is not a JSON Schema: {reason}")]
    Schema {
        /// The kind.
        kind: String,
        /// What the schema compiler says.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindFile {
    kind: String,
    plural: String,
    description: String,
    forms: Vec<FormFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FormFile {
    api_versions: Vec<String>,
    /// The `spec.type` that this form is for; without it, every other one.
    spec_type: Option<String>,
    relations: Vec<FieldFile>,
    spec: Value,
}

/// A field whose value, a reference or a list of them, makes relations.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FieldFile {
    path: String,
    /// The relation from the entity that has the field.
    forward: String,
    /// The relation back to it.
    reverse: String,
    /// The kind that a reference may leave out; without it, every reference names one.
    default_kind: Option<String>,
    /// Whether the order of the list means nothing.
    #[serde(default)]
    sorted: bool,
}

impl KindFile {
    pub(super) fn read(text: &str) -> Result<Self, InvalidKind> {
        let mut stream = yaml::parse(text, &reading());
        match (
            stream.documents.pop(),
            stream.documents.is_empty(),
            stream.problems.first(),
        ) {
            (_, _, Some(problem)) => Err(InvalidKind::Text(problem.message.clone())),
            (Some(document), true, None) => Ok(serde_json::from_value(document.value)?),
            (_, _, None) => Err(InvalidKind::Text(
                "it holds no document, or several".to_owned(),
            )),
        }
    }

    pub(super) fn compile(self) -> Result<Kind, InvalidKind> {
        let forms: Result<_, _> = self
            .forms
            .into_iter()
            .map(|form| form.compile(&self.kind))
            .collect();
        Ok(Kind {
            forms: forms?,
            name: self.kind,
            plural: self.plural,
            description: self.description,
        })
    }
}

impl FormFile {
    fn compile(self, kind: &str) -> Result<Form, InvalidKind> {
        let validator =
            jsonschema::validator_for(&self.spec).map_err(|error| InvalidKind::Schema {
                kind: kind.to_owned(),
                reason: error.to_string(),
            })?;
        Ok(Form {
            api_versions: self.api_versions,
            spec_type: self.spec_type,
            relations: self.relations.into_iter().map(FieldFile::compile).collect(),
            schema: self.spec,
            validator,
        })
    }
}

impl FieldFile {
    fn compile(self) -> Field {
        Field {
            steps: self.path.split('.').map(str::to_owned).collect(),
            path: self.path,
            pair: RelationPair {
                forward: self.forward,
                reverse: self.reverse,
            },
            default_kind: self.default_kind,
            sorted: self.sorted,
        }
    }
}
