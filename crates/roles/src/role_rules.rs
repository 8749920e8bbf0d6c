//! What conditions on roles are made of.

use callboard_auth::{Caller, Conditions, Found, ParamInfo, ParamKind, ResourceRules, RuleInfo};
use callboard_model::{Error, Result};

use crate::edit::{covers, is_like};
use crate::model::Role;
use crate::permissions::POLICY_ENTITY;
use crate::{ReadPolicy, Roles};

static RULES: [RuleInfo; 1] = [RuleInfo {
    name: "IS_OWNER",
    description: "Should allow access to RBAC roles and Permissions through ownership",
    resource_type: POLICY_ENTITY,
    params: &[ParamInfo {
        name: "owners",
        description: "List of entity refs to match against",
        kind: ParamKind::Texts,
        required: true,
    }],
}];

/// Roles, as conditions are about them.
#[derive(Debug)]
pub(crate) struct RoleRules(pub(crate) Roles);

impl ResourceRules for RoleRules {
    fn resource_type(&self) -> &'static str {
        POLICY_ENTITY
    }

    fn rules(&self) -> &'static [RuleInfo] {
        &RULES
    }

    fn judge(&self, caller: &Caller, conditions: &Conditions, refs: &[&str]) -> Result<Vec<bool>> {
        check(conditions)?;
        let scope = caller.scope::<ReadPolicy>();
        let snapshot = self.0.snapshot();
        let judged = refs.iter().map(|name| {
            let role = snapshot.role(name).filter(|role| covers(&scope, role));
            role.is_some_and(|role| is_like(conditions, role))
        });
        Ok(judged.collect())
    }

    fn find(
        &self,
        caller: &Caller,
        conditions: Option<&Conditions>,
        most: usize,
    ) -> Result<Option<Found>> {
        conditions.map_or(Ok(()), check)?;
        let scope = caller.scope::<ReadPolicy>();
        let snapshot = self.0.snapshot();
        let roles = snapshot.roles().iter();
        let found: Vec<&Role> = roles
            .filter(|role| covers(&scope, role))
            .filter(|role| conditions.is_none_or(|tree| is_like(tree, role)))
            .collect();
        let refs = found.iter().take(most).map(|role| role.name.clone());
        Ok(Some(Found {
            total: found.len(),
            refs: refs.collect(),
        }))
    }
}

fn check(conditions: &Conditions) -> Result<()> {
    match conditions {
        Conditions::AllOf(trees) | Conditions::AnyOf(trees) => trees.iter().try_for_each(check),
        Conditions::Not(tree) => check(tree),
        Conditions::Rule(used) => match RULES.iter().find(|rule| rule.name == used.rule) {
            Some(rule) if used.resource_type == POLICY_ENTITY => rule.check(used),
            _ => {
                let message = format!("there is no rule `{}` about roles", used.rule);
                Err(Error::invalid("no-such-rule", message).hint("use `IS_OWNER`"))
            }
        },
    }
}
