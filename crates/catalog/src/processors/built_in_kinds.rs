//! Checks entities against what their kind says, and reads their relations off it.

use std::sync::Arc;

use callboard_model::kinds::Kinds;
use callboard_model::{Entity, Problem};

use crate::processor::{Emitted, EntityProcessor, ProcessContext};

/// The kinds that Callboard knows, as data.
pub(crate) struct BuiltInKinds(pub(crate) Arc<Kinds>);

impl EntityProcessor for BuiltInKinds {
    fn name(&self) -> &'static str {
        "built-in-kinds"
    }

    fn aliases(&self) -> &[&str] {
        &["BuiltinKindsEntityProcessor", "ModelProcessor"]
    }

    fn version(&self) -> u64 {
        self.0.fingerprint()
    }

    fn pre_process(
        &self,
        entity: &mut Entity,
        _context: &ProcessContext<'_>,
    ) -> Result<(), Problem> {
        self.0.normalize(entity);
        Ok(())
    }

    fn validate_kind(&self, entity: &Entity) -> Option<Vec<Problem>> {
        self.0.get(entity.kind()?)?;
        Some(self.0.validate(entity))
    }

    fn post_process(&self, entity: &Entity, emit: &mut Emitted) {
        let (relations, problems) = self.0.relations(entity);
        emit.relations.extend(relations);
        emit.problems.extend(problems);
    }
}
