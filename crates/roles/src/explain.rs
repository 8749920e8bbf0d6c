//! Why somebody may do something, or may not: the roles that they have and how, and what those say.

use callboard_auth::{Caller, Conditions, Decision, PermissionInfo};
use callboard_model::{EntityRef, Error, Result, shortened};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::Roles;
use crate::decide::{Grounds, Verdict, decide, resolved};
use crate::declared::Declared;
use crate::holder::{Holder, Subject};
use crate::model::{Conditional, Effect, Policy, Role, Source, Verb};
use crate::names::EVERYONE;
use crate::snapshot::Snapshot;

/// Why somebody may do something, or may not.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explanation {
    /// Who it is.
    user: String,
    /// What it is about.
    permission: String,
    /// What that does.
    action: Verb,
    /// The type of things that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    resource_type: Option<String>,
    /// `ALLOW` or `DENY`; `CONDITIONAL` where conditions decide and no thing was asked about.
    #[schema(value_type = String)]
    decision: &'static str,
    /// Why, in a sentence.
    why: String,
    /// The roles that they have.
    roles: Vec<HeldRole>,
    /// What decided.
    grounds: Vec<Ground>,
    /// The conditions as they are for them; for a thing, each part with `result`: whether it is true for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Object>)]
    conditions: Option<Value>,
}

/// A role that somebody has.
#[derive(Debug, Serialize, ToSchema)]
struct HeldRole {
    /// Its name.
    role: String,
    /// Where it comes from.
    source: Source,
    /// How they come to have it: from themselves to the member that has it, or `everyone`.
    through: Vec<String>,
}

/// Something that decided.
#[derive(Debug, Serialize, ToSchema)]
struct Ground {
    /// The role that says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    role: Option<String>,
    /// What it says.
    says: String,
    /// Where that is written.
    at: String,
}

/// A question about somebody.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) subject: Subject,
    pub(crate) permission: &'a str,
    pub(crate) resource_ref: Option<&'a str>,
}

impl Roles {
    /// Explains what these roles say to `question`, as far as `caller` may see the thing that it is about.
    ///
    /// # Errors
    /// `Invalid`, when there is no such permission, or it is about nothing single and a thing is asked about.
    pub(crate) fn explain(&self, caller: &Caller, question: Question<'_>) -> Result<Explanation> {
        let declared = self.0.declared.get().ok_or_else(undeclared)?;
        let permission = declared
            .named(question.permission)
            .ok_or_else(|| unknown(question.permission))?;
        if question.resource_ref.is_some() && permission.resource_type.is_none() {
            let message = format!("`{}` is about nothing single", permission.name);
            return Err(Error::invalid("asked-permission", message).hint("leave `resourceRef` out"));
        }
        let snapshot = self.snapshot();
        let holder = self.holder(question.subject, &snapshot);
        let verdict = decide(&snapshot, &holder, permission, self.precedence());
        let judging = question.resource_ref.map(|resource_ref| Judging {
            caller,
            declared,
            resource_ref,
        });
        let explaining = Explaining {
            snapshot: &snapshot,
            holder: &holder,
            permission,
        };
        Ok(explaining.explanation(&verdict, judging.as_ref()))
    }
}

struct Explaining<'a> {
    snapshot: &'a Snapshot,
    holder: &'a Holder,
    permission: &'a PermissionInfo,
}

