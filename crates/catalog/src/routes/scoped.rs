//! What callers see who may read some of the entities: the catalog that has only those, and the relations between them.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::http::header::{ETAG, IF_NONE_MATCH};
use callboard_auth::{
    Conditions, Decision, Gate, PermissionInfo, PermissionPolicy, Principal, ResourceRules,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::sketch::Api;
use crate::entity_rules::EntityRules;

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

pub(super) fn only(conditions: &Value) -> Gate {
    Gate::new(Only(Arc::new(Conditions::parse(conditions).unwrap())))
}

pub(super) fn rule(rule: &str, params: Value) -> Value {
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
            let relations = entity["relations"].as_array().into_iter().flatten();
            let mut owners = relations.filter(|relation| relation["type"] == "ownedBy");
            let claims = params["claims"].as_array().unwrap();
            owners.any(|owner| claims.iter().any(|claim| same(claim, &owner["targetRef"])))
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
            Just(json!(["group", "API"])),
            Just(json!([]))
        ]
        .prop_map(|kinds| rule("IS_ENTITY_KIND", json!({ "kinds": kinds }))),
        prop_oneof![
            Just(json!(["Group:default/Red"])),
            Just(json!(["group:default/e1", "x"]))
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
    let kind = prop_oneof![Just("Component"), Just("API"), Just("Group")];
    let some = |word: &'static [&'static str]| prop::option::of(prop::sample::select(word));
    (
        kind,
        0..4u8,
        some(&["type=service", "type=website"]),
        some(&[
            "ownedBy=group:default/red",
            "ownedBy=group:default/e0",
            "ownedBy=group:default/e1,group:default/e2",
        ]),
        some(&[
            "dependsOn=component:default/e0",
            "dependsOn=api:default/e1,component:default/e2",
            "dependsOn=component:default/e3,component:default/gone,api:default/e0",
        ]),
        some(&["label=gold"]),
        some(&["tags=a", "tags=a,b"]),
    )
        .prop_map(|(kind, name, spec, owner, needs, label, tags)| {
            let words = [spec, owner, needs, label, tags].into_iter().flatten();
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
        "/entity-facets?facet=relations.dependsOn&facet=relations.ownedBy",
        "/entity-facets?facet=kind&facet=Relations.DependsOn&filter=relations.ownedBy",
        "/entities?filter=relations.dependsOn",
        "/entities?filter=relations.dependson=component:default/e0,relations.dependsOn=API:default/e1",
        "/entities?filter=relations.ownedby=group:default/red&filter=relations.ownedBy=group:default/e1",
        "/entities?fields=relations",
        "/entities/by-query?fields=kind,metadata.name,relations.0.targetRef&filter=relations.ownedBy",
        "/entities/by-query?filter=relations.dependsOn&orderField=metadata.name&limit=2",
        "/entities/by-query?filter=relations.dependsOn=component:default/gone",
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
    for query in [
        json!({ "kind": "component" }),
        json!({ "relations": { "$contains": { "type": "dependsOn" } } }),
        json!({ "relations": { "$contains": { "type": "ownedBy", "targetRef": { "$in": ["group:default/red", "group:default/e2"] } } } }),
        json!({ "$not": { "relations.dependsOn": { "$exists": true } } }),
        json!({ "$any": [
            { "relations.ownedBy": "group:default/e0" },
            { "metadata.name": { "$hasPrefix": "e1" } },
        ] }),
    ] {
        for (path, body) in [
            (
                "/entities/by-refs",
                json!({ "entityRefs": refs, "query": query }),
            ),
            ("/entities/by-query", json!({ "query": query })),
            (
                "/entity-facets",
                json!({ "facets": ["spec.type", "relations.dependsOn"], "query": query }),
            ),
        ] {
            answers.push(api.post(path, &body).await);
        }
    }
    let body = json!({ "entityRefs": refs, "fields": ["relations"] });
    answers.push(api.post("/entities/by-refs", &body).await);
    answers
}

/// What somebody sees of `all` who may read what is like `conditions`, and what there is to be seen.
async fn compared(all: &Api, conditions: &Value) -> [Vec<String>; 2] {
    let part = Api::with("").await;
    let entities: Vec<Value> = serde_json::from_value(all.get_json("/entities").await).unwrap();
    let (mut refs, mut uids, mut visible) = (Vec::new(), Vec::new(), Vec::new());
    for entity in &entities {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (kind, name) = (text(&entity["kind"]), text(&entity["metadata"]["name"]));
        let entity_ref = format!("{}:default/{name}", kind.to_lowercase());
        if is_true(conditions, entity) {
            visible.push(entity_ref.clone());
        }
        refs.push(entity_ref);
        uids.push(text(&entity["metadata"]["uid"]));
    }
    for entity_ref in &visible {
        part.same_as(all, entity_ref, &visible);
    }
    let seen = answers(&all.behind(only(conditions)), &refs, &uids).await;
    [seen, answers(&part, &refs, &uids).await]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn who_may_read_some_entities_sees_the_catalog_that_has_only_those(
        sketch in prop::collection::vec(entity(), 0..8),
        later in prop::collection::vec(entity(), 0..3),
        gone in prop::option::of(0..8usize),
        conditions in conditions(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let all = Api::with(&sketch.join("\n")).await;
            let [seen, there] = compared(&all, &conditions).await;
            assert_eq!(seen, there);

            // What was answered before is not given again where others came or went.
            all.draw(&later.join("\n"), 2);
            if let Some(line) = gone.and_then(|place| sketch.get(place)) {
                all.erase(&line.split(' ').next().unwrap().to_lowercase());
            }
            let [seen, there] = compared(&all, &conditions).await;
            assert_eq!(seen, there);
        });
    }
}

const HIDDEN: &str = "
    Component:cart ownedBy=group:default/secret dependsOn=component:default/shop
    Component:shop ownedBy=group:default/crew
    Group:crew
    Group:secret";

fn components() -> Gate {
    only(&rule("IS_ENTITY_KIND", json!({ "kinds": ["Component"] })))
}

#[tokio::test]
async fn an_etag_does_not_tell_of_relations_that_are_hidden() {
    let mut tags = Vec::new();
    for cart in [
        "Component:cart etag=one dependsOn=component:default/cart",
        "Component:cart etag=two dependsOn=component:default/cart ownedBy=group:default/secret",
        "Component:cart etag=three title=Cart dependsOn=component:default/cart ownedBy=group:default/secret",
    ] {
        let api = Api::with(&format!("{cart}\nGroup:secret")).await;
        let narrow = api.behind(components());
        let path = "/entities/by-name/component/default/cart";
        let tag = |entity: Value| entity["metadata"]["etag"].as_str().unwrap().to_owned();
        let whole = tag(api.get_json(path).await);
        assert!(cart.contains(&format!("etag={whole}")));
        let one = tag(narrow.get_json(path).await);
        let list = narrow.get_json("/entities/by-query").await;
        assert_eq!(tag(list["items"][0].clone()), one);
        tags.push(one);
    }
    assert_eq!(tags[0], tags[1]);
    assert_ne!(tags[1], tags[2]);
}

#[tokio::test]
async fn relations_are_not_sorted_by_or_searched_by_who_sees_only_some() {
    let api = Api::with(HIDDEN).await;
    let narrow = api.behind(components());
    let cursor = api
        .get_json("/entities/by-query?orderField=relations.ownedBy&limit=1")
        .await;
    let cursor = cursor["pageInfo"]["nextCursor"].as_str().unwrap();

    for path in [
        "/entities?order=asc:relations.ownedBy",
        "/entities/by-query?orderField=Relations.OwnedBy",
        "/entities/by-query?orderField=relations.ownedBy&fullTextFilterTerm=s",
        "/entities/by-query?fullTextFilterTerm=s&fullTextFilterFields=kind,relations.ownedBy",
        &format!("/entities/by-query?cursor={cursor}"),
    ] {
        assert!(api.get(path).await.starts_with("200 OK\n"), "{path}");
        assert_eq!(
            narrow.get(path).await,
            "400 Bad Request\nInputError: `relations.ownedby` can be neither sorted by nor searched for parts of texts by those who may not read all entities\n\
             hint: ask for whole references, such as `relations.ownedby=group:default/payments`, or sort by another field",
            "{path}"
        );
    }
    let query = json!({ "$not": { "relations.ownedBy": { "$hasPrefix": "group:default/s" } } });
    for (path, body) in [
        ("/entities/by-query", json!({ "query": query })),
        (
            "/entity-facets",
            json!({ "query": query, "facets": ["kind"] }),
        ),
        (
            "/entities/by-refs",
            json!({ "query": query, "entityRefs": ["component:default/cart"] }),
        ),
    ] {
        assert!(
            api.post(path, &body).await.starts_with("200 OK\n"),
            "{path}"
        );
        assert!(
            narrow
                .post(path, &body)
                .await
                .starts_with("400 Bad Request\n"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_list_that_is_sent_piece_by_piece_names_nobody_who_is_hidden() {
    let mut sketch: Vec<String> = (0..250)
        .map(|number| {
            format!(
                "Component:c{number} ownedBy=group:default/secret dependsOn=component:default/c1"
            )
        })
        .collect();
    sketch.push("Group:secret".to_owned());
    let api = Api::with(&sketch.join("\n")).await.behind(components());

    for path in ["/entities", "/entities/by-query?limit=1000"] {
        let answer = api.ask(path, &[]).await;
        let tag = answer.headers()[ETAG].to_str().unwrap().to_owned();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        assert_eq!(
            body.matches("component:default/c1\"").count(),
            250,
            "{path}"
        );
        assert!(!body.contains("secret"), "{path}");
        assert_eq!(api.ask(path, &[(IF_NONE_MATCH, &tag)]).await.status(), 304);

        // Its last pieces may be of later than its first one, so that it holds for as long only as nothing happens.
        api.draw("Component:new", 2);
        api.erase("component:default/new");
        assert_eq!(api.ask(path, &[(IF_NONE_MATCH, &tag)]).await.status(), 200);
    }
}

#[tokio::test]
async fn who_comes_into_view_or_leaves_it_changes_what_others_show() {
    let api =
        Api::with("Component:cart label=gold dependsOn=component:default/shop\nComponent:shop")
            .await;
    let narrow = api.behind(only(&rule("HAS_LABEL", json!({ "label": "gold" }))));
    let [cart, list, related, facet, kinds] = [
        "/entities/by-name/component/default/cart",
        "/entities?fields=relations",
        "/entities/by-query?filter=relations.dependsOn&fields=kind",
        "/entity-facets?facet=relations.dependsOn",
        "/entity-facets?facet=kind",
    ];

    for (revision, label, shown) in [(2, "silver", 0), (3, "gold", 1), (4, "silver", 0)] {
        api.draw(&format!("Component:shop label={label}"), revision);
        for path in [cart, list, facet] {
            let answer = narrow.get(path).await;
            assert_eq!(
                answer.matches("component:default/shop").count(),
                shown,
                "{path}: {answer}"
            );
        }
        assert_eq!(narrow.get_json(related).await["totalItems"], shown);
        let kinds = narrow.get_json(kinds).await;
        assert_eq!(kinds["facets"]["kind"][0]["count"], shown + 1);
    }
}

#[tokio::test]
async fn conditions_that_somebody_makes_up_do_not_find_out_relations() {
    let api = Api::with(HIDDEN).await;
    let rules = EntityRules(api.catalog.clone());
    let owned_by = |group: &str| rule("IS_ENTITY_OWNER", json!({ "claims": [group] }));
    let judged = |policy: Value, asked: Value| {
        let asked = Conditions::parse(&asked).unwrap();
        let caller = only(&policy).guest();
        rules
            .judge(&caller, &asked, &["component:default/cart"])
            .unwrap()[0]
    };
    let components = rule("IS_ENTITY_KIND", json!({ "kinds": ["Component"] }));
    let groups = rule("IS_ENTITY_KIND", json!({ "kinds": ["Group"] }));
    let both = json!({ "anyOf": [components, groups] });
    let secret = owned_by("group:default/secret");

    assert!(!judged(components, secret.clone()));
    assert!(judged(both.clone(), secret.clone()));
    assert!(!judged(both, owned_by("group:default/crew")));
    // The policy itself knows who owns what.
    assert!(judged(secret.clone(), secret));
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
