use serde_json::json;

use super::*;

mod declared;

fn entity(value: Value) -> Entity {
    serde_json::from_value(value).unwrap()
}

/// An entity of `kind` in the namespace `shop` with `spec`.
fn of(kind: &str, spec: Value) -> Entity {
    let group = if kind == "Template" {
        "scaffolder.backstage.io/v1beta3"
    } else {
        "backstage.io/v1alpha1"
    };
    entity(
        json!({ "apiVersion": group, "kind": kind, "metadata": { "name": "it", "namespace": "shop" }, "spec": spec }),
    )
}

fn problems(entity: &Entity) -> Vec<String> {
    let line = |problem: Problem| {
        let hint = problem
            .hint
            .map(|hint| format!(" ({hint})"))
            .unwrap_or_default();
        format!(
            "{}: {}{hint}",
            problem.path.unwrap_or_default(),
            problem.message
        )
    };
    let kinds = Kinds::built_in();
    kinds
        .validate(entity)
        .into_iter()
        .chain(kinds.relations(entity).1)
        .map(line)
        .collect()
}

/// The relations of an entity, each as `source kind target`.
fn relations(entity: &Entity) -> Vec<String> {
    let (relations, problems) = Kinds::built_in().relations(entity);
    assert!(problems.is_empty(), "{problems:?}");
    relations
        .iter()
        .map(|relation| format!("{} {} {}", relation.source, relation.kind, relation.target))
        .collect()
}

#[test]
fn the_built_in_model_is_well_formed() {
    let kinds = Kinds::with(&[]).unwrap();
    let names: Vec<&str> = kinds.iter().map(Kind::name).collect();
    assert_eq!(
        names,
        [
            "Component",
            "API",
            "Resource",
            "System",
            "Domain",
            "Group",
            "User",
            "Location",
            "Template",
            "AiResource"
        ]
    );
    for kind in kinds.iter() {
        assert!(
            !kind.plural().is_empty() && kind.description().ends_with('.'),
            "{}",
            kind.name()
        );
        assert!(!kind.api_versions().is_empty(), "{}", kind.name());
    }
}

#[test]
fn every_relation_is_declared_with_the_same_reverse() {
    let mut reverses = FxHashMap::default();
    for pair in Kinds::built_in().iter().flat_map(Kind::relation_pairs) {
        assert_eq!(
            reverses.entry(&pair.forward).or_insert(&pair.reverse),
            &&pair.reverse
        );
        assert_eq!(
            reverses.entry(&pair.reverse).or_insert(&pair.forward),
            &&pair.forward
        );
    }
    assert_eq!(reverses.len(), 14);
}

#[test]
fn a_component_relates_in_both_directions() {
    let spec = json!({
        "type": "service", "lifecycle": "production", "owner": "payments", "system": "checkout",
        "subcomponentOf": "web", "providesApis": ["pay"], "consumesApis": ["other/bank"],
        "dependsOn": ["resource:db"], "dependencyOf": ["Component:Default/Shop"],
    });
    assert_eq!(
        relations(&of("Component", spec)),
        [
            "api:other/bank apiConsumedBy component:shop/it",
            "api:shop/pay apiProvidedBy component:shop/it",
            "component:default/shop dependsOn component:shop/it",
            "component:shop/it consumesApi api:other/bank",
            "component:shop/it dependencyOf component:default/shop",
            "component:shop/it dependsOn resource:shop/db",
            "component:shop/it ownedBy group:shop/payments",
            "component:shop/it partOf component:shop/web",
            "component:shop/it partOf system:shop/checkout",
            "component:shop/it providesApi api:shop/pay",
            "component:shop/web hasPart component:shop/it",
            "group:shop/payments ownerOf component:shop/it",
            "resource:shop/db dependencyOf component:shop/it",
            "system:shop/checkout hasPart component:shop/it",
        ]
    );
}

