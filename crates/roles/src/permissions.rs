//! What callers may do with roles and their policies.

use std::borrow::Cow;

use callboard_auth::{Action, Permission, PermissionInfo, Resource};

/// The type of things that these permissions are about: roles, with their policies.
pub(crate) const POLICY_ENTITY: &str = "policy-entity";

/// A role, as a permission is about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleName(pub(crate) String);

impl Resource for RoleName {
    fn label(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

/// A permission about single roles.
macro_rules! about_roles {
    ($(#[$docs:meta])* $name:ident, $text:literal, $action:ident) => {
        $(#[$docs])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Permission for $name {
            const NAME: &'static str = $text;
            const ACTION: Option<Action> = Some(Action::$action);
            const RESOURCE_TYPE: Option<&'static str> = Some(POLICY_ENTITY);
            type Resource = RoleName;
        }
    };
}

about_roles!(
    /// Seeing roles, policies and conditions.
    ReadPolicy, "policy.entity.read", Read
);
about_roles!(
    /// Changing them.
    UpdatePolicy, "policy.entity.update", Update
);
about_roles!(
    /// Removing them.
    DeletePolicy, "policy.entity.delete", Delete
);

/// Making roles, policies and conditions.
#[derive(Clone, Copy, Debug)]
pub struct CreatePolicy;

impl Permission for CreatePolicy {
    const NAME: &'static str = "policy.entity.create";
    const ACTION: Option<Action> = Some(Action::Create);
    type Resource = ();
}

/// All of them.
pub(crate) fn all() -> [PermissionInfo; 4] {
    [
        ReadPolicy::info(),
        CreatePolicy::info(),
        DeletePolicy::info(),
        UpdatePolicy::info(),
    ]
}
