//! How one entity relates to another.

use serde::{Deserialize, Serialize};

use crate::EntityRef;

/// One directed relation between two entities.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relation {
    /// Where it starts.
    pub source: EntityRef,
    /// Its type, such as `ownedBy`.
    pub kind: String,
    /// Where it points.
    pub target: EntityRef,
}

/// The two names of a relation, such as `ownedBy` and `ownerOf`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationPair {
    /// Seen from the entity that declares it.
    pub forward: String,
    /// Seen from the other end.
    pub reverse: String,
}
