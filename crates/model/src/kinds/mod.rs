//! What each kind requires and how it relates to others: data, never a `match` on a kind.

use std::sync::{Arc, LazyLock};

use crate::{Entity, Problem, Relation};

/// The kinds that a catalog knows.
#[derive(Debug, Default)]
pub struct Kinds {}

impl Kinds {
    /// The kinds that come with the product.
    pub fn built_in() -> &'static Arc<Kinds> {
        static BUILT_IN: LazyLock<Arc<Kinds>> = LazyLock::new(Arc::default);
        &BUILT_IN
    }

    /// What the entity's kind finds wrong with it.
    pub fn validate(&self, _entity: &Entity) -> Vec<Problem> {
        Vec::new()
    }

    /// The relations that the entity declares, in both directions, and what is wrong with the rest.
    pub fn relations(&self, _entity: &Entity) -> (Vec<Relation>, Vec<Problem>) {
        (Vec::new(), Vec::new())
    }

    /// Sorts the lists whose order means nothing.
    pub fn normalize(&self, _entity: &mut Entity) {}
}
