//! What a generated catalog has, so that whoever loads it knows when all of it is there.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::document::Document;

/// The counts of a generated catalog, kept beside it in `summary.json`.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// All entities.
    pub(crate) entities: usize,
    /// All files.
    pub(crate) files: usize,
    /// The size of all files.
    pub(crate) bytes: u64,
    /// Entities by kind.
    pub(crate) kinds: BTreeMap<String, usize>,
    /// Relations by type, as the entities write them and without their reverse sides.
    pub(crate) relations: BTreeMap<String, usize>,
}

impl Summary {
    /// Counts one more entity.
    pub(super) fn add(&mut self, document: &Document) {
        self.entities += 1;
        *self.kinds.entry(document.id.kind.to_owned()).or_default() += 1;
        for (relation, _) in &document.relations {
            *self.relations.entry((*relation).to_owned()).or_default() += 1;
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = self.bytes as f64 / 1e6;
        writeln!(
            out,
            "{} entities in {} files ({megabytes:.1} MB)",
            self.entities, self.files
        )?;
        for (kind, count) in &self.kinds {
            writeln!(out, "  {count:>9}  {kind}")?;
        }
        let relations: usize = self.relations.values().sum();
        write!(
            out,
            "  {relations:>9}  relations, each with its reverse side"
        )
    }
}
