//! Roles and policies as requests and answers have them.

use std::collections::BTreeSet;
use std::time::{Duration, UNIX_EPOCH};

use callboard_model::{EntityRef, Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::edit::{MOST_MEMBERS, NewRole};
use crate::model::{Effect, Place, Policy, Role, Verb};
use crate::names;

/// The most policies in a body.
const MOST: usize = 10_000;
/// The characters of a permission's name, a description or an owner.
const LONGEST: usize = 500;

/// A policy.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WrittenPolicy {
    /// The role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub(super) entity_reference: Option<String>,
    /// The name of a permission, or a resource type.
    permission: String,
    /// `create`, `read`, `update`, `delete` or `use`.
    policy: String,
    /// `allow` or `deny`.
    effect: String,
    /// Where it comes from; in answers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    metadata: Option<PolicyMetadata>,
}

/// Where a policy comes from.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct PolicyMetadata {
    /// `built-in`, `configuration`, `roles-file`, `csv-file` or `rest`.
    source: String,
}

/// A role.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WrittenRole {
    /// The people and groups that have it.
    #[serde(default)]
    member_references: Vec<String>,
    /// Its name, such as `role:default/viewer`.
    #[serde(default)]
    name: String,
    /// What else is known of it.
    #[serde(default)]
    #[schema(required = false)]
    metadata: RoleMetadata,
}

/// What is known of a role. Of a request only the description and the owner count.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RoleMetadata {
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Who may be let to change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    /// Who changed it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_by: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    /// When it was changed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    /// Whether everybody has it.
    is_default: bool,
}

impl WrittenPolicy {
    pub(super) fn of(role: &Role, policy: &Policy) -> Self {
        Self {
            entity_reference: Some(role.name.clone()),
            permission: policy.target.clone(),
            policy: policy.verb.as_str().to_owned(),
            effect: policy.effect.as_str().to_owned(),
            metadata: Some(PolicyMetadata {
                source: role.source.as_str().to_owned(),
            }),
        }
    }

    pub(super) fn is_like(
        &self,
        filter: (&Option<String>, &Option<String>, &Option<String>),
    ) -> bool {
        let same =
            |asked: &Option<String>, own: &str| asked.as_deref().is_none_or(|one| one == own);
        same(filter.0, &self.permission)
            && same(filter.1, &self.policy)
            && same(filter.2, &self.effect)
    }

    fn read(&self, role: Option<&str>) -> Result<(String, Policy)> {
        let wrong = |message: String| Error::invalid("role-policy", message);
        let role = match (role, &self.entity_reference) {
            (Some(role), _) => role.to_owned(),
            (None, Some(role)) => names::role(role)?,
            (None, None) => return Err(wrong("`entityReference` must not be empty".to_owned())),
        };
        let target = self.permission.trim();
        if target.is_empty() || target.len() > LONGEST || target.contains(['"', ',', '\n']) {
            return Err(wrong(
                "`permission` is empty, too long, or has `\"`, `,` or a line break in it"
                    .to_owned(),
            ));
        }
        let verb = Verb::named(&self.policy).ok_or_else(|| {
            wrong("'policy' has invalid value. It should be one of: create, read, update, delete, use".to_owned())
        })?;
        let effect = Effect::named(&self.effect).ok_or_else(|| {
            wrong("'effect' has invalid value. It should be: 'allow' or 'deny'".to_owned())
        })?;
        let place = Place::from("over the API");
        Ok((
            role,
            Policy {
                target: target.to_owned(),
                verb,
                effect,
                place,
            },
        ))
    }
}

/// Reads policies, all of `role` when it is given.
pub(super) fn policies(
    list: &[WrittenPolicy],
    role: Option<&str>,
) -> Result<Vec<(String, Policy)>> {
    if list.is_empty() || list.len() > MOST {
        let message = format!("the list of policies is empty, or has more than {MOST}");
        return Err(Error::invalid("role-policies", message));
    }
    list.iter().map(|policy| policy.read(role)).collect()
}

impl WrittenRole {
    pub(super) fn of(role: &Role) -> Self {
        let about = &role.about;
        Self {
            member_references: role.members.iter().map(ToString::to_string).collect(),
            name: role.name.clone(),
            metadata: RoleMetadata {
                source: Some(role.source.as_str().to_owned()),
                description: about.description.clone(),
                owner: about.owner.clone(),
                author: about.author.clone(),
                modified_by: about.modified_by.clone(),
                created_at: about.created_at.map(time),
                last_modified: about.modified_at.map(time),
                is_default: role.of_everyone,
            },
        }
    }

    /// The people and groups in it, each once.
    pub(super) fn members(&self) -> Result<BTreeSet<EntityRef>> {
        if self.member_references.is_empty() || self.member_references.len() > MOST_MEMBERS {
            let message = format!("'memberReferences' is empty, or has more than {MOST_MEMBERS}");
            return Err(Error::invalid("role-members", message));
        }
        let mut members = BTreeSet::new();
        for text in &self.member_references {
            if !members.insert(names::member(text)?) {
                let message = format!("Duplicate role members found; {text} is a duplicate");
                return Err(crate::edit::conflict(message));
            }
        }
        Ok(members)
    }

    pub(super) fn read(&self) -> Result<NewRole> {
        for text in [&self.metadata.description, &self.metadata.owner]
            .into_iter()
            .flatten()
        {
            if text.chars().count() > LONGEST {
                let message = format!("a description or owner has more than {LONGEST} characters");
                return Err(Error::invalid("role-metadata", message));
            }
        }
        Ok(NewRole {
            name: names::role(&self.name)?,
            members: self.members()?,
            description: self.metadata.description.clone(),
            owner: self
                .metadata
                .owner
                .clone()
                .filter(|owner| !owner.is_empty()),
        })
    }
}

/// The full name of the role that a path is about.
pub(super) fn named((kind, namespace, name): (String, String, String)) -> Result<String> {
    names::role(&format!("{kind}:{namespace}/{name}"))
}

fn time(unix_millis: i64) -> String {
    let at = Duration::from_millis(u64::try_from(unix_millis).unwrap_or(0));
    humantime::format_rfc3339_millis(UNIX_EPOCH + at).to_string()
}
