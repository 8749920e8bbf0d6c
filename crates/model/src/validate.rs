//! The rules that every entity follows, whatever its kind (FEATURES CAT-01 … CAT-16).

use crate::{Entity, Problem};

/// Everything that is wrong with the entity's envelope.
pub fn envelope(_entity: &Entity) -> Vec<Problem> {
    Vec::new()
}
