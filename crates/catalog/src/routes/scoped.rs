//! What callers see who may read some of the entities: the catalog that has only those.

use std::sync::Arc;

use callboard_auth::{Conditions, Decision, Gate, PermissionInfo, PermissionPolicy, Principal};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::sketch::Api;

/// Lets everybody do everything with the entities that are like this, and nothing with the others.
#[derive(Debug)]
struct Only(Arc<Conditions>);

impl PermissionPolicy for Only {
    fn decide(&self, _: &Principal, permission: &PermissionInfo) -> Decision {
        match permission.resource_type {
            Some(_) => Decision::Conditional(Arc::clone(&self.0)),
            None => Decision::Allow,
        }
    }
}

fn only(conditions: &Value) -> Gate {
    Gate::new(Only(Arc::new(Conditions::parse(conditions).unwrap())))
}

fn rule(rule: &str, params: Value) -> Value {
    json!({ "rule": rule, "resourceType": "catalog-entity", "params": params })
}

/// What Backstage's rules say about an entity, member by member.
fn is_true(conditions: &Value, entity: &Value) -> bool {
    let list = |key: &str| conditions[key].as_array();
    if let Some(all) = list("allOf") {
        return all.iter().all(|one| is_true(one, entity));
    }
    if let Some(any) = list("anyOf") {
        return any.iter().any(|one| is_true(one, entity));
    }
    if conditions.get("not").is_some() {
        return !is_true(&conditions["not"], entity);
    }
    let params = &conditions["params"];
    let same = |one: &Value, other: &Value| {
        let text = |value: &Value| value.as_str().map(str::to_lowercase);
        text(one) == text(other)
    };
    let has = |of: &Value, key: &str| {
        let mut members = of.as_object().into_iter().flatten();
        members.any(|(name, member)| {
            same(&json!(name), &params[key])
                && (params["value"].is_null() || same(member, &params["value"]))
        })
    };
    match conditions["rule"].as_str().unwrap() {
        "IS_ENTITY_KIND" => {
            let mut kinds = params["kinds"].as_array().unwrap().iter();
            kinds.any(|kind| same(kind, &entity["kind"]))
        }
        "IS_ENTITY_OWNER" => {
            let owner = &entity["relations"][0]["targetRef"];
            let mut claims = params["claims"].as_array().unwrap().iter();
            !owner.is_null() && claims.any(|claim| same(claim, owner))
        }
        "HAS_LABEL" => has(&entity["metadata"]["labels"], "label"),
        "HAS_SPEC" => has(&entity["spec"], "key"),
        other => panic!("no rule {other}"),
    }
}

fn conditions() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        prop_oneof![
            Just(json!(["API"])),
            Just(json!(["user", "COMPONENT"])),
            Just(json!([]))
        ]
        .prop_map(|kinds| rule("IS_ENTITY_KIND", json!({ "kinds": kinds }))),
        prop_oneof![
            Just(json!(["Group:default/Red"])),
            Just(json!(["group:default/blue", "x"]))
        ]
        .prop_map(|claims| rule("IS_ENTITY_OWNER", json!({ "claims": claims }))),
        prop_oneof![
            Just(json!({ "label": "Gold" })),
            Just(json!({ "label": "gold", "value": "no" }))
        ]
        .prop_map(|params| rule("HAS_LABEL", params)),
        prop_oneof![
            Just(json!({ "key": "type", "value": "Service" })),
            Just(json!({ "key": "type" }))
        ]
        .prop_map(|params| rule("HAS_SPEC", params)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({ "allOf": all })),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|any| json!({ "anyOf": any })),
            inner.prop_map(|not| json!({ "not": not })),
        ]
    })
}

fn entity() -> impl Strategy<Value = String> {
    let kind = prop_oneof![Just("Component"), Just("API"), Just("User")];
    let some = |word: &'static [&'static str]| prop::option::of(prop::sample::select(word));
    (
        kind,
        0..4u8,
        some(&["type=service", "type=website"]),
        some(&["ownedBy=group:default/red", "ownedBy=group:default/blue"]),
        some(&["label=gold"]),
        some(&["tags=a", "tags=a,b"]),
    )
        .prop_map(|(kind, name, spec, owner, label, tags)| {
            let words = [spec, owner, label, tags].into_iter().flatten();
            let words: String = words.map(|word| format!(" {word}")).collect();
            format!("{kind}:e{name}{words}")
        })
}