#[test]
fn the_other_kinds_relate_as_their_files_say() {
    let cases = [
        (
            "API",
            json!({ "owner": "a", "system": "b" }),
            "ownedBy group:shop/a, partOf system:shop/b",
        ),
        (
            "API",
            json!({ "type": "mcp-server", "owner": "user:x/a" }),
            "ownedBy user:x/a",
        ),
        (
            "Resource",
            json!({ "owner": "a", "dependsOn": ["api:b"], "dependencyOf": "component:c" }),
            "dependencyOf component:shop/c, dependsOn api:shop/b, ownedBy group:shop/a",
        ),
        (
            "System",
            json!({ "owner": "a", "domain": "b" }),
            "ownedBy group:shop/a, partOf domain:shop/b",
        ),
        (
            "Domain",
            json!({ "owner": "a", "subdomainOf": "b" }),
            "ownedBy group:shop/a, partOf domain:shop/b",
        ),
        (
            "Group",
            json!({ "parent": "a", "children": ["b"], "members": ["c"] }),
            "childOf group:shop/a, hasMember user:shop/c, parentOf group:shop/b",
        ),
        (
            "User",
            json!({ "memberOf": ["a", "other/b"] }),
            "memberOf group:other/b, memberOf group:shop/a",
        ),
        ("Location", json!({ "targets": ["./a.yaml"] }), ""),
        ("Template", json!({ "owner": "a" }), "ownedBy group:shop/a"),
        (
            "AiResource",
            json!({ "type": "skill", "owner": "a", "dependsOn": ["b"] }),
            "dependsOn airesource:shop/b, ownedBy group:shop/a",
        ),
        (
            "AiResource",
            json!({ "type": "plugin", "skills": ["b"] }),
            "hasPart airesource:shop/b",
        ),
        (
            "AiResource",
            json!({ "type": "rule", "skills": ["b"], "system": "s" }),
            "partOf system:shop/s",
        ),
    ];
    for (kind, spec, expected) in cases {
        let entity = of(kind, spec);
        let own = format!("{} ", entity.entity_ref().unwrap());
        let all = relations(&entity);
        let forward: Vec<&str> = all
            .iter()
            .filter_map(|line| line.strip_prefix(&own))
            .collect();
        assert_eq!(forward.join(", "), expected, "{kind}");
        assert_eq!(all.len(), 2 * forward.len(), "{kind}");
    }
}

#[test]
fn a_reference_given_twice_relates_once() {
    assert_eq!(
        relations(&of(
            "User",
            json!({ "memberOf": ["a", "A", "group:shop/a"] })
        ))
        .len(),
        2
    );
}

#[test]
fn a_reference_that_is_none_is_named_by_its_place() {
    let depends_on = json!(["orders", "/x", "resource:db"]);
    let spec = json!({ "type": "a", "lifecycle": "b", "owner": "group:", "dependsOn": depends_on });
    assert_eq!(
        problems(&of("Component", spec)),
        [
            "spec.owner: `group:` is not an entity reference: its name is empty; expected `[<kind>:][<namespace>/]<name>` (fill in the empty part, or leave its separator out)",
            "spec.dependsOn[0]: `orders` is not a full entity reference: it has no kind; expected `<kind>:[<namespace>/]<name>`, such as `component:orders` (write the kind too: `component:orders`)",
            "spec.dependsOn[1]: `/x` is not an entity reference: its namespace is empty; expected `[<kind>:][<namespace>/]<name>` (fill in the empty part, or leave its separator out)",
        ]
    );
}

#[test]
fn what_a_kind_requires_is_named_with_its_meaning() {
    assert_eq!(
        problems(&of("Component", json!({}))),
        [
            "spec.type: `spec.type` is missing, and a Component needs one (add `type`: what sort of component it is, such as `service`, `website` or `library`)",
            "spec.lifecycle: `spec.lifecycle` is missing, and a Component needs one (add `lifecycle`: how finished it is, such as `experimental`, `production` or `deprecated`)",
            "spec.owner: `spec.owner` is missing, and a Component needs one (add `owner`: who is responsible, such as `group:payments`)",
        ]
    );
}

