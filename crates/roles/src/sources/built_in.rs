//! The roles that come with the portal. Nobody has them until they are given to somebody.

use std::sync::Arc;

use callboard_auth::{Conditions, RuleUse};
use serde_json::{Map, Value};

use crate::model::{Conditional, Effect, Mapping, Place, Policy, Role, Source, Verb};
use crate::permissions::POLICY_ENTITY;

const ENTITY: &str = "catalog-entity";

/// Everything that people look at in the catalog.
const READS: [(&str, Verb); 4] = [
    (ENTITY, Verb::Read),
    ("catalog.location.read", Verb::Read),
    ("catalog.location.analyze", Verb::Use),
    ("catalog.entity.validate", Verb::Use),
];

/// What brings something into the catalog.
const CREATES: [(&str, Verb); 2] = [
    ("catalog.location.create", Verb::Create),
    ("catalog.entity.create", Verb::Create),
];

/// All of them.
pub(crate) fn roles() -> Vec<Role> {
    vec![viewer(), owner(), maintainer(), admin()]
}

fn viewer() -> Role {
    built_in("viewer", "Sees everything in the catalog.", &[&READS])
}

fn owner() -> Role {
    let description =
        "Sees everything, adds to the catalog, and changes, refreshes and removes what is theirs.";
    let mut role = built_in("owner", description, &[&READS, &CREATES]);
    let place = place();
    role.conditionals.push(Conditional {
        id: -1,
        plugin_id: "catalog".to_owned(),
        resource_type: ENTITY.to_owned(),
        mapping: [Verb::Update, Verb::Delete]
            .map(|verb| Mapping { name: None, verb })
            .to_vec(),
        conditions: Arc::new(Conditions::Rule(RuleUse {
            rule: "IS_ENTITY_OWNER".to_owned(),
            resource_type: ENTITY.to_owned(),
            params: Map::from_iter([("claims".to_owned(), Value::from(vec!["$ownerRefs"]))]),
        })),
        place,
    });
    role
}

fn maintainer() -> Role {
    let changes = [
        (ENTITY, Verb::Update),
        (ENTITY, Verb::Delete),
        ("catalog.location.update", Verb::Update),
        ("catalog.location.delete", Verb::Delete),
    ];
    let description = "Does everything in the catalog.";
    built_in("maintainer", description, &[&READS, &CREATES, &changes])
}

/// Its policies are for pages that show what it may; see [`may_everything`].
fn admin() -> Role {
    let policies = [
        (POLICY_ENTITY, Verb::Read),
        (POLICY_ENTITY, Verb::Update),
        (POLICY_ENTITY, Verb::Delete),
        ("policy.entity.create", Verb::Create),
    ];
    let description = "Does everything, and looks after roles and policies.";
    built_in("admin", description, &[&policies])
}

/// Whether whoever has a role may do everything, as no list of permissions can say.
pub(crate) fn may_everything(role: &Role) -> bool {
    role.source == Source::BuiltIn && role.name == "role:default/admin"
}

fn built_in(name: &str, description: &str, parts: &[&[(&str, Verb)]]) -> Role {
    let place = place();
    let mut role = Role::new(format!("role:default/{name}"), Source::BuiltIn);
    role.about.description = Some(description.to_owned());
    let all = parts.iter().copied().flatten();
    role.policies = all
        .map(|(target, verb)| Policy::new(*target, *verb, Effect::Allow, &place))
        .collect();
    role
}

fn place() -> Place {
    Place::from("built in")
}
