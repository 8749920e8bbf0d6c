//! Changes of roles and their members.

use std::collections::BTreeSet;

use callboard_auth::Scope;
use callboard_model::{EntityRef, Error, Result};

use super::{Edit, Giving, MOST_ROLES, conflict, elsewhere, missing, too_many};
use crate::model::{Role, Source};
use crate::sql::write;
use crate::{DeletePolicy, UpdatePolicy};

/// A role as somebody wants it.
#[derive(Clone, Debug)]
pub(crate) struct NewRole {
    pub(crate) name: String,
    pub(crate) members: BTreeSet<EntityRef>,
    pub(crate) description: Option<String>,
    pub(crate) owner: Option<String>,
}

impl Edit<'_> {
    /// Makes a role.
    pub(crate) async fn add_role(&mut self, new: &NewRole, author: &str) -> Result<()> {
        self.is_free(&new.name)?;
        if self.stored.roles.len() >= MOST_ROLES {
            return Err(too_many("roles", MOST_ROLES));
        }
        let now = self.now();
        let mut role = Role::new(new.name.clone(), Source::Rest);
        role.about.description = new.description.clone();
        role.about.owner = Some(new.owner.clone().unwrap_or_else(|| author.to_owned()));
        role.about.author = Some(author.to_owned());
        role.about.modified_by = Some(author.to_owned());
        role.about.created_at = Some(now);
        role.about.modified_at = Some(now);
        write::role(&mut self.tx, &role).await?;
        let members: Vec<EntityRef> = new.members.iter().cloned().collect();
        write::add_members(&mut self.tx, &new.name, &members).await
    }

    /// Makes a role be as `new`, when its members are `old`; whether that changes anything.
    pub(crate) async fn change_role(
        &mut self,
        (name, old): (&str, &BTreeSet<EntityRef>),
        new: &NewRole,
        scope: &Scope<UpdatePolicy>,
        giving: &Giving<'_>,
    ) -> Result<bool> {
        let mut role = self.editable(name, scope)?.clone();
        if let Some(other) = old.iter().find(|member| !role.members.contains(member)) {
            let message = format!("Member reference: {other} was not found for role {name}");
            return Err(Error::not_found("no-member", message));
        }
        if new.name != name {
            self.is_free(&new.name)?;
        }
        let added: Vec<EntityRef> = new.members.difference(old).cloned().collect();
        if let Some(member) = added.iter().find(|member| role.members.contains(member)) {
            return Err(conflict(format!("`{member}` has `{name}` already")));
        }
        let removed: Vec<EntityRef> = old.difference(&new.members).cloned().collect();
        let description = new.description.clone().or(role.about.description.clone());
        let owner = new.owner.clone().or(role.about.owner.clone());
        let is_same = new.name == name
            && added.is_empty()
            && removed.is_empty()
            && (&description, &owner) == (&role.about.description, &role.about.owner);
        if is_same {
            return Ok(false);
        }
        if !added.is_empty() || owner != role.about.owner {
            giving.role(&role)?;
        }
        role.about.description = description;
        role.about.owner = owner;
        role.about.modified_by = Some(giving.author());
        role.about.modified_at = Some(self.now());
        write::remove_members(&mut self.tx, name, &removed).await?;
        write::add_members(&mut self.tx, name, &added).await?;
        write::role(&mut self.tx, &role).await?;
        if new.name != name {
            write::rename(&mut self.tx, name, &new.name).await?;
        }
        Ok(true)
    }

    /// Removes a role, or one of its members; the last member takes the role along, as in the RBAC plugin.
    pub(crate) async fn remove_role(
        &mut self,
        name: &str,
        member: Option<&EntityRef>,
        scope: &Scope<DeletePolicy>,
    ) -> Result<()> {
        let role = self.editable(name, scope)?;
        match member {
            Some(member) if !role.members.contains(member) => {
                let message = format!("role member '{member}' was not found");
                Err(Error::not_found("no-member", message))
            }
            Some(member) if role.members.len() > 1 => {
                let members = std::slice::from_ref(member);
                write::remove_members(&mut self.tx, name, members).await
            }
            _ => write::remove_role(&mut self.tx, name).await,
        }
    }

    /// Refuses a name that another role has.
    fn is_free(&self, name: &str) -> Result<()> {
        if self.stored.roles.contains_key(name) {
            return Err(conflict(format!("the role `{name}` is there already")));
        }
        match self.roles.snapshot().role(name) {
            Some(role) if role.source != Source::Rest => Err(elsewhere(role)),
            _ => Ok(()),
        }
    }

    fn now(&self) -> i64 {
        i64::try_from(self.roles.0.foundations.clock.unix_millis()).unwrap_or(i64::MAX)
    }

    /// A condition's role that is stored.
    pub(super) fn role_of_condition(&self, id: i64) -> Result<&Role> {
        let mut roles = self.stored.roles.values();
        let has = |role: &&Role| role.conditionals.iter().any(|one| one.id == id);
        roles.find(has).ok_or_else(|| {
            Error::not_found(
                "no-condition",
                format!("Condition with id {id} was not found"),
            )
        })
    }

    pub(super) fn stored_role(&self, name: &str) -> Result<&Role> {
        self.stored.roles.get(name).ok_or_else(|| missing(name))
    }
}
