//! The relations that one entity declares, at both of their ends.

use std::collections::BTreeSet;

use callboard_model::Relation;
use serde::{Deserialize, Serialize};

use crate::sql::relations::RelationRow;

/// Relations by where they start: at the entity itself, or at another one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Declared {
    /// (type, target), sorted.
    pub(super) own: BTreeSet<(String, String)>,
    /// (source, type, target), sorted.
    others: BTreeSet<(String, String, String)>,
}

impl Declared {
    pub(super) fn new(by: &str, relations: Vec<Relation>) -> Self {
        let mut declared = Self::default();
        for Relation {
            source,
            kind,
            target,
        } in relations
        {
            if source.as_str() == by {
                declared.own.insert((kind, target.to_string()));
            } else {
                declared
                    .others
                    .insert((source.to_string(), kind, target.to_string()));
            }
        }
        declared
    }

    /// As it is stored. What does not parse was never written by this version and counts as nothing.
    pub(super) fn parse(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// Plain texts, so writing them cannot fail.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }

    /// The relations that start at others.
    pub(super) fn rows(&self, origin: &str) -> impl Iterator<Item = RelationRow> {
        self.others
            .iter()
            .map(|(source, kind, target)| RelationRow {
                source: source.clone(),
                kind: kind.clone(),
                target: target.clone(),
                origin: origin.to_owned(),
            })
    }

    /// The rows that `self` has and `other` does not.
    pub(super) fn rows_beyond(
        &self,
        other: &Self,
        origin: &str,
    ) -> impl Iterator<Item = RelationRow> {
        self.rows(origin).filter(|row| {
            // Looking it up as a tuple of texts needs them owned once.
            !other
                .others
                .contains(&(row.source.clone(), row.kind.clone(), row.target.clone()))
        })
    }
}