/// Every way to ask for entities.
async fn answers(api: &Api, refs: &[String], uids: &[String]) -> Vec<String> {
    let mut answers = Vec::new();
    for path in [
        "/entities",
        "/entities?filter=spec.type=service&fields=kind,metadata.name",
        "/entities?limit=2&offset=1&order=asc:metadata.name",
        "/entities/by-query?filter=metadata.tags=a&limit=1",
        "/entities/by-query?orderField=metadata.name,desc&limit=2",
        "/entities/by-query?fullTextFilterTerm=e1&fullTextFilterFields=metadata.name",
        "/entity-facets?facet=kind&facet=spec.type&facet=metadata.tags&facet=metadata.name",
        "/entity-facets?facet=relations.ownedBy&filter=kind=component",
    ] {
        answers.push(api.get(path).await);
    }
    let mut path = "/entities/by-query?limit=1".to_owned();
    loop {
        let page = api.get_json(&path).await;
        answers.push(page.to_string());
        match page["pageInfo"]["nextCursor"].as_str() {
            Some(cursor) => path = format!("/entities/by-query?limit=1&cursor={cursor}"),
            None => break,
        }
    }
    for (entity_ref, uid) in refs.iter().zip(uids) {
        let name = entity_ref.replacen(':', "/", 1);
        answers.push(api.get(&format!("/entities/by-name/{name}")).await);
        answers.push(api.get(&format!("/entities/by-name/{name}/ancestry")).await);
        answers.push(api.get(&format!("/entities/by-uid/{uid}")).await);
    }
    let query = json!({ "query": { "kind": "component" } });
    for (path, body) in [
        ("/entities/by-refs", json!({ "entityRefs": refs })),
        ("/entities/by-query", query.clone()),
        (
            "/entity-facets",
            json!({ "facets": ["spec.type"], "query": query["query"] }),
        ),
    ] {
        answers.push(api.post(path, &body).await);
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn who_may_read_some_entities_sees_the_catalog_that_has_only_those(
        sketch in prop::collection::vec(entity(), 0..8),
        conditions in conditions(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let all = Api::with(&sketch.join("\n")).await;
            let part = Api::with("").await;
            let entities: Vec<Value> = serde_json::from_value(all.get_json("/entities").await).unwrap();
            let (mut refs, mut uids) = (Vec::new(), Vec::new());
            for entity in &entities {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let entity_ref = format!("{}:default/{}", text(&entity["kind"]).to_lowercase(), text(&entity["metadata"]["name"]));
                if is_true(&conditions, entity) {
                    part.same_as(&all, &entity_ref);
                }
                refs.push(entity_ref);
                uids.push(text(&entity["metadata"]["uid"]));
            }
            let seen = answers(&all.behind(only(&conditions)), &refs, &uids).await;
            assert_eq!(seen, answers(&part, &refs, &uids).await);
        });
    }
}

#[tokio::test]
async fn lists_and_validators_of_one_caller_are_never_given_to_another() {
    let api = Api::with("Component:cart\nAPI:orders").await;
    let components = only(&rule("IS_ENTITY_KIND", json!({ "kinds": ["Component"] })));
    let apis = only(&rule("IS_ENTITY_KIND", json!({ "kinds": ["API"] })));

    for path in ["/entities?fields=kind", "/entity-facets?facet=kind"] {
        let everything = api.get(path).await;
        let components = api.behind(components.clone()).get(path).await;
        let apis = api.behind(apis.clone()).get(path).await;
        assert!(everything.contains("Component") && everything.contains("API"));
        assert!(components.contains("Component") && !components.contains("API"));
        assert!(!apis.contains("Component") && apis.contains("API"));
    }
}

#[tokio::test]
async fn a_policy_with_a_rule_that_there_is_not_lets_nobody_in() {
    let api = Api::with("Component:cart").await;
    let api = api.behind(only(&rule("IS_ENTITY_OWNR", json!({ "claims": [] }))));

    for path in [
        "/entities",
        "/entities/by-name/component/default/cart",
        "/entity-facets?facet=kind",
    ] {
        let answer = api.get(path).await;
        assert!(
            answer.starts_with("500 Internal Server Error\n"),
            "{answer}"
        );
        assert!(!answer.contains("cart"), "{answer}");
    }
}
