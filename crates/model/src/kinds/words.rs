//! What relations, annotations, labels and tags mean, and which values they may have.

use jsonschema::Validator;
use serde_json::Value;

use super::explain;
use crate::{Entity, Problem, RelationPair, path};

/// A relation, with what people call it in each direction.
#[derive(Clone, Debug)]
pub struct RelationWords {
    /// Its two types.
    pub pair: RelationPair,
    /// What the forward type is called.
    pub title: String,
    /// What the reverse type is called.
    pub reverse_title: String,
    /// What it means.
    pub description: Option<String>,
}

/// An annotation, a label or a tag.
#[derive(Debug)]
pub struct Term {
    /// As entities write it.
    pub name: String,
    /// What people call it.
    pub title: Option<String>,
    /// What it means.
    pub description: String,
    /// What its value must be.
    pub schema: Option<Value>,
    pub(super) validator: Option<Validator>,
}

impl Term {
    /// What is wrong with the term's value in the entity's `metadata.<section>`.
    pub(super) fn problems(&self, section: &str, entity: &Entity) -> Vec<Problem> {
        let (Some(validator), Some(schema)) = (&self.validator, &self.schema) else {
            return Vec::new();
        };
        let value = entity
            .metadata()
            .and_then(|metadata| metadata.get(section)?.get(&self.name));
        let Some(value) = value.filter(|value| !validator.is_valid(value)) else {
            return Vec::new();
        };
        let place = path::key(&path::key("metadata", section), &self.name);
        let hint = format!("it means: {}", self.description);
        validator
            .iter_errors(value)
            .map(|error| explain::invalid(&self.name, schema, &place, &error))
            .map(|problem| match problem.hint {
                Some(_) => problem,
                None => problem.hint(hint.clone()),
            })
            .collect()
    }
}

/// `ownedBy` as people say it: `owned by`.
pub(super) fn spoken(relation: &str) -> String {
    let mut words = String::with_capacity(relation.len() + 4);
    for letter in relation.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
