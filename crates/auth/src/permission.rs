//! What can be permitted.

use std::borrow::Cow;

use callboard_model::EntityRef;
use serde::{Deserialize, Serialize};

/// Something a caller may or may not do. Implemented by a type without a value, in the crate that
/// does the thing.
pub trait Permission: Send + Sync + 'static {
    /// The name that policies know it by, such as `catalog.entity.read`.
    const NAME: &'static str;
    /// What it does to the thing, when it is one of these.
    const ACTION: Option<Action>;
    /// The type of thing it is about, such as `catalog-entity`, when it is about single things.
    const RESOURCE_TYPE: Option<&'static str> = None;
    /// What a single thing looks like in the code; `()` when there is none.
    type Resource: Resource + ?Sized;

    /// The same as a value, for policies and listings.
    fn info() -> PermissionInfo {
        PermissionInfo {
            name: Cow::Borrowed(Self::NAME),
            action: Self::ACTION,
            resource_type: Self::RESOURCE_TYPE.map(Cow::Borrowed),
        }
    }
}

/// What a permission does to the thing it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Makes a new one.
    Create,
    /// Looks at it.
    Read,
    /// Changes it.
    Update,
    /// Removes it.
    Delete,
}

impl Action {
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "change",
            Self::Delete => "delete",
        }
    }
}

/// A permission as a value: one that a feature declares, or one that somebody asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionInfo {
    /// The name that policies know it by.
    pub name: Cow<'static, str>,
    /// What it does.
    pub action: Option<Action>,
    /// The type of thing it is about.
    pub resource_type: Option<Cow<'static, str>>,
}

/// A thing that a permission is about, as a refusal names it.
pub trait Resource {
    /// What to call it, such as `component:default/checkout`.
    fn label(&self) -> Cow<'_, str>;
}

impl Resource for () {
    fn label(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }
}

impl Resource for EntityRef {
    fn label(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}
