//! What somebody could see and do with other roles, against what there is now.

use callboard_auth::{Action, Caller, Conditions, Decision, Found, ResourceRules};
use callboard_model::{Error, Result};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::Roles;
use crate::decide::decide;
use crate::explain::undeclared;
use crate::holder::{Holder, Subject};
use crate::model::Role;
use crate::names;
use crate::snapshot::Snapshot;
use crate::sources::roles_file;

/// What somebody could see and do with a draft of roles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trial {
    /// Who it is.
    user: String,
    /// What they could read, for each type of things that can be counted.
    reads: Vec<TriedRead>,
    /// The permissions that the draft decides otherwise.
    changes: Vec<TriedChange>,
}

/// What somebody could read of the things of a type.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TriedRead {
    /// The type of the things.
    resource_type: String,
    /// The permission to read them.
    permission: String,
    /// How many they read now.
    now: usize,
    /// What they would read.
    then: FoundThings,
    /// What they would read and do not read now.
    gained: FoundThings,
    /// What they read now and would not read.
    lost: FoundThings,
}

/// Things: how many, and the first of them.
#[derive(Debug, Default, Serialize, ToSchema)]
struct FoundThings {
    /// How many.
    total: usize,
    /// What the first are called.
    items: Vec<String>,
}

/// A permission that is decided otherwise.
#[derive(Debug, Serialize, ToSchema)]
struct TriedChange {
    /// The permission.
    permission: String,
    /// `ALLOW`, `DENY` or `CONDITIONAL`, as it is.
    #[schema(value_type = String)]
    now: &'static str,
    /// The same with the draft; conditions may be others.
    #[schema(value_type = String)]
    then: &'static str,
}

/// Roles that somebody thinks of.
#[derive(Debug)]
pub(crate) struct Draft {
    roles: Vec<Role>,
    without: Vec<String>,
}

impl Roles {
    /// Reads a draft: `roles` as in the portal's own file, and the names of those that would be gone. A role that is
    /// there and has no members in the draft keeps those that it has.
    ///
    /// # Errors
    /// `Invalid`, with the first thing that is wrong.
    pub(crate) fn draft(&self, roles: &[Value], without: &[String]) -> Result<Draft> {
        let limits = self.0.settings.rbac.validation.conditional_policies;
        let text = json!({ "roles": roles }).to_string();
        let said = roles_file::read(&text, "draft", limits);
        if let Some(problem) = said.problems.first() {
            let message = format!("the draft is wrong: {}", problem.message);
            return Err(Error::invalid("roles-draft", message)
                .hint("write roles as in the file that `permission.rolesFile` names"));
        }
        let declared = self.0.declared.get().ok_or_else(undeclared)?;
        let snapshot = self.snapshot();
        let mut drafted = said.roles;
        for role in &mut drafted {
            for conditional in &role.conditionals {
                declared.check(&conditional.conditions)?;
            }
            let is_same = role.members.is_empty() && !role.of_everyone;
            if let (true, Some(known)) = (is_same, snapshot.role(&role.name)) {
                role.members.clone_from(&known.members);
                role.of_everyone = known.of_everyone;
                role.source = known.source;
            }
        }
        let without = without.iter().map(|name| names::short_role(name));
        Ok(Draft {
            roles: drafted,
            without: without.collect::<Result<_>>()?,
        })
    }