impl Explaining<'_> {
    fn explanation(&self, verdict: &Verdict<'_>, judging: Option<&Judging<'_>>) -> Explanation {
        let judged = match (&verdict.decision, judging) {
            (Decision::Conditional(tree), Some(judging)) => Some(judging.judge(tree)),
            _ => None,
        };
        let truth = judged.as_ref().map(|judged| judged.result == Some(true));
        let conditions = match (&verdict.decision, judged) {
            (_, Some(judged)) => Some(judged.json),
            (Decision::Conditional(tree), None) => Some(json!(tree)),
            _ => None,
        };
        Explanation {
            user: self.holder.subject.entity_ref.to_string(),
            permission: self.permission.name.to_string(),
            action: Verb::of(self.permission),
            resource_type: self.permission.resource_type.as_deref().map(str::to_owned),
            decision: match (&verdict.decision, truth) {
                (Decision::Allow, _) | (_, Some(true)) => "ALLOW",
                (Decision::Conditional(_), None) => "CONDITIONAL",
                _ => "DENY",
            },
            why: self.why(verdict, truth),
            roles: self.roles(),
            grounds: self.grounds(&verdict.grounds),
            conditions,
        }
    }

    fn why(&self, verdict: &Verdict<'_>, truth: Option<bool>) -> String {
        let who = &self.holder.subject.entity_ref;
        match (&verdict.grounds, truth) {
            (Grounds::SuperUser, _) => format!("`{who}` may do everything"),
            (Grounds::Collision(role, _), _) => {
                let role = self.name_of(*role);
                format!(
                    "`{role}` has several conditions for this, so that it cannot be told which is meant"
                )
            }
            (Grounds::Conditions(_), None) => "conditions decide for each thing".to_owned(),
            (Grounds::Conditions(_), Some(true)) => "the conditions are true for it".to_owned(),
            (Grounds::Conditions(_), Some(false)) => {
                "the conditions are not true for it, or whoever asks does not see it".to_owned()
            }
            (Grounds::Policies(policies), _) if policies.is_empty() => {
                match self.holder.roles.is_empty() {
                    true => format!("`{who}` has no role"),
                    false => "no role that they have says anything about this".to_owned(),
                }
            }
            (Grounds::Policies(policies), _) => {
                match policies
                    .iter()
                    .find(|(_, policy)| policy.effect == Effect::Deny)
                {
                    Some((Some(role), _)) => {
                        format!(
                            "`{}` denies it, which counts more than what allows",
                            self.name_of(*role)
                        )
                    }
                    Some((None, _)) => "a policy that names them denies it".to_owned(),
                    None => "at least one policy allows it and none denies it".to_owned(),
                }
            }
        }
    }

    fn roles(&self) -> Vec<HeldRole> {
        let roles = self.holder.roles.iter();
        let held = roles.filter_map(|role| self.snapshot.at(*role));
        let held = held.map(|role| HeldRole {
            role: role.name.clone(),
            source: role.source,
            through: self.through(role),
        });
        held.collect()
    }

    /// The shortest way to a member of the role.
    fn through(&self, role: &Role) -> Vec<String> {
        let members = role.members.iter();
        let own = members.filter(|member| self.holder.parties.contains_key(*member));
        let ways = own.map(|member| self.holder.path_to(member));
        let shortest = ways.min_by_key(Vec::len);
        let text = |way: Vec<EntityRef>| way.iter().map(ToString::to_string).collect();
        shortest.map_or_else(|| vec![EVERYONE.to_owned()], text)
    }

    fn grounds(&self, grounds: &Grounds<'_>) -> Vec<Ground> {
        match grounds {
            Grounds::SuperUser => Vec::new(),
            Grounds::Policies(policies) => {
                let policies = policies.iter();
                policies
                    .map(|(role, policy)| self.policy(*role, policy))
                    .collect()
            }
            Grounds::Conditions(all) => {
                let all = all.iter();
                all.map(|(role, one)| self.conditional(*role, one))
                    .collect()
            }
            Grounds::Collision(role, all) => {
                all.iter().map(|one| self.conditional(*role, one)).collect()
            }
        }
    }

    fn policy(&self, role: Option<usize>, policy: &Policy) -> Ground {
        Ground {
            role: role.map(|role| self.name_of(role).to_owned()),
            says: policy.to_string(),
            at: policy.place.to_string(),
        }
    }

    fn conditional(&self, role: usize, conditional: &Conditional) -> Ground {
        let tree = resolved(&conditional.conditions, &self.holder.subject);
        Ground {
            role: Some(self.name_of(role).to_owned()),
            says: tree.to_string(),
            at: conditional.place.to_string(),
        }
    }

    fn name_of(&self, role: usize) -> &str {
        self.snapshot.at(role).map_or("", |role| &role.name)
    }
}

/// Asks which parts of conditions are true for a thing.
struct Judging<'a> {
    caller: &'a Caller,
    declared: &'a Declared,
    resource_ref: &'a str,
}

/// Conditions, each part with whether it is true; nothing where that cannot be found out.
struct Judged {
    json: Value,
    result: Option<bool>,
}

impl Judging<'_> {
    fn judge(&self, tree: &Conditions) -> Judged {
        let (mut json, result) = match tree {
            Conditions::AllOf(trees) => {
                let (parts, results) = self.each(trees);
                (json!({ "allOf": parts }), all(&results))
            }
            Conditions::AnyOf(trees) => {
                let (parts, results) = self.each(trees);
                let none: Vec<Option<bool>> =
                    results.iter().map(|one| one.map(|one| !one)).collect();
                (json!({ "anyOf": parts }), all(&none).map(|none| !none))
            }
            Conditions::Not(tree) => {
                let inner = self.judge(tree);
                (json!({ "not": inner.json }), inner.result.map(|one| !one))
            }
            Conditions::Rule(used) => {
                let resources = self.declared.resources(&used.resource_type);
                let judged = resources.and_then(|(_, resources)| {
                    resources
                        .judge(self.caller, tree, &[self.resource_ref])
                        .ok()
                });
                (
                    json!(tree),
                    judged.and_then(|judged| judged.first().copied()),
                )
            }
        };
        if let Some(object) = json.as_object_mut() {
            object.insert("result".to_owned(), json!(result));
        }
        Judged { json, result }
    }

    fn each(&self, trees: &[Conditions]) -> (Vec<Value>, Vec<Option<bool>>) {
        let judged = trees.iter().map(|tree| self.judge(tree));
        judged.map(|judged| (judged.json, judged.result)).unzip()
    }
}

/// Whether all are true: not when one is not, whatever is unknown.
fn all(results: &[Option<bool>]) -> Option<bool> {
    if results.contains(&Some(false)) {
        return Some(false);
    }
    results.iter().all(Option::is_some).then_some(true)
}

pub(crate) fn undeclared() -> Error {
    Error::internal(
        "roles-undeclared",
        "roles were not told which permissions there are",
    )
}

fn unknown(name: &str) -> Error {
    let message = format!("there is no permission `{}`", shortened(name, 100));
    Error::invalid("unknown-permission", message)
        .hint("choose one of `/api/permission/plugins/policies`")
}
