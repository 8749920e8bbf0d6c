//! What people may do: roles, who has them, and what each permits.
//!
//! A role has members, people and groups, and says what they may do: by policies, which allow or deny, and by
//! conditions on things of a type. Roles come from *sources*: some are built in, others are in the configuration, in
//! files, and in the database. Together they are a [`Roles`] policy, which decides from memory.
//!
//! Never here: who somebody is (`identity`), or what a thing of a certain type is like.
//! Adding a source: one file in `sources/`, one line in `sources::merge`.
//! Start reading at [`Roles`], then `decide.rs`.

mod conditions;
mod config;
mod decide;
mod declared;
mod edit;
mod explain;
mod feature;
mod holder;
mod model;
mod names;
mod permissions;
mod role_rules;
mod roles;
mod routes;
mod snapshot;
mod sources;
mod sql;
#[cfg(test)]
mod tests;
mod trial;

pub use config::{
    AdminSettings, BasicPermission, ConditionLimits, DefaultPermissions, FileLimits, NamedSubject,
    PermissionSettings, Precedence, RbacSettings, ValidationSettings,
};
pub use feature::feature;
pub use model::{Effect, Source, Verb};
pub use permissions::{CreatePolicy, DeletePolicy, ReadPolicy, RoleName, UpdatePolicy};
pub use roles::{Foundations, Roles};
