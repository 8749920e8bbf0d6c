//! Nobody hands out more than they may do themselves, unless they look after all policies.

use callboard_auth::{Caller, Decision, Permission, PermissionInfo, Principal};
use callboard_model::{Error, ErrorKind, Result};

use crate::declared::Declared;
use crate::holder::GUEST;
use crate::model::{Conditional, Effect, Policy, Role, Verb};
use crate::{CreatePolicy, UpdatePolicy};

/// Somebody who gives something to a role.
pub(crate) struct Giving<'a> {
    caller: &'a Caller,
    declared: Option<&'a Declared>,
    /// Whether they look after all policies: they may give what they have not.
    leads: bool,
}

impl<'a> Giving<'a> {
    pub(crate) fn by(caller: &'a Caller, declared: Option<&'a Declared>) -> Self {
        let whole = |info: &PermissionInfo| caller.decide(info) == Decision::Allow;
        Self {
            caller,
            declared,
            leads: whole(&CreatePolicy::info()) && whole(&UpdatePolicy::info()),
        }
    }

    /// Who it is, as author.
    pub(crate) fn author(&self) -> String {
        match self.caller.principal() {
            Principal::Guest => GUEST.to_owned(),
            known => known.name(),
        }
    }

    /// Whether they may give this policy.
    pub(crate) fn policy(&self, policy: &Policy) -> Result<()> {
        match policy.effect {
            Effect::Deny => Ok(()),
            Effect::Allow => self.needs(&policy.target, policy.verb),
        }
    }

    /// Whether they may give what this policy takes, by removing it.
    pub(crate) fn taken(&self, policy: &Policy) -> Result<()> {
        match policy.effect {
            Effect::Allow => Ok(()),
            Effect::Deny => self.needs(&policy.target, policy.verb),
        }
    }

    /// Whether they may give these conditions: only when they may do it to all things of the type.
    pub(crate) fn conditional(&self, conditional: &Conditional) -> Result<()> {
        let mut mapping = conditional.mapping.iter();
        mapping.try_for_each(|one| {
            let target = one.name.as_deref().unwrap_or(&conditional.resource_type);
            self.needs(target, one.verb)
        })
    }

    /// Whether they may give everything that a role permits, as whoever adds a member does.
    pub(crate) fn role(&self, role: &Role) -> Result<()> {
        role.policies
            .iter()
            .try_for_each(|policy| self.policy(policy))?;
        let mut conditionals = role.conditionals.iter();
        conditionals.try_for_each(|conditional| self.conditional(conditional))
    }

    fn needs(&self, target: &str, verb: Verb) -> Result<()> {
        if self.leads || self.has(target, verb) {
            return Ok(());
        }
        let (caller, verb) = (self.caller.principal(), verb.as_str());
        let message = format!("{caller} cannot give `{target}` ({verb}) without having it");
        Err(Error::new(ErrorKind::Forbidden, "more-than-held", message)
            .hint("ask somebody who looks after all policies"))
    }

    /// Whether they may do everything that is called `target`, without conditions.
    fn has(&self, target: &str, verb: Verb) -> bool {
        let Some(declared) = self.declared else {
            return false;
        };
        let is_meant = |permission: &&PermissionInfo| {
            let is_named = permission.name == target;
            let is_typed = permission.resource_type.as_deref() == Some(target);
            (is_named || is_typed) && Verb::of(permission) == verb
        };
        let mut meant = declared.permissions().filter(is_meant).peekable();
        meant.peek().is_some()
            && meant.all(|permission| self.caller.decide(permission) == Decision::Allow)
    }
}
