//! What one `apiVersion` or `spec.type` of a kind requires.

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::{Kind, explain};
use crate::problem::Problems;
use crate::{Problem, RelationPair};

/// The rules for the entities of one kind that share an `apiVersion`, and perhaps a `spec.type`.
#[derive(Debug)]
pub struct Form {
    pub(super) api_versions: Vec<String>,
    pub(super) spec_type: Option<String>,
    pub(super) description: Option<String>,
    pub(super) relations: Vec<Field>,
    pub(super) schema: Value,
    pub(super) validator: Validator,
}

/// A field that names other entities.
#[derive(Clone, Debug)]
pub struct Field {
    pub(super) path: String,
    pub(super) steps: Vec<String>,
    pub(super) pair: RelationPair,
    pub(super) default_kind: Option<String>,
    /// Whether a reference without a namespace means the default one instead of the entity's.
    pub(super) in_default_namespace: bool,
    pub(super) allowed_kinds: Option<Vec<String>>,
    pub(super) sorted: bool,
}

impl Form {
    /// The `apiVersion`s that it is for.
    pub fn api_versions(&self) -> &[String] {
        &self.api_versions
    }

    /// The `spec.type` that it is for; without one, every other.
    pub fn spec_type(&self) -> Option<&str> {
        self.spec_type.as_deref()
    }

    /// What it is for, when that is more than what the kind is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The fields that name other entities.
    pub fn fields(&self) -> &[Field] {
        &self.relations
    }

    /// The JSON Schema of `spec`.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    pub(super) fn is_for(&self, api_version: &str) -> bool {
        self.api_versions.iter().any(|own| own == api_version)
    }

    pub(super) fn validate(&self, kind: &Kind, spec: &Value) -> Vec<Problem> {
        // Almost every entity is valid, and asking only that is several times as fast.
        if self.validator.is_valid(spec) {
            return Vec::new();
        }
        let subject = explain::article(&kind.name);
        let mut problems = Problems::default();
        problems.extend(
            self.validator
                .iter_errors(spec)
                .map(|error| explain::invalid(&subject, &self.schema, "spec", &error)),
        );
        problems.into_vec()
    }
}

impl Field {
    /// Where it is, such as `spec.owner`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The relation that it makes.
    pub fn pair(&self) -> &RelationPair {
        &self.pair
    }

    /// The kind that a reference may leave out.
    pub fn default_kind(&self) -> Option<&str> {
        self.default_kind.as_deref()
    }

    /// The only kinds that it may name; any without them.
    pub fn allowed_kinds(&self) -> Option<&[String]> {
        self.allowed_kinds.as_deref()
    }

    pub(super) fn value<'o>(&self, object: &'o Map<String, Value>) -> Option<&'o Value> {
        let (first, rest) = self.steps.split_first()?;
        rest.iter()
            .try_fold(object.get(first)?, |value, step| value.get(step))
    }

    pub(super) fn value_mut<'o>(
        &self,
        object: &'o mut Map<String, Value>,
    ) -> Option<&'o mut Value> {
        let (first, rest) = self.steps.split_first()?;
        rest.iter()
            .try_fold(object.get_mut(first)?, |value, step| value.get_mut(step))
    }
}
