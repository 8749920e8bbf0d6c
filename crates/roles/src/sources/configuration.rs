//! What the configuration says about roles: who has them, who looks after them, and what everybody may do.

use std::collections::HashSet;

use callboard_model::{EntityRef, Error, Result, shortened};

use super::csv_file::policy;
use crate::config::{DefaultPermissions, PermissionSettings};
use crate::model::{Effect, Place, Policy, Role, Source, Verb};
use crate::names;
use crate::permissions::POLICY_ENTITY;

/// The role of those who look after roles in the RBAC plugin.
const RBAC_ADMIN: &str = "role:default/rbac_admin";
/// Who made what the configuration says.
const AUTHOR: &str = "application configuration";

/// What the configuration says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Configured {
    pub(crate) roles: Vec<Role>,
    /// Who has roles of other sources: (role, member), and no member for everyone.
    pub(crate) given: Vec<(String, Option<EntityRef>)>,
    pub(crate) super_users: HashSet<EntityRef>,
}

/// Reads it.
///
/// # Errors
/// `Invalid`, with the key that is wrong.
pub(crate) fn read(settings: &PermissionSettings) -> Result<Configured> {
    let rbac = &settings.rbac;
    let mut configured = Configured::default();
    if let Some(admins) = admins(settings)? {
        configured.roles.push(admins);
    }
    if let Some(default) = &rbac.default_permissions {
        let role = default_role(default)?;
        if configured.roles.iter().any(|known| known.name == role.name) {
            let message = format!("`{}` cannot be the default role", role.name);
            return Err(Error::invalid("default-role", message)
                .hint("choose another name for `permission.rbac.defaultPermissions.defaultRole`"));
        }
        configured.roles.push(role);
    }
    for user in &rbac.admin.super_users {
        let member = member(&user.name, "permission.rbac.admin.superUsers")?;
        configured.super_users.insert(member);
    }
    for (role, members) in &settings.roles {
        let key = format!("permission.roles.{role}");
        let role = names::short_role(role).map_err(|error| at(&key, &error))?;
        for name in members {
            let member = match name.as_str() {
                names::EVERYONE => None,
                name => Some(member(name, &key)?),
            };
            configured.given.push((role.clone(), member));
        }
    }
    Ok(configured)
}

fn admins(settings: &PermissionSettings) -> Result<Option<Role>> {
    let users = &settings.rbac.admin.users;
    if users.is_empty() {
        return Ok(None);
    }
    let place = Place::from("permission.rbac.admin.users");
    let mut role = configured(RBAC_ADMIN, "Looks after roles and policies.");
    for user in users {
        role.members.insert(member(&user.name, &place)?);
    }
    let policies = [
        (POLICY_ENTITY, Verb::Read),
        ("policy.entity.create", Verb::Create),
        (POLICY_ENTITY, Verb::Delete),
        (POLICY_ENTITY, Verb::Update),
        // They choose members among the people and groups of the catalog.
        ("catalog-entity", Verb::Read),
    ];
    role.policies = policies
        .map(|(target, verb)| Policy::new(target, verb, Effect::Allow, &place))
        .to_vec();
    Ok(Some(role))
}

fn default_role(default: &DefaultPermissions) -> Result<Role> {
    let key = "permission.rbac.defaultPermissions";
    let place = Place::from(key);
    let name = names::role(&default.default_role)
        .map_err(|error| at(&format!("{key}.defaultRole"), &error))?;
    if default.basic_permissions.is_empty() {
        let message = format!("`{key}.basicPermissions` is empty");
        return Err(Error::invalid("default-role", message)
            .hint("give the default role a permission, or remove it"));
    }
    let mut role = configured(&name, "What everybody may do.");
    role.of_everyone = true;
    for basic in &default.basic_permissions {
        let verb = basic.action.as_deref().unwrap_or(Verb::Use.as_str());
        let policy = policy((&basic.permission, verb, "allow"), &place)
            .map_err(|error| at(&format!("{key}.basicPermissions"), &error))?;
        role.policies.push(policy);
    }
    Ok(role)
}

fn configured(name: &str, description: &str) -> Role {
    let mut role = Role::new(name, Source::Configuration);
    role.about.description = Some(description.to_owned());
    role.about.author = Some(AUTHOR.to_owned());
    role.about.modified_by = Some(AUTHOR.to_owned());
    role
}

fn member(name: &str, key: &str) -> Result<EntityRef> {
    names::member(name).map_err(|error| at(key, &error))
}

fn at(key: &str, error: &Error) -> Error {
    let message = format!("`{}`: {}", shortened(key, 200), error.message());
    let wrong = Error::invalid("permission-configuration", message);
    match error.hint_text() {
        Some(hint) => wrong.hint(hint),
        None => wrong,
    }
}