#[test]
fn a_value_of_the_wrong_type_is_told_the_right_one() {
    let spec = json!({
        "type": 1, "lifecycle": "", "owner": null, "system": ["a"], "consumesApis": "x", "providesApis": ["a", ""],
    });
    assert_eq!(
        problems(&of("Component", spec)),
        [
            "spec.type: `spec.type` must be a string, but it is the number `1` (put it in quotes: `\"1\"`)",
            "spec.lifecycle: `spec.lifecycle` is empty (say how finished it is, such as `experimental`, `production` or `deprecated`)",
            "spec.owner: `spec.owner` must be a string, but it is empty (fill it in, or remove it)",
            "spec.system: `spec.system` must be a string, but it is a list of 1",
            "spec.consumesApis: `spec.consumesApis` must be a list, but it is the string `x` (write it as a list: `[x]`)",
            "spec.providesApis[1]: `spec.providesApis[1]` is empty (fill it in, or remove it)",
        ]
    );
}

#[test]
fn forms_of_a_kind_have_their_own_rules() {
    let cases = [
        ("API", json!({ "type": "openapi" }), "spec.definition"),
        ("API", json!({ "type": "mcp-server" }), "spec.remotes"),
        (
            "API",
            json!({ "type": "mcp-server", "remotes": [] }),
            "spec.remotes",
        ),
        (
            "API",
            json!({ "type": "mcp-server", "remotes": [{ "type": "sse" }] }),
            "spec.remotes[0].url",
        ),
        ("AiResource", json!({ "type": "anything" }), ""),
        (
            "AiResource",
            json!({ "type": "skill", "compatibility": "x".repeat(501) }),
            "spec.compatibility",
        ),
        (
            "AiResource",
            json!({ "type": "rule" }),
            "spec.category spec.rationale",
        ),
        ("AiResource", json!({ "type": "plugin" }), "spec.skills"),
        (
            "AiResource",
            json!({ "type": "marketplace" }),
            "spec.plugins",
        ),
        (
            "Template",
            json!({ "type": "a", "steps": [{ "id": "x" }, { "action": "a", "if": 3 }] }),
            "spec.steps[0].action spec.steps[1].if",
        ),
        (
            "Location",
            json!({ "presence": "optionl" }),
            "spec.presence",
        ),
    ];
    for (kind, mut spec, expected) in cases {
        let common = [
            ("lifecycle".to_owned(), json!("a")),
            ("owner".to_owned(), json!("b")),
        ];
        spec.as_object_mut().unwrap().extend(common);
        let problems = problems(&of(kind, spec.clone()));
        let paths: Vec<&str> = problems
            .iter()
            .filter_map(|line| line.split(": ").next())
            .collect();
        assert_eq!(paths.join(" "), expected, "{kind} {spec}");
    }
}

#[test]
fn a_kind_that_nobody_knows_gets_the_nearest_name() {
    let known = "`Component`, `API`, `Resource`, `System`, `Domain`, `Group`, `User`, `Location`, `Template`, `AiResource`";
    let cases = [
        ("Compoment", "did you mean `Component`? Known"),
        ("Api", "did you mean `API`? Known"),
        ("Zebra", "known"),
    ];
    for (kind, hint) in cases {
        assert_eq!(
            problems(&of(kind, json!({}))),
            [format!(
                "kind: `{kind}` is not a kind that this catalog knows ({hint} kinds are {known})"
            )]
        );
    }
}

#[test]
fn an_api_version_of_another_kind_is_refused() {
    let system =
        json!({ "apiVersion": "example.com/v1", "kind": "System", "metadata": { "name": "a" } });
    assert_eq!(
        problems(&entity(system)),
        [
            "apiVersion: `example.com/v1` is not an `apiVersion` of the kind `System` (write `backstage.io/v1alpha1` or `backstage.io/v1beta1`)"
        ]
    );
}

#[test]
fn a_missing_spec_is_told_what_it_holds() {
    let system = json!({ "apiVersion": "backstage.io/v1beta1", "kind": "System", "metadata": { "name": "a" } });
    assert_eq!(
        problems(&entity(system)),
        ["spec: `spec` is missing, and a System needs one (add `spec` with `owner`)"]
    );
}

#[test]
fn lists_without_an_order_are_sorted_and_others_are_not() {
    let spec = json!({ "dependsOn": ["b", "a"], "providesApis": ["z", 1], "tags": ["b", "a"] });
    let mut component = of("Component", spec);
    Kinds::built_in().normalize(&mut component);
    let sorted = json!({ "dependsOn": ["a", "b"], "providesApis": ["z", 1], "tags": ["b", "a"] });
    assert_eq!(component.object()["spec"], sorted);
}
