//! Changes of roles that are stored: each is checked and written in one transaction, and then known everywhere.

mod conditions;
mod plugins;
mod policies;
mod rank;
mod roles;

pub(crate) use rank::Giving;
pub(crate) use roles::NewRole;

use callboard_auth::{Caller, Conditions, Decision, Extent, Permission, PermissionPolicy, Scope};
use callboard_db::Tx;
use callboard_model::{Error, ErrorKind, Result};

use crate::model::{Effect, Role, Source, Verb};
use crate::permissions::POLICY_ENTITY;
use crate::roles::CHANNEL;
use crate::sql::{self, read::Stored};
use crate::{Roles, UpdatePolicy};

/// The most roles that are stored.
const MOST_ROLES: usize = 10_000;
/// The most policies and conditions that are stored.
const MOST_POLICIES: usize = 100_000;
/// The most members that a role is given over the API.
pub(crate) const MOST_MEMBERS: usize = 10_000;

/// A change that has begun: nobody else changes anything until it ends.
pub(crate) struct Edit<'a> {
    roles: &'a Roles,
    tx: Tx,
    /// Everything that was stored before.
    pub(crate) stored: Stored,
}

impl Roles {
    /// Begins a change.
    pub(crate) async fn edit(&self) -> Result<Edit<'_>> {
        let mut tx = self.0.foundations.database.begin().await?;
        sql::advance(&mut tx).await?;
        let stored = sql::read::all(&mut tx).await?;
        Ok(Edit {
            roles: self,
            tx,
            stored,
        })
    }
}

impl Roles {
    /// Whether somebody changes policies for another reason than a role, so that they will not shut themselves out.
    fn leads_otherwise(&self, caller: &Caller) -> bool {
        let update = UpdatePolicy::info();
        caller.decide(&update) == Decision::Allow
            && self.decide(caller.principal(), &update) != Decision::Allow
    }
}

impl Edit<'_> {
    /// Ends the change, and has everybody know it; when it is `done` badly, nothing was changed.
    pub(crate) async fn end<T>(mut self, caller: &Caller, done: Result<T>) -> Result<T> {
        let done = match done {
            Ok(done) if self.roles.leads_otherwise(caller) => Ok(done),
            Ok(done) => self.keeps_an_admin().await.map(|()| done),
            Err(error) => Err(error),
        };
        let Self { roles, tx, .. } = self;
        if done.is_err() {
            // What went wrong before says more.
            let _ = tx.roll_back().await;
            return done;
        }
        tx.commit().await?;
        roles.take_stored().await?;
        roles.0.foundations.database.announce(CHANNEL).await;
        done
    }

    /// A role that may be changed over the API, within what the caller may change.
    pub(crate) fn editable<P: Permission>(&self, name: &str, scope: &Scope<P>) -> Result<&Role> {
        let snapshot = self.roles.snapshot();
        match (self.stored.roles.get(name), snapshot.role(name)) {
            (_, Some(role)) if role.source != Source::Rest => Err(elsewhere(role)),
            (Some(role), _) if covers(scope, role) => Ok(role),
            (Some(_), _) => {
                let message = format!("the caller may not change `{name}`");
                Err(Error::new(ErrorKind::Forbidden, "not-allowed", message)
                    .hint("ask its owner, or for the permission `policy.entity.update`"))
            }
            (None, _) => Err(missing(name)),
        }
    }

    pub(crate) fn policies_stored(&self) -> usize {
        let roles = self.stored.roles.values();
        roles
            .map(|role| role.policies.len() + role.conditionals.len())
            .sum()
    }

    /// Refuses what would leave nobody who may change policies, when there was somebody before.
    async fn keeps_an_admin(&mut self) -> Result<()> {
        let snapshot = self.roles.snapshot();
        if snapshot.has_super_users() || !snapshot.roles().iter().any(leads) {
            return Ok(());
        }
        let others = snapshot.roles().iter();
        if others.filter(|role| role.source != Source::Rest).any(leads) {
            return Ok(());
        }
        let after = sql::read::all(&mut self.tx).await?;
        if after.roles.values().any(leads) {
            return Ok(());
        }
        let message = "after this nobody could change roles and policies any more";
        Err(Error::new(ErrorKind::Conflict, "last-admin", message)
            .hint("name somebody under `permission.rbac.admin.superUsers` first"))
    }
}

/// Whether a role lets somebody change policies, and somebody has it.
fn leads(role: &Role) -> bool {
    let has_members = role.of_everyone || !role.members.is_empty();
    has_members && (crate::sources::built_in::may_everything(role) || updates_policies(role))
}

fn updates_policies(role: &Role) -> bool {
    role.policies.iter().any(|policy| {
        matches!(
            policy.target.as_str(),
            POLICY_ENTITY | "policy.entity.update"
        ) && policy.verb == Verb::Update
            && policy.effect == Effect::Allow
    })
}

fn elsewhere(role: &Role) -> Error {
    let source = role.source.as_str();
    let message = format!("`{}` comes from elsewhere: {source}", role.name);
    Error::new(ErrorKind::Forbidden, "role-source", message)
        .hint(format!("change it there: {}", place_of(role.source)))
}

fn place_of(source: Source) -> &'static str {
    match source {
        Source::BuiltIn => "it comes with the portal, so make a role of your own",
        Source::Configuration => "in `permission` in the configuration",
        Source::RolesFile => "in the file that `permission.rolesFile` names",
        Source::CsvFile => "in the files that `permission.rbac` names",
        Source::Rest => "over the API",
    }
}

pub(crate) fn missing(name: &str) -> Error {
    Error::not_found("no-role", format!("there is no role `{name}`"))
        .hint("make it with `POST /api/permission/roles`")
}

pub(crate) fn conflict(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Conflict, "role-conflict", message)
}

fn too_many(what: &str, most: usize) -> Error {
    Error::invalid("too-many-roles", format!("there are at most {most} {what}"))
}

/// Whether somebody with `scope` may do it to `role`.
pub(crate) fn covers<P: Permission>(scope: &Scope<P>, role: &Role) -> bool {
    match scope.extent() {
        Extent::All => true,
        Extent::Nothing => false,
        Extent::Like(conditions) => is_like(conditions, role),
    }
}

/// Whether a role is as conditions say, as the RBAC plugin reads them.
pub(crate) fn is_like(conditions: &Conditions, role: &Role) -> bool {
    match conditions {
        Conditions::AllOf(trees) => trees.iter().all(|tree| is_like(tree, role)),
        Conditions::AnyOf(trees) => trees.iter().any(|tree| is_like(tree, role)),
        Conditions::Not(tree) => !is_like(tree, role),
        Conditions::Rule(used) => {
            let owners = used
                .params
                .get("owners")
                .and_then(|owners| owners.as_array());
            let mut owners = owners.into_iter().flatten();
            used.rule == "IS_OWNER"
                && role
                    .about
                    .owner
                    .as_deref()
                    .is_some_and(|own| owners.any(|owner| owner.as_str() == Some(own)))
        }
    }
}
