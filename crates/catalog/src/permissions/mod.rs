//! What callers may do with the catalog, and to which entities.

mod rules;

pub(crate) use rules::{ENTITY, RULES, compile, is_like};

use callboard_auth::{Action, Permission, PermissionInfo};
use callboard_model::EntityRef;

/// Seeing an entity: in lists, counts and facets, and by its name.
#[derive(Clone, Copy, Debug)]
pub struct ReadEntity;

impl Permission for ReadEntity {
    const NAME: &'static str = "catalog.entity.read";
    const ACTION: Option<Action> = Some(Action::Read);
    const RESOURCE_TYPE: Option<&'static str> = Some("catalog-entity");
    type Resource = EntityRef;
}

/// Having an entity and what it comes from read again now.
#[derive(Clone, Copy, Debug)]
pub struct RefreshEntity;

impl Permission for RefreshEntity {
    const NAME: &'static str = "catalog.entity.refresh";
    const ACTION: Option<Action> = Some(Action::Update);
    const RESOURCE_TYPE: Option<&'static str> = Some("catalog-entity");
    type Resource = EntityRef;
}

/// Removing an entity.
#[derive(Clone, Copy, Debug)]
pub struct DeleteEntity;

impl Permission for DeleteEntity {
    const NAME: &'static str = "catalog.entity.delete";
    const ACTION: Option<Action> = Some(Action::Delete);
    const RESOURCE_TYPE: Option<&'static str> = Some("catalog-entity");
    type Resource = EntityRef;
}

/// A permission that is about nothing single.
macro_rules! permission {
    ($(#[$docs:meta])* $name:ident, $text:literal, $action:expr) => {
        $(#[$docs])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Permission for $name {
            const NAME: &'static str = $text;
            const ACTION: Option<Action> = $action;
            type Resource = ();
        }
    };
}

permission!(
    /// Making entities by other ways than files. Policies of Backstage know it; nothing asks for it yet.
    CreateEntity, "catalog.entity.create", Some(Action::Create)
);
permission!(
    /// Having an entity checked without storing it.
    ValidateEntity, "catalog.entity.validate", None
);
permission!(
    /// Seeing which locations are registered.
    ReadLocation, "catalog.location.read", Some(Action::Read)
);
permission!(
    /// Registering a location, changing one, and trying out what registering would give.
    CreateLocation, "catalog.location.create", Some(Action::Create)
);
permission!(
    /// Ending the registration of a location.
    DeleteLocation, "catalog.location.delete", Some(Action::Delete)
);
permission!(
    /// Having a repository looked through for entity files.
    AnalyzeLocation, "catalog.location.analyze", None
);
permission!(
    /// Seeing entities that were never good.
    ReadUnprocessed, "catalog.entities.unprocessed.read", Some(Action::Read)
);
permission!(
    /// Removing entities that were never good.
    DeleteUnprocessed, "catalog.entities.unprocessed.delete", Some(Action::Delete)
);

/// All of them.
pub(crate) fn all() -> [PermissionInfo; 11] {
    [
        ReadEntity::info(),
        RefreshEntity::info(),
        DeleteEntity::info(),
        CreateEntity::info(),
        ValidateEntity::info(),
        ReadLocation::info(),
        CreateLocation::info(),
        DeleteLocation::info(),
        AnalyzeLocation::info(),
        ReadUnprocessed::info(),
        DeleteUnprocessed::info(),
    ]
}
