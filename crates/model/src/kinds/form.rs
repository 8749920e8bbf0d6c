//! What one `apiVersion` or `spec.type` of a kind requires.

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::{Kind, explain};
use crate::problem::Problems;
use crate::{Problem, RelationPair};

/// The rules for the entities of one kind that share an `apiVersion`, and perhaps a `spec.type`.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) api_versions: Vec<String>,
    pub(super) spec_type: Option<String>,
    pub(super) relations: Vec<Field>,
    pub(super) schema: Value,
    pub(super) validator: Validator,
}

/// A field that names other entities.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) path: String,
    pub(super) steps: Vec<String>,
    pub(super) pair: RelationPair,
    pub(super) default_kind: Option<String>,
    pub(super) sorted: bool,
}

impl Form {
    pub(super) fn is_for(&self, api_version: &str) -> bool {
        self.api_versions.iter().any(|own| own == api_version)
    }

    pub(super) fn validate(&self, kind: &Kind, spec: &Value) -> Vec<Problem> {
        // Almost every entity is valid, and asking only that is several times as fast.
        if self.validator.is_valid(spec) {
            return Vec::new();
        }
        let mut problems = Problems::default();
        problems.extend(
            self.validator
                .iter_errors(spec)
                .map(|error| explain::invalid(kind, self, &error)),
        );
        problems.into_vec()
    }
}

impl Field {
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
