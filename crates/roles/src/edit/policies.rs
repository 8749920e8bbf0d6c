//! Changes of policies.

use std::collections::HashSet;

use callboard_auth::{Permission, Scope};
use callboard_model::{Error, Result};

use super::{Edit, Giving, MOST_POLICIES, conflict, too_many};
use crate::model::Policy;
use crate::sql::write;

/// A policy with its role.
pub(crate) type OfRole = (String, Policy);

impl Edit<'_> {
    /// Adds policies, none of which is there yet.
    pub(crate) async fn add_policies<P: Permission>(
        &mut self,
        new: &[OfRole],
        scope: &Scope<P>,
        giving: &Giving<'_>,
    ) -> Result<()> {
        let mut seen = HashSet::new();
        for (name, policy) in new {
            let role = self.editable(name, scope)?;
            if has(&role.policies, policy) {
                return Err(conflict(format!(
                    "Policy '[{name}, {policy}]' has been already stored"
                )));
            }
            twice(&mut seen, name, policy)?;
            giving.policy(policy)?;
        }
        if self.policies_stored() + new.len() > MOST_POLICIES {
            return Err(too_many("policies and conditions", MOST_POLICIES));
        }
        write::add_policies(&mut self.tx, &borrowed(new)).await?;
        for (name, policy) in new {
            if let Some(role) = self.stored.roles.get_mut(name) {
                role.policies.push(policy.clone());
            }
        }
        Ok(())
    }

    /// Puts policies in the place of others.
    pub(crate) async fn change_policies<P: Permission>(
        &mut self,
        (old, new): (&[OfRole], &[OfRole]),
        scope: &Scope<P>,
        giving: &Giving<'_>,
    ) -> Result<()> {
        self.remove_policies(old, scope, giving).await?;
        self.add_policies(new, scope, giving).await
    }

    /// Removes policies, all of which are there. Whoever removes one that denies gives what it took.
    pub(crate) async fn remove_policies<P: Permission>(
        &mut self,
        old: &[OfRole],
        scope: &Scope<P>,
        giving: &Giving<'_>,
    ) -> Result<()> {
        let mut seen = HashSet::new();
        for (name, policy) in old {
            let role = self.editable(name, scope)?;
            if !has(&role.policies, policy) {
                let message = format!("Policy '[{name}, {policy}]' not found");
                return Err(Error::not_found("no-policy", message));
            }
            twice(&mut seen, name, policy)?;
            giving.taken(policy)?;
        }
        write::remove_policies(&mut self.tx, &borrowed(old)).await?;
        for (name, policy) in old {
            if let Some(role) = self.stored.roles.get_mut(name) {
                role.policies.retain(|known| !alike(known, policy));
            }
        }
        Ok(())
    }
}

fn borrowed(policies: &[OfRole]) -> Vec<(&str, &Policy)> {
    let borrowed = policies
        .iter()
        .map(|(role, policy)| (role.as_str(), policy));
    borrowed.collect()
}

fn has(policies: &[Policy], policy: &Policy) -> bool {
    policies.iter().any(|known| alike(known, policy))
}

fn alike(one: &Policy, two: &Policy) -> bool {
    (&one.target, one.verb, one.effect) == (&two.target, two.verb, two.effect)
}

fn twice(seen: &mut HashSet<String>, role: &str, policy: &Policy) -> Result<()> {
    if seen.insert(format!("{role}, {policy}")) {
        return Ok(());
    }
    let message = format!("Duplicate polices found; {role}, {policy} is a duplicate");
    Err(conflict(message))
}
