//! What callers may do with the catalog.

use callboard_auth::{Action, Permission};
use callboard_model::EntityRef;

/// Seeing an entity: in lists, counts and facets, and by its name.
#[derive(Clone, Copy, Debug)]
pub struct ReadEntity;

impl Permission for ReadEntity {
    const NAME: &'static str = "catalog.entity.read";
    const ACTION: Action = Action::Read;
    const RESOURCE_TYPE: Option<&'static str> = Some("catalog-entity");
    type Resource = EntityRef;
}
