//! Decisions over roles that a test writes.

mod random;

use std::borrow::Cow;

use callboard_auth::{Action, Directory, Person, PersonQuery};
use callboard_model::EntityRef;

use super::*;
use crate::config::{ConditionLimits, PermissionSettings};
use crate::holder::Reach;
use crate::sources::merge::Sources;
use crate::sources::{built_in, configuration, roles_file};

/// Groups, written `member > group`.
#[derive(Debug, Default)]
struct Groups(Vec<(EntityRef, EntityRef)>);

impl Groups {
    fn of(text: &str) -> Self {
        let pairs = text.lines().filter_map(|line| line.split_once(" > "));
        let pairs = pairs.map(|(member, group)| {
            (
                member.trim().parse().unwrap(),
                group.trim().parse().unwrap(),
            )
        });
        Self(pairs.collect())
    }
}

impl Directory for Groups {
    fn people(&self, _: &PersonQuery) -> callboard_model::Result<Vec<Person>> {
        Ok(Vec::new())
    }

    fn groups_of(&self, member: &EntityRef) -> Vec<EntityRef> {
        let own = self.0.iter().filter(|(one, _)| one == member);
        own.map(|(_, group)| group.clone()).collect()
    }

    fn revision(&self) -> u64 {
        0
    }
}

struct World {
    snapshot: Snapshot,
    groups: Groups,
    reach: Reach,
    precedence: Precedence,
}

impl World {
    /// Roles in the portal's own file.
    fn with(roles: &str) -> Self {
        Self::configured(roles, "{}")
    }

    fn configured(roles: &str, settings: &str) -> Self {
        let settings: PermissionSettings = serde_json::from_str(settings).unwrap();
        let said = roles_file::read(roles, "roles.yaml", ConditionLimits::default());
        assert_eq!(said.problems, []);
        let sources = Sources {
            built_in: built_in::roles(),
            configured: configuration::read(&settings).unwrap(),
            roles_file: said,
            ..Sources::default()
        };
        let (contents, problems) = sources.merged();
        assert_eq!(problems, []);
        Self {
            snapshot: Snapshot::new(contents, 1),
            groups: Groups::default(),
            reach: Reach {
                max_depth: settings.rbac.max_depth,
                with_ownership: settings.rbac.use_ownership_entity_refs,
            },
            precedence: settings.rbac.policy_decision_precedence,
        }
    }

    fn groups(mut self, text: &str) -> Self {
        self.groups = Groups::of(text);
        self
    }

    fn decide(&self, user: &str, permission: &PermissionInfo) -> Decision {
        let entity_ref: EntityRef = user.parse().unwrap();
        let subject = Subject {
            ownership: vec![
                entity_ref.clone(),
                "group:default/signed-in".parse().unwrap(),
            ],
            entity_ref,
        };
        let holder = Holder::find(subject, &self.snapshot, &self.groups, self.reach);
        decide(&self.snapshot, &holder, permission, self.precedence).decision
    }

    /// What Ada may do, in one word or as conditions.
    fn ada(&self, permission: &PermissionInfo) -> String {
        match self.decide("user:default/ada", permission) {
            Decision::Allow => "allow".to_owned(),
            Decision::Deny => "deny".to_owned(),
            Decision::Conditional(conditions) => conditions.to_string(),
        }
    }
}

fn about(
    name: &'static str,
    action: Option<Action>,
    resource_type: Option<&'static str>,
) -> PermissionInfo {
    PermissionInfo {
        name: Cow::Borrowed(name),
        action,
        resource_type: resource_type.map(Cow::Borrowed),
    }
}

fn read() -> PermissionInfo {
    about("thing.read", Some(Action::Read), Some("thing"))
}

const ADA: &str = "members: ['user:default/ada']";

#[test]
fn nobody_may_do_anything_without_a_role() {
    let world = World::with("");

    assert_eq!(world.ada(&read()), "deny");
    assert_eq!(
        world.ada(&about(
            "catalog.location.create",
            Some(Action::Create),
            None
        )),
        "deny"
    );
}

#[test]
fn a_policy_is_by_name_or_by_resource_type_and_a_name_counts_alone() {
    let typed = format!(
        "- {{ name: a, {ADA}, permissions: [{{ resourceType: thing, actions: [read] }}] }}\n"
    );
    assert_eq!(World::with(&typed).ada(&read()), "allow");

    let denied = format!(
        "- {{ name: b, {ADA}, permissions: [{{ permission: thing.read, effect: deny }}] }}\n"
    );
    assert_eq!(World::with(&(typed.clone() + &denied)).ada(&read()), "deny");

    // Where a name is written, what is said about the type is not asked.
    let named = format!(
        "- {{ name: c, {ADA}, permissions: [{{ permission: thing.read }}, {{ resourceType: thing, actions: [read], effect: deny }}] }}\n"
    );
    assert_eq!(World::with(&named).ada(&read()), "allow");
}

#[test]
fn one_that_denies_outweighs_all_that_allow() {
    let roles = format!(
        "- {{ name: a, {ADA}, permissions: [{{ permission: x.use }}] }}\n- {{ name: b, {ADA}, permissions: [{{ permission: x.use, effect: deny }}] }}\n"
    );
    assert_eq!(World::with(&roles).ada(&about("x.use", None, None)), "deny");
}

