//! The engine answers as a slow and obvious evaluation does, for random roles, groups and policies.

use std::collections::{BTreeMap, BTreeSet};

use callboard_auth::{Decision, PermissionInfo};
use callboard_model::EntityRef;
use proptest::prelude::*;

use super::*;
use crate::model::{Effect, Mapping, Place, Policy, Role, Source, Verb};
use crate::snapshot::{Contents, Direct};

const VERBS: [Verb; 3] = [Verb::Read, Verb::Update, Verb::Use];
const TARGETS: [&str; 4] = ["thing", "thing.a", "thing.b", "alone"];

/// What one role is made of: members, whether everybody has it, policies and conditions, all by number.
type Sketch = (Vec<u8>, bool, Vec<(u8, u8, bool)>, Vec<(u8, Option<u8>)>);

fn party(number: u8) -> EntityRef {
    let kind = if number < 2 { "user" } else { "group" };
    EntityRef::new(kind, "default", &format!("p{number}")).unwrap()
}

fn role(number: usize, (members, of_everyone, policies, conditionals): &Sketch) -> Role {
    let place = Place::from("here");
    let mut role = Role::new(format!("role:default/r{number}"), Source::CsvFile);
    role.members = members.iter().map(|member| party(*member)).collect();
    role.of_everyone = *of_everyone;
    role.policies = policies
        .iter()
        .map(|(target, verb, deny)| policy((*target, *verb, *deny), &place))
        .collect();
    for (index, (verb, name)) in conditionals.iter().enumerate() {
        let rule = format!(r#"{{ "rule": "R{number}_{index}", "resourceType": "thing" }}"#);
        role.conditionals.push(Conditional {
            id: 1,
            plugin_id: String::new(),
            resource_type: "thing".to_owned(),
            mapping: vec![Mapping {
                name: name.map(|name| TARGETS[usize::from(name)].to_owned()),
                verb: VERBS[usize::from(*verb)],
            }],
            conditions: Arc::new(Conditions::parse(&serde_json::from_str(&rule).unwrap()).unwrap()),
            place: Place::clone(&place),
        });
    }
    role
}

fn policy((target, verb, deny): (u8, u8, bool), place: &Place) -> Policy {
    let effect = if deny { Effect::Deny } else { Effect::Allow };
    Policy::new(
        TARGETS[usize::from(target)],
        VERBS[usize::from(verb)],
        effect,
        place,
    )
}

/// Everybody that somebody is or belongs to, by looking until nothing new is found.
fn parties_of(user: &EntityRef, groups: &Groups, max_depth: Option<u32>) -> BTreeSet<EntityRef> {
    let mut found = BTreeSet::from([user.clone()]);
    let mut level = found.clone();
    let mut depth = 0;
    while !level.is_empty() && max_depth.is_none_or(|most| depth <= most) {
        let next = groups.0.iter().filter(|(member, _)| level.contains(member));
        level = next
            .map(|(_, group)| group.clone())
            .filter(|group| !found.contains(group))
            .collect();
        found.extend(level.iter().cloned());
        depth += 1;
    }
    found
}

/// The same question, answered by reading everything that is said from top to bottom.
fn obviously(
    (roles, direct): (&[Role], &[Direct]),
    parties: &BTreeSet<EntityRef>,
    permission: &PermissionInfo,
    precedence: Precedence,
) -> Decision {
    let verb = Verb::of(permission);
    let name = permission.name.as_ref();
    let held = |role: &&Role| {
        role.of_everyone || role.members.iter().any(|member| parties.contains(member))
    };
    let mut roles: Vec<&Role> = roles.iter().filter(held).collect();
    roles.sort_by_key(|role| &role.name);
    let effects = |target: &str| -> Vec<Effect> {
        let all = roles.iter().flat_map(|role| &role.policies);
        all.filter(|policy| policy.target == target && policy.verb == verb)
            .map(|policy| policy.effect)
            .collect()
    };
    let by_policies = |target: &str| {
        let effects = if roles.is_empty() {
            let own = direct
                .iter()
                .filter(|direct| parties.contains(&direct.subject));
            own.map(|direct| &direct.policy)
                .filter(|policy| policy.target == target && policy.verb == verb)
                .map(|policy| policy.effect)
                .collect()
        } else {
            effects(target)
        };
        if effects.contains(&Effect::Allow) && !effects.contains(&Effect::Deny) {
            Decision::Allow
        } else {
            Decision::Deny
        }
    };
    let is_named = !effects(name).is_empty();
    let Some(resource_type) = permission.resource_type.as_deref() else {
        return by_policies(name);
    };
    let target = if is_named { name } else { resource_type };
    if precedence == Precedence::Basic && (is_named || !effects(resource_type).is_empty()) {
        return by_policies(target);
    }
    let mut trees = BTreeMap::new();
    for role in &roles {
        for conditional in &role.conditionals {
            let is_about = |mapping: &Mapping| {
                mapping.verb == verb && mapping.name.as_deref().is_none_or(|own| own == name)
            };
            if conditional.mapping.iter().any(is_about) {
                let before =
                    trees.insert(role.name.clone(), conditional.conditions.as_ref().clone());
                if before.is_some() {
                    return Decision::Deny;
                }
            }
        }
    }
    if trees.is_empty() {
        return by_policies(target);
    }
    Decision::Conditional(Arc::new(Conditions::AnyOf(trees.into_values().collect())))
}

fn sketch() -> impl Strategy<Value = Sketch> {
    (
        prop::collection::vec(0..6_u8, 0..3),
        prop::bool::weighted(0.1),
        prop::collection::vec((0..4_u8, 0..3_u8, any::<bool>()), 0..5),
        prop::collection::vec((0..3_u8, prop::option::of(1..3_u8)), 0..2),
    )
}

proptest! {
    #[test]
    fn the_engine_answers_as_a_slow_evaluation_does(
        sketches in prop::collection::vec(sketch(), 0..6),
        groups in prop::collection::vec((0..6_u8, 2..6_u8), 0..8),
        direct in prop::collection::vec((0..6_u8, (0..4_u8, 0..3_u8, any::<bool>())), 0..4),
        max_depth in prop::option::of(0..3_u32),
        basic in any::<bool>(),
    ) {
        let place = Place::from("here");
        let roles: Vec<Role> = sketches.iter().enumerate().map(|(number, sketch)| role(number, sketch)).collect();
        let direct: Vec<Direct> = direct
            .into_iter()
            .map(|(subject, said)| Direct { subject: party(subject), policy: policy(said, &place) })
            .collect();
        let contents = Contents {
            roles: roles.iter().map(|role| (role.name.clone(), role.clone())).collect(),
            direct: direct.clone(),
            ..Contents::default()
        };
        let snapshot = Snapshot::new(contents, 1);
        let groups = Groups(groups.into_iter().map(|(member, group)| (party(member), party(group))).collect());
        let precedence = if basic { Precedence::Basic } else { Precedence::Conditional };
        let reach = Reach { max_depth, with_ownership: false };
        for user in [party(0), party(1)] {
            let subject = Subject { entity_ref: user.clone(), ownership: vec![user.clone()] };
            let holder = Holder::find(subject, &snapshot, &groups, reach);
            let parties = parties_of(&user, &groups, max_depth);
            for (name, resource_type) in [("thing.a", Some("thing")), ("thing.b", Some("thing")), ("alone", None)] {
                for action in [Some(Action::Read), Some(Action::Update), None] {
                    let permission = about(name, action, resource_type);
                    let fast = decide(&snapshot, &holder, &permission, precedence).decision;
                    let slow = obviously((&roles, &direct), &parties, &permission, precedence);
                    match (&fast, &slow) {
                        // Alternatives are in no order.
                        (Decision::Conditional(fast), Decision::Conditional(slow)) => {
                            prop_assert_eq!(sorted(fast), sorted(slow));
                        }
                        _ => prop_assert_eq!(fast, slow),
                    }
                }
            }
        }
    }
}

fn sorted(conditions: &Conditions) -> Vec<String> {
    let Conditions::AnyOf(trees) = conditions else {
        return vec![conditions.to_string()];
    };
    let mut all: Vec<String> = trees.iter().map(ToString::to_string).collect();
    all.sort();
    all
}
