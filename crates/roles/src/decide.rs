//! What somebody may do, by their roles: the way in which the RBAC plugin combines them.
//!
//! A permission about things of a type is looked up by its own name when any policy of the caller's roles names it,
//! and by the resource type otherwise. One that denies outweighs all that allow. Conditions of several roles are
//! alternatives. Where there are conditions they count before policies, unless the configuration says otherwise.

use std::sync::Arc;

use callboard_auth::{Conditions, Decision, PermissionInfo, RuleUse};
use serde_json::{Map, Value};

use crate::config::Precedence;
use crate::holder::{Holder, Subject};
use crate::model::{Conditional, Effect, Policy, Verb};
use crate::permissions::POLICY_ENTITY;
use crate::snapshot::Snapshot;

const CREATE_POLICY: &str = "policy.entity.create";

/// What was decided, and by what.
#[derive(Clone, Debug)]
pub(crate) struct Verdict<'a> {
    pub(crate) decision: Decision,
    pub(crate) grounds: Grounds<'a>,
}

/// What a decision was made by.
#[derive(Clone, Debug)]
pub(crate) enum Grounds<'a> {
    /// Who it is.
    SuperUser,
    /// Policies: those that say something, with the role of each; no role where a person or group is named.
    Policies(Vec<(Option<usize>, &'a Policy)>),
    /// Conditions of roles.
    Conditions(Vec<(usize, &'a Conditional)>),
    /// Several conditions of one role, which permit nothing, because it cannot be told which is meant.
    Collision(usize, Vec<&'a Conditional>),
}

/// Decides about `permission` for `holder`.
pub(crate) fn decide<'a>(
    snapshot: &'a Snapshot,
    holder: &Holder,
    permission: &PermissionInfo,
    precedence: Precedence,
) -> Verdict<'a> {
    if holder.is_super_user {
        return Verdict {
            decision: Decision::Allow,
            grounds: Grounds::SuperUser,
        };
    }
    let verb = Verb::of(permission);
    let case = Case {
        snapshot,
        holder,
        verb,
    };
    let named = (permission.name.to_string(), verb);
    let is_named = case.says(&named);
    let resource_type = match permission.resource_type.as_deref() {
        None if permission.name == CREATE_POLICY && !is_named => Some(POLICY_ENTITY),
        known => known,
    };
    let Some(resource_type) = resource_type else {
        return case.by_policies(&named);
    };
    let typed = (resource_type.to_owned(), verb);
    let policies_first = precedence == Precedence::Basic && (is_named || case.says(&typed));
    if !policies_first && let Some(verdict) = case.by_conditions(resource_type, &permission.name) {
        return verdict;
    }
    case.by_policies(if is_named { &named } else { &typed })
}

/// What a decision is about.
struct Case<'a, 'h> {
    snapshot: &'a Snapshot,
    holder: &'h Holder,
    verb: Verb,
}

impl<'a> Case<'a, '_> {
    /// Whether any role has a policy about it.
    fn says(&self, key: &(String, Verb)) -> bool {
        let mut roles = self.holder.roles.iter();
        roles.any(|role| self.snapshot.said(*role, key).next().is_some())
    }

    fn by_policies(&self, key: &(String, Verb)) -> Verdict<'a> {
        let snapshot = self.snapshot;
        let policies: Vec<(Option<usize>, &Policy)> = if self.holder.roles.is_empty() {
            let direct = snapshot.direct(key).iter();
            direct
                .filter(|direct| self.holder.parties.contains_key(&direct.subject))
                .map(|direct| (None, &direct.policy))
                .collect()
        } else {
            let roles = self.holder.roles.iter();
            roles
                .flat_map(|role| {
                    let said = snapshot.said(*role, key);
                    said.map(|policy| (Some(*role), policy))
                })
                .collect()
        };
        let any = |effect| policies.iter().any(|(_, policy)| policy.effect == effect);
        let decision = if any(Effect::Allow) && !any(Effect::Deny) {
            Decision::Allow
        } else {
            Decision::Deny
        };
        Verdict {
            decision,
            grounds: Grounds::Policies(policies),
        }
    }

    fn by_conditions(&self, resource_type: &str, name: &str) -> Option<Verdict<'a>> {
        let mut found: Vec<(usize, &Conditional)> = Vec::new();
        for role in &self.holder.roles {
            let held = self.snapshot.at(*role)?;
            let all: Vec<&Conditional> = held
                .conditionals
                .iter()
                .filter(|conditional| conditional.is_about(resource_type, (name, self.verb)))
                .collect();
            match all[..] {
                [] => {}
                [one] => found.push((*role, one)),
                _ => {
                    return Some(Verdict {
                        decision: Decision::Deny,
                        grounds: Grounds::Collision(*role, all),
                    });
                }
            }
        }
        if found.is_empty() {
            return None;
        }
        let subject = &self.holder.subject;
        let trees = found
            .iter()
            .map(|(_, conditional)| resolved(&conditional.conditions, subject));
        Some(Verdict {
            decision: Decision::Conditional(Arc::new(Conditions::AnyOf(trees.collect()))),
            grounds: Grounds::Conditions(found),
        })
    }
}

/// The conditions as they are for `subject`: `$currentUser` and `$ownerRefs` are who that is.
pub(crate) fn resolved(conditions: &Conditions, subject: &Subject) -> Conditions {
    let all = |trees: &[Conditions]| trees.iter().map(|tree| resolved(tree, subject)).collect();
    match conditions {
        Conditions::AllOf(trees) => Conditions::AllOf(all(trees)),
        Conditions::AnyOf(trees) => Conditions::AnyOf(all(trees)),
        Conditions::Not(tree) => Conditions::Not(Box::new(resolved(tree, subject))),
        Conditions::Rule(used) => Conditions::Rule(RuleUse {
            rule: used.rule.clone(),
            resource_type: used.resource_type.clone(),
            params: params(&used.params, subject),
        }),
    }
}

fn params(params: &Map<String, Value>, subject: &Subject) -> Map<String, Value> {
    let replaced = params.iter().map(|(name, value)| {
        let value = match value {
            Value::Array(items) => Value::Array(
                items
                    .iter()
                    .flat_map(|item| item_for(item, subject))
                    .collect(),
            ),
            Value::String(text) if text == "$currentUser" => {
                Value::from(subject.entity_ref.as_str())
            }
            other => other.clone(),
        };
        (name.clone(), value)
    });
    replaced.collect()
}

fn item_for(item: &Value, subject: &Subject) -> Vec<Value> {
    match item.as_str() {
        Some("$currentUser") => vec![Value::from(subject.entity_ref.as_str())],
        Some("$ownerRefs") => {
            let refs = subject.ownership.iter();
            refs.map(|owner| Value::from(owner.as_str())).collect()
        }
        _ => vec![item.clone()],
    }
}

#[cfg(test)]
mod tests;