fn conditional(name: &str, rule: &str) -> String {
    format!(
        "- {{ name: {name}, {ADA}, permissions: [{{ resourceType: thing, actions: [read], when: {rule} }}] }}\n"
    )
}

#[test]
fn conditions_of_several_roles_are_alternatives_and_aliases_are_who_asks() {
    let roles = conditional(
        "a",
        "{ rule: OWNS, params: { claims: [$ownerRefs, x, $currentUser], one: $currentUser, many: $ownerRefs } }",
    ) + &conditional("b", "{ not: { rule: B } }");

    assert_eq!(
        World::with(&roles).ada(&read()),
        r#"{"anyOf":[{"rule":"OWNS","resourceType":"thing","params":{"claims":["user:default/ada","group:default/signed-in","x","user:default/ada"],"one":"user:default/ada","many":"$ownerRefs"}},{"not":{"rule":"B","resourceType":"thing","params":{}}}]}"#
    );
}

#[test]
fn conditions_count_before_policies_unless_told_otherwise() {
    let allows = format!(
        "- {{ name: b, {ADA}, permissions: [{{ resourceType: thing, actions: [read] }}] }}\n"
    );
    let roles = conditional("a", "{ rule: A }") + &allows;

    assert!(World::with(&roles).ada(&read()).contains("\"A\""));
    let basic = r#"{ "rbac": { "policyDecisionPrecedence": "basic" } }"#;
    assert_eq!(World::configured(&roles, basic).ada(&read()), "allow");
    let alone = World::configured(&conditional("a", "{ rule: A }"), basic);
    assert!(alone.ada(&read()).contains("\"A\""));
}

#[test]
fn roles_come_through_groups_as_far_up_as_is_told_and_circles_end() {
    let role = |group: &str| {
        format!(
            "- {{ name: a, members: ['group:default/{group}'], permissions: [{{ permission: x.use }}] }}\n"
        )
    };
    let groups = "user:default/ada > group:default/crew\ngroup:default/crew > group:default/house\ngroup:default/house > group:default/all\ngroup:default/all > group:default/crew";
    let use_x = about("x.use", None, None);
    for (group, settings, expected) in [
        ("crew", "{}", "allow"),
        ("all", "{}", "allow"),
        ("other", "{}", "deny"),
        ("crew", r#"{ "rbac": { "maxDepth": 0 } }"#, "allow"),
        ("house", r#"{ "rbac": { "maxDepth": 0 } }"#, "deny"),
        ("house", r#"{ "rbac": { "maxDepth": 1 } }"#, "allow"),
        ("all", r#"{ "rbac": { "maxDepth": 1 } }"#, "deny"),
        ("signed-in", "{}", "deny"),
        (
            "signed-in",
            r#"{ "rbac": { "useOwnershipEntityRefs": true } }"#,
            "allow",
        ),
    ] {
        let world = World::configured(&role(group), settings).groups(groups);
        assert_eq!(world.ada(&use_x), expected, "{group} {settings}");
    }
}

#[test]
fn built_in_roles_are_given_by_the_configuration() {
    let delete = about(
        "catalog.entity.delete",
        Some(Action::Delete),
        Some("catalog-entity"),
    );
    let read = about(
        "catalog.entity.read",
        Some(Action::Read),
        Some("catalog-entity"),
    );
    let anything = about("other.use", None, None);
    for (roles, read_answer, delete_answer, anything_answer) in [
        (r#"{ "viewer": ["everyone"] }"#, "allow", "deny", "deny"),
        (
            r#"{ "owner": ["user:default/ada"] }"#,
            "allow",
            "IS_ENTITY_OWNER",
            "deny",
        ),
        (
            r#"{ "role:default/maintainer": ["user:default/ada"] }"#,
            "allow",
            "allow",
            "deny",
        ),
        (
            r#"{ "admin": ["user:default/ada"] }"#,
            "allow",
            "allow",
            "allow",
        ),
    ] {
        let world = World::configured("", &format!(r#"{{ "roles": {roles} }}"#));
        assert_eq!(world.ada(&read), read_answer, "{roles}");
        assert!(world.ada(&delete).contains(delete_answer), "{roles}");
        assert_eq!(world.ada(&anything), anything_answer, "{roles}");
    }
}

#[test]
fn super_users_may_do_everything_and_policy_admins_look_after_policies() {
    let settings = r#"{ "rbac": { "admin": {
        "users": [{ "name": "user:default/ada" }], "superUsers": [{ "name": "user:default/eve" }] } } }"#;
    let world = World::configured("", settings);
    let anything = about("other.use", None, None);

    assert_eq!(world.decide("user:default/eve", &anything), Decision::Allow);
    assert_eq!(world.ada(&anything), "deny");
    for permission in crate::permissions::all() {
        assert_eq!(world.ada(&permission), "allow", "{}", permission.name);
        assert_eq!(
            world.decide("user:default/bob", &permission),
            Decision::Deny
        );
    }
}

#[test]
fn everybody_has_the_default_role() {
    let settings = r#"{ "rbac": { "defaultPermissions": { "defaultRole": "role:default/all",
        "basicPermissions": [{ "permission": "thing", "action": "read" }] } } }"#;
    let world = World::configured("", settings);

    assert_eq!(world.ada(&read()), "allow");
    assert_eq!(
        world.decide("user:development/guest", &read()),
        Decision::Allow
    );
}
