//! What the documents of a model file say.

use serde::Deserialize;
use serde_json::Value;

/// A new kind.
#[derive(Deserialize)]
pub(super) struct KindFile {
    pub(super) kind: String,
    pub(super) singular: Option<String>,
    pub(super) plural: String,
    pub(super) description: String,
    pub(super) forms: Vec<FormFile>,
}

/// What is added to a kind that exists.
#[derive(Deserialize)]
pub(super) struct ExtensionFile {
    pub(super) extend: String,
    #[serde(default)]
    pub(super) forms: Vec<FormFile>,
    #[serde(default)]
    pub(super) relations: Vec<FieldFile>,
    pub(super) spec: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FormFile {
    pub(super) api_versions: Vec<String>,
    /// The `spec.type` that this form is for; without it, every other one.
    pub(super) spec_type: Option<String>,
    pub(super) description: Option<String>,
    /// Whether it begins with what the form without `spec_type` says.
    #[serde(default)]
    pub(super) inherit: bool,
    #[serde(default)]
    pub(super) relations: Vec<FieldFile>,
    pub(super) spec: Option<Value>,
}

/// A field whose value, a reference or a list of them, makes relations.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FieldFile {
    pub(super) path: String,
    /// The relation from the entity that has the field.
    pub(super) forward: String,
    /// The relation back to it.
    pub(super) reverse: String,
    /// The kind that a reference may leave out; without it, every reference names one.
    pub(super) default_kind: Option<String>,
    /// The namespace that a reference may leave out; that of the entity without it.
    pub(super) default_namespace: Option<String>,
    /// The only kinds that may be named; any without it.
    pub(super) allowed_kinds: Option<Vec<String>>,
    /// Whether the order of the list means nothing.
    #[serde(default)]
    pub(super) sorted: bool,
}

/// What a relation is called.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RelationFile {
    pub(super) relation: String,
    pub(super) title: Option<String>,
    pub(super) reverse: String,
    pub(super) reverse_title: Option<String>,
    pub(super) description: Option<String>,
}

/// What an annotation or a label means, and which values it may have.
#[derive(Deserialize)]
pub(super) struct DescribedFile {
    #[serde(alias = "annotation", alias = "label")]
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) description: String,
    pub(super) schema: Option<Value>,
}

/// What a tag means.
#[derive(Deserialize)]
pub(super) struct TagFile {
    pub(super) tag: String,
    pub(super) title: Option<String>,
    pub(super) description: String,
}
