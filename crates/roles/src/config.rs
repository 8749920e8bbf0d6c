//! The `permission` section of the configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Who may do what. Keys below `rbac` are those of the community's RBAC plugin.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct PermissionSettings {
    /// Whether roles decide. Otherwise every caller may do everything, as in Backstage.
    pub enabled: bool,
    /// Who has which role: members by the role's name, such as `admin: [user:default/ada]`. A name without a kind is
    /// one of `role:default/…`. The member `everyone` is every caller.
    pub roles: BTreeMap<String, Vec<String>>,
    /// A YAML file with a list of roles, relative to the working directory.
    pub roles_file: Option<PathBuf>,
    /// What the RBAC plugin is told.
    pub rbac: RbacSettings,
}

/// What the community's RBAC plugin is told.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RbacSettings {
    /// A file of lines `p, <role>, <permission or resource type>, <action>, allow|deny` and `g, <member>, <role>`.
    #[serde(rename = "policies-csv-file")]
    pub policies_csv_file: Option<PathBuf>,
    /// A file of YAML documents, each with the conditions of a role of the CSV file.
    pub conditional_policies_file: Option<PathBuf>,
    /// Whether changes of the files count while the portal runs.
    pub policy_file_reload: bool,
    /// Who looks after roles, and who may do everything.
    pub admin: AdminSettings,
    /// What everybody may do.
    pub default_permissions: Option<DefaultPermissions>,
    /// How far up from their own groups people have the roles of groups: 0 is their own groups only.
    pub max_depth: Option<u32>,
    /// What counts first where a role has both policies and conditions.
    pub policy_decision_precedence: Precedence,
    /// Whether the groups that somebody signed in with count too, beside those of the catalog.
    pub use_ownership_entity_refs: bool,
    /// Plugins that are listed as having permissions, beside those that have some.
    pub plugins_with_permission: Vec<String>,
    /// How large conditions and their file may be.
    pub validation: ValidationSettings,
}

/// Who looks after roles, and who may do everything.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AdminSettings {
    /// People and groups that look after roles: they get `role:default/rbac_admin`.
    pub users: Vec<NamedSubject>,
    /// People and groups that may do everything.
    pub super_users: Vec<NamedSubject>,
}

/// A person or a group.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct NamedSubject {
    /// Its entity reference, such as `user:default/ada`.
    pub name: String,
}

/// What everybody may do.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DefaultPermissions {
    /// The role that everybody has.
    pub default_role: String,
    /// What it permits.
    pub basic_permissions: Vec<BasicPermission>,
}

/// A permission without conditions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BasicPermission {
    /// The name of a permission, or a resource type.
    pub permission: String,
    /// `create`, `read`, `update`, `delete` or `use`; the last unless told.
    pub action: Option<String>,
}

/// What counts first where a role has both policies and conditions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Precedence {
    /// Policies without conditions.
    Basic,
    /// Conditions.
    #[default]
    Conditional,
}

/// How large conditions and their file may be.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ValidationSettings {
    /// One condition.
    pub conditional_policies: ConditionLimits,
    /// The file.
    pub conditional_policies_file: FileLimits,
}

/// How large a condition may be.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ConditionLimits {
    /// How deep it may be; never more than 20.
    pub max_condition_depth: u32,
    /// How many criteria and rules it may have; never more than 1,000 rules.
    pub max_condition_node_count: u32,
    /// How many items `allOf` and `anyOf` may have.
    pub max_criteria_items: u32,
}

impl Default for ConditionLimits {
    fn default() -> Self {
        Self {
            max_condition_depth: 12,
            max_condition_node_count: 256,
            max_criteria_items: 64,
        }
    }
}

/// How large the file of conditions may be.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct FileLimits {
    /// Its bytes.
    pub max_bytes: usize,
    /// Its YAML documents.
    pub max_documents: usize,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            max_bytes: 1024 * 1024,
            max_documents: 256,
        }
    }
}