    /// Tries `draft` for somebody; of the things only those count that `caller` may see, and the first `most` are told.
    ///
    /// # Errors
    /// Those of the types of things.
    pub(crate) fn attempt(
        &self,
        caller: &Caller,
        (subject, draft): (Subject, Draft),
        most: usize,
    ) -> Result<Trial> {
        let declared = self.0.declared.get().ok_or_else(undeclared)?;
        let now = self.snapshot();
        let then = now.with(draft.roles, &draft.without);
        let user = subject.entity_ref.to_string();
        let sides = Sides {
            roles: self,
            holders: (
                self.holder(subject.clone(), &now),
                self.holder(subject, &then),
            ),
            snapshots: (&now, &then),
        };
        let mut trial = Trial {
            user,
            reads: Vec::new(),
            changes: Vec::new(),
        };
        for permission in declared.permissions() {
            let (now, then) = sides.decide(permission);
            if now != then {
                trial.changes.push(TriedChange {
                    permission: permission.name.to_string(),
                    now: word(&now),
                    then: word(&then),
                });
            }
            let resource_type = permission.resource_type.as_deref().unwrap_or_default();
            let resources = declared.resources(resource_type);
            let Some((_, things)) = resources.filter(|_| permission.action == Some(Action::Read))
            else {
                continue;
            };
            let counting = Counting {
                things,
                caller,
                most,
            };
            if let Some((now, [then, gained, lost])) = counting.difference(&now, &then)? {
                trial.reads.push(TriedRead {
                    resource_type: resource_type.to_owned(),
                    permission: permission.name.to_string(),
                    now,
                    then,
                    gained,
                    lost,
                });
            }
        }
        Ok(trial)
    }
}

/// Somebody with the roles that there are, and with those of a draft.
struct Sides<'a> {
    roles: &'a Roles,
    holders: (Holder, Holder),
    snapshots: (&'a Snapshot, &'a Snapshot),
}

impl Sides<'_> {
    fn decide(&self, permission: &callboard_auth::PermissionInfo) -> (Decision, Decision) {
        let precedence = self.roles.precedence();
        let one = |snapshot, holder| decide(snapshot, holder, permission, precedence).decision;
        (
            one(self.snapshots.0, &self.holders.0),
            one(self.snapshots.1, &self.holders.1),
        )
    }
}

/// Counts things of a type.
struct Counting<'a> {
    things: &'a dyn ResourceRules,
    caller: &'a Caller,
    most: usize,
}

impl Counting<'_> {
    /// How many there are now; which there are then, gained and lost. Nothing, when they cannot be counted.
    fn difference(
        &self,
        now: &Decision,
        then: &Decision,
    ) -> Result<Option<(usize, [FoundThings; 3])>> {
        let Some(before) = self.count(now)? else {
            return Ok(None);
        };
        let Some(after) = self.count(then)? else {
            return Ok(None);
        };
        let gained = self.count(&both(then, &opposite(now)))?.unwrap_or_default();
        let lost = self.count(&both(now, &opposite(then)))?.unwrap_or_default();
        Ok(Some((
            before.total,
            [after.into(), gained.into(), lost.into()],
        )))
    }

    fn count(&self, extent: &Decision) -> Result<Option<Found>> {
        match extent {
            Decision::Allow => self.things.find(self.caller, None, self.most),
            Decision::Deny => Ok(Some(Found::default())),
            Decision::Conditional(tree) => self.things.find(self.caller, Some(tree), self.most),
        }
    }
}

impl From<Found> for FoundThings {
    fn from(found: Found) -> Self {
        Self {
            total: found.total,
            items: found.refs,
        }
    }
}

fn opposite(extent: &Decision) -> Decision {
    match extent {
        Decision::Allow => Decision::Deny,
        Decision::Deny => Decision::Allow,
        Decision::Conditional(tree) => {
            Decision::Conditional(Conditions::Not(Box::new(tree.as_ref().clone())).into())
        }
    }
}

fn both(one: &Decision, two: &Decision) -> Decision {
    match (one, two) {
        (Decision::Deny, _) | (_, Decision::Deny) => Decision::Deny,
        (Decision::Allow, other) | (other, Decision::Allow) => other.clone(),
        (Decision::Conditional(one), Decision::Conditional(two)) => {
            let trees = vec![one.as_ref().clone(), two.as_ref().clone()];
            Decision::Conditional(Conditions::AllOf(trees).into())
        }
    }
}

fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Allow => "ALLOW",
        Decision::Deny => "DENY",
        Decision::Conditional(_) => "CONDITIONAL",
    }
}
