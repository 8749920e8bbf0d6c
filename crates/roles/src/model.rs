//! Roles as data: what every source of them is made into.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use callboard_auth::{Action, Conditions, PermissionInfo};
use callboard_model::EntityRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a policy lets somebody do; `use` stands for permissions without an action.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Makes a new one.
    Create,
    /// Looks at it.
    Read,
    /// Changes it.
    Update,
    /// Removes it.
    Delete,
    /// Anything else.
    Use,
}

impl Verb {
    pub(crate) const ALL: [Self; 5] = [
        Self::Create,
        Self::Read,
        Self::Update,
        Self::Delete,
        Self::Use,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Use => "use",
        }
    }

    pub(crate) fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == text)
    }

    /// What a permission does.
    pub(crate) fn of(permission: &PermissionInfo) -> Self {
        permission.action.map_or(Self::Use, Self::from)
    }
}

impl From<Action> for Verb {
    fn from(action: Action) -> Self {
        match action {
            Action::Create => Self::Create,
            Action::Read => Self::Read,
            Action::Update => Self::Update,
            Action::Delete => Self::Delete,
        }
    }
}

/// Whether a policy gives or takes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It gives.
    Allow,
    /// It takes, whatever else gives.
    Deny,
}

impl Effect {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }

    pub(crate) fn named(text: &str) -> Option<Self> {
        [Self::Allow, Self::Deny]
            .into_iter()
            .find(|effect| effect.as_str() == text)
    }
}

/// Where a role comes from, and so who may change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// It comes with the portal.
    BuiltIn,
    /// The configuration.
    Configuration,
    /// The file that `permission.rolesFile` names.
    RolesFile,
    /// The file that `permission.rbac.policies-csv-file` names.
    CsvFile,
    /// The API, and so the database.
    Rest,
}

impl Source {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::Configuration => "configuration",
            Self::RolesFile => "roles-file",
            Self::CsvFile => "csv-file",
            Self::Rest => "rest",
        }
    }
}

/// Where a line of policy is written, such as `policies.csv:7`.
pub(crate) type Place = Arc<str>;

/// One thing that somebody may do, or may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    /// The name of a permission, or a resource type.
    pub(crate) target: String,
    pub(crate) verb: Verb,
    pub(crate) effect: Effect,
    pub(crate) place: Place,
}

/// What a condition is about: an action, perhaps of one permission only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) name: Option<String>,
    pub(crate) verb: Verb,
}

impl Mapping {
    pub(crate) fn covers(&self, name: &str, verb: Verb) -> bool {
        self.verb == verb && self.name.as_deref().is_none_or(|own| own == name)
    }

    /// Whether two of them can be about the same permission.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let alike = match (&self.name, &other.name) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        alike && self.verb == other.verb
    }
}

/// What somebody may do to things of a type that are like conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conditional {
    /// How the API names it.
    pub(crate) id: i64,
    pub(crate) plugin_id: String,
    pub(crate) resource_type: String,
    pub(crate) mapping: Vec<Mapping>,
    /// With aliases such as `$currentUser`.
    pub(crate) conditions: Arc<Conditions>,
    pub(crate) place: Place,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    /// Such as `role:default/viewer`. Upper and lower case differ, as in the RBAC plugin.
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) about: About,
    pub(crate) members: BTreeSet<EntityRef>,
    /// Whether every caller has it.
    pub(crate) of_everyone: bool,
    pub(crate) policies: Vec<Policy>,
    pub(crate) conditionals: Vec<Conditional>,
}

/// What is known of a role. Times are in Unix milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) description: Option<String>,
    /// Who may be let to change it, by the rule `IS_OWNER`.
    pub(crate) owner: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) modified_by: Option<String>,
    pub(crate) created_at: Option<i64>,
    pub(crate) modified_at: Option<i64>,
}

impl Role {
    pub(crate) fn new(name: impl Into<String>, source: Source) -> Self {
        Self {
            name: name.into(),
            source,
            about: About::default(),
            members: BTreeSet::new(),
            of_everyone: false,
            policies: Vec::new(),
            conditionals: Vec::new(),
        }
    }
}

impl Conditional {
    /// Whether it is about a permission, which is about things of `resource_type`.
    pub(crate) fn is_about(&self, resource_type: &str, (name, verb): (&str, Verb)) -> bool {
        let mut mapping = self.mapping.iter();
        self.resource_type == resource_type && mapping.any(|mapping| mapping.covers(name, verb))
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, effect) = (self.verb.as_str(), self.effect.as_str());
        write!(f, "{}, {verb}, {effect}", self.target)
    }
}
