//! Requests for more than anybody needs.

use callboard_testkit::{Answer, TestApp};
use serde_json::{Value, json};

use super::refusal::{refused, says, sensible};

const CHECKOUT: &str = "
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: checkout }
spec: { type: service, lifecycle: production, owner: payments }
";

async fn portal() -> TestApp {
    let app = TestApp::new().await;
    app.write("checkout.yaml", CHECKOUT);
    let path = "/api/catalog/entities/by-name/component/default/checkout";
    app.eventually(path, |answer| answer.status == 200).await;
    app
}

async fn get(app: &TestApp, path: &str) -> Answer {
    app.get(&format!("/api/catalog{path}")).await
}

async fn post(app: &TestApp, path: &str, body: &Value) -> Answer {
    app.post(&format!("/api/catalog{path}"), body).await
}

fn many<T: Clone>(count: usize, one: T) -> Vec<T> {
    vec![one; count]
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("spec.f{number}")).collect()
}

#[tokio::test]
async fn a_filter_of_thousands_of_conditions_is_refused() {
    let app = portal().await;
    let numbered: Vec<String> = (0..5_000).map(|number| format!("f{number}=1")).collect();

    for filter in [
        format!("filter={}", numbered.join(",")),
        format!("filter={}", "kind=a,".repeat(9_000)),
        "filter=kind&".repeat(5_000),
        "filter=a,b=c&".repeat(4_000),
    ] {
        for path in [
            "/entities?",
            "/entities/by-query?",
            "/entity-facets?facet=kind&",
        ] {
            let answer = get(&app, &format!("{path}{filter}")).await;
            says(path, &answer, "more than 1000 conditions");
        }
        let body = json!({ "entityRefs": [] });
        let answer = post(&app, &format!("/entities/by-refs?{filter}"), &body).await;
        says("by-refs", &answer, "more than 1000 conditions");
    }
    // What has no condition in it is no filter.
    let answer = get(&app, &format!("/entities?filter={}", ",".repeat(60_000))).await;
    assert_eq!(answer.json().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_predicate_of_a_hundred_thousand_terms_is_refused() {
    let app = portal().await;
    let numbered = names(2_000).into_iter().map(|name| (name, json!(1)));
    let reference = json!({ "type": "ownedBy", "targetRef": { "$in": many(2_000, "a") } });

    for (path, query) in [
        (
            "/entities/by-query",
            json!({ "$any": many(100_000, json!({ "kind": "a" })) }),
        ),
        (
            "/entities/by-query",
            json!({ "$any": [{ "$all": many(2_000, json!({ "$any": [] })) }] }),
        ),
        ("/entities/by-query", Value::Object(numbered.collect())),
        (
            "/entities/by-refs",
            json!({ "$all": many(100_000, json!({})) }),
        ),
        (
            "/entities/by-refs",
            json!({ "relations": { "$contains": reference } }),
        ),
        (
            "/entity-facets",
            json!({ "kind": { "$in": many(100_000, "a") } }),
        ),
        (
            "/locations/by-query",
            json!({ "$any": many(2_000, json!({ "type": "a" })) }),
        ),
    ] {
        let body = match path {
            "/entities/by-refs" => json!({ "entityRefs": [], "query": query }),
            "/entity-facets" => json!({ "facets": ["kind"], "query": query }),
            _ => json!({ "query": query }),
        };
        let answer = post(&app, path, &body).await;
        says(path, &answer, "more than 1000 conditions");
    }
}

#[tokio::test]
async fn texts_are_looked_into_so_often_only() {
    let app = portal().await;
    let fields = names(51);
    let prefixes: Vec<Value> = fields
        .iter()
        .map(|name| json!({ name: { "$hasPrefix": "a" } }))
        .collect();

    let path = format!(
        "/entities/by-query?fullTextFilterTerm=a&fullTextFilterFields={}",
        fields.join(",")
    );
    says(&path, &get(&app, &path).await, "more than 50 fields");
    let body = json!({ "fullTextFilter": { "term": "a", "fields": many(100_000, "kind") } });
    let answer = post(&app, "/entities/by-query", &body).await;
    says("fullTextFilter", &answer, "more than 50 fields");
    let path = format!(
        "/entities/by-query?fullTextFilterTerm={}",
        "a".repeat(1_001)
    );
    says(&path, &get(&app, &path).await, "at most 1000");
    for (path, mut body) in [
        ("/entities/by-query", json!({})),
        ("/entities/by-refs", json!({ "entityRefs": [] })),
        ("/entity-facets", json!({ "facets": ["kind"] })),
    ] {
        body["query"] = json!({ "$any": prefixes });
        says(
            path,
            &post(&app, path, &body).await,
            "more than 50 `$hasPrefix`",
        );
    }
    let body = json!({
        "query": { "$any": prefixes[..50] }, "fullTextFilter": { "term": "a", "fields": ["kind"] },
    });
    let answer = post(&app, "/entities/by-query", &body).await;
    says("both", &answer, "51 times");
}

#[tokio::test]
async fn ten_thousand_references_are_answered_and_no_more() {
    let app = portal().await;
    let ask = async |count: usize| {
        let refs: Vec<String> = (0..count)
            .map(|number| match number % 2 {
                0 => "Component:Default/Checkout".to_owned(),
                _ => format!("component:default/nobody-{number}"),
            })
            .collect();
        let body = json!({ "entityRefs": refs, "fields": ["metadata.name"] });
        post(&app, "/entities/by-refs", &body).await
    };

    let items = ask(10_000).await.json()["items"].take();
    let items = items.as_array().unwrap();
    assert_eq!(items.len(), 10_000);
    for (number, item) in items.iter().enumerate() {
        let expected = match number % 2 {
            0 => json!({ "metadata": { "name": "checkout" } }),
            _ => Value::Null,
        };
        assert_eq!(*item, expected, "{number}");
    }
    says(
        "10,001",
        &ask(10_001).await,
        "`entityRefs` has 10001 references, and at most 10000",
    );
}

#[tokio::test]
async fn the_largest_numbers_are_answered_with_what_there_is() {
    let app = portal().await;
    let most = u64::MAX;

    for (path, count) in [
        (format!("/entities?limit={most}"), 2),
        (format!("/entities?limit={most}&offset={most}"), 0),
        (format!("/entities?limit={most}&offset=1&order=asc:kind"), 1),
    ] {
        let answer = get(&app, &path).await;
        assert_eq!(answer.json().as_array().unwrap().len(), count, "{path}");
        assert_eq!(answer.header("link"), "", "{path}");
    }
    for (limit, offset, count) in [(most, 0, 2), (most, most, 0), (1, most, 0), (most, 1, 1)] {
        for order in ["", "&orderField=kind,desc"] {
            let path = format!("/entities/by-query?limit={limit}&offset={offset}{order}");
            let answer = get(&app, &path).await.json();
            assert_eq!(answer["items"].as_array().unwrap().len(), count, "{path}");
            assert_eq!(answer["totalItems"], 2);
        }
        let body = json!({ "limit": limit, "offset": offset });
        let answer = post(&app, "/entities/by-query", &body).await.json();
        assert_eq!(answer["items"].as_array().unwrap().len(), count, "{body}");
    }
    let body = json!({ "limit": i64::MAX, "query": { "type": "url" } });
    for body in [json!({ "limit": i64::MAX }), body] {
        let answer = post(&app, "/locations/by-query", &body).await;
        assert_eq!(answer.status, 200, "{answer}");
    }
    for path in [
        format!("/history?afterEventId={}", i64::MAX),
        format!("/history?afterEventId={}&order=desc&limit=1000", i64::MAX),
    ] {
        assert_eq!(get(&app, &path).await.json()["items"], json!([]), "{path}");
    }
}

#[tokio::test]
async fn lists_of_fields_have_ends() {
    let app = portal().await;
    let fields = names(201).join(",");
    let long = format!("metadata.{}", "x".repeat(600));

    for (path, message) in [
        (format!("/entities?fields={fields}"), "more than 200 fields"),
        (
            format!("/entities/by-query?fields={fields}"),
            "more than 200 fields",
        ),
        (
            format!("/entities?fields={}", "a.".repeat(20_000)),
            "more than 16384 bytes in `fields`",
        ),
        (
            format!("/entities?{}", "order=asc:kind&".repeat(9)),
            "more than 8 fields to sort by",
        ),
        (
            format!("/entities/by-query?{}", "orderField=kind&".repeat(1_000)),
            "more than 8 fields to sort by",
        ),
        (
            format!("/entities?order=asc:{long}"),
            "the name of a field has 609 bytes",
        ),
        (
            format!("/entities/by-query?orderField={long}"),
            "the name of a field has 609 bytes",
        ),
        (
            format!("/entity-facets?facet={}", names(101).join("&facet=")),
            "more than 100 facets",
        ),
        (
            format!("/entity-facets?facet={long}"),
            "the name of a field has 609 bytes",
        ),
        (
            "/entity-facets?facet=kind&facet=Kind".to_owned(),
            "the facets `kind` and `Kind` are the same",
        ),
        ("/history?limit=1001".to_owned(), "between 1 and 1000"),
        ("/history?limit=0".to_owned(), "between 1 and 1000"),
        (
            "/history?entityRef=component:a%00".to_owned(),
            "control characters",
        ),
    ] {
        says(&path, &get(&app, &path).await, message);
    }
    for (path, body, message) in [
        (
            "/entities/by-query",
            json!({ "fields": names(201) }),
            "more than 200 fields",
        ),
        (
            "/entities/by-query",
            json!({ "fields": ["a.".repeat(2_000_000)] }),
            "more than 16384 bytes",
        ),
        (
            "/entities/by-refs",
            json!({ "entityRefs": [], "fields": names(201) }),
            "more than 200 fields",
        ),
        (
            "/entities/by-query",
            json!({ "orderBy": many(9, json!({ "field": "kind" })) }),
            "more than 8 fields",
        ),
        (
            "/entities/by-query",
            json!({ "query": { "kind": "a".repeat(100_000) } }),
            "at most 65536",
        ),
        (
            "/entity-facets",
            json!({ "facets": names(100_000) }),
            "more than 100 facets",
        ),
        (
            "/locations/by-query",
            json!({ "limit": 0 }),
            "positive integer",
        ),
        (
            "/locations/by-query",
            json!({ "limit": -1 }),
            "positive integer",
        ),
        (
            "/locations",
            json!({ "type": "url", "target": "x".repeat(4_097) }),
            "longer than 4096 bytes",
        ),
        (
            "/locations",
            json!({ "type": "url", "target": "https://a/\u{0}" }),
            "control characters",
        ),
        (
            "/locations?dryRun=true",
            json!({ "type": "url", "target": "x".repeat(1_000_000) }),
            "longer than 4096",
        ),
        (
            "/locations",
            json!({ "type": "x".repeat(1_000_000), "target": "x" }),
            "allowed type",
        ),
        (
            "/analyze-location",
            json!({ "location": { "type": "url", "target": "x" } }),
            "not a URL",
        ),
        (
            "/analyze-location",
            json!({ "location": { "type": "url", "target": "https://a/" }, "catalogFilename": "../x" }),
            "`catalogFilename` is no name of a file",
        ),
        (
            "/validate-entity",
            json!({ "entity": {}, "location": "x".repeat(1_000_000) }),
            "location",
        ),
    ] {
        says(path, &post(&app, path, &body).await, message);
    }
    // One spelling counts once, however often it is there.
    let again = json!({ "facets": many(100_000, "kind") });
    assert_eq!(post(&app, "/entity-facets", &again).await.status, 200);
    let again = json!({ "entityRefs": [], "fields": [many(1_000_000, "kind").join(",")] });
    assert_eq!(post(&app, "/entities/by-refs", &again).await.status, 200);
    let nobody = json!({ "entityRef": format!("component:{}", "x".repeat(1_000_000)) });
    refused("refresh", &post(&app, "/refresh", &nobody).await, 404);
}

#[tokio::test]
async fn an_entity_of_megabytes_is_validated_and_told_what_is_wrong_first() {
    let app = portal().await;
    let good = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": { "name": "checkout" },
        "spec": { "type": "service", "lifecycle": "production", "owner": "payments" },
    });
    let with = |pointer: &str, key: &str, value: Value| {
        let mut entity = good.clone();
        entity.pointer_mut(pointer).unwrap()[key] = value;
        entity
    };
    let keyed = |count: usize, value: Value| -> Value {
        let keys = names(count).into_iter();
        Value::Object(keys.map(|name| (name, value.clone())).collect())
    };
    let document = json!({ "$text": "https://127.0.0.1:1/a.txt" });

    for entity in [
        with("/metadata", "labels", keyed(50_000, json!(1))),
        with("/metadata", "tags", json!(many(200_000, "A B"))),
        with(
            "/metadata",
            "links",
            json!(many(50_000, json!({ "url": 1 }))),
        ),
        with("/metadata", "name", json!("x".repeat(4_000_000))),
        with("/metadata", "namespace", json!("\u{0}".repeat(500_000))),
        with("/spec", "dependsOn", json!(many(20_000, "::"))),
        with("/spec", "owner", json!(":".repeat(1_000_000))),
        with("", "surprise", keyed(10_000, json!({}))),
        with("", "kind", json!("x".repeat(1_000_000))),
        with("", "apiVersion", json!("x/".repeat(1_000_000))),
        with("/spec", "documents", keyed(2_000, document)),
    ] {
        let body = json!({ "entity": entity, "location": "url:https://127.0.0.1:1/a.yaml" });
        let answer = post(&app, "/validate-entity", &body).await;
        refused("validate-entity", &answer, 400);
        assert!(answer.body.len() < 200_000, "{} bytes", answer.body.len());
    }
    let large = with("/spec", "notes", keyed(20_000, json!("a")));
    let body = json!({ "entity": large, "location": "url:https://127.0.0.1:1/a.yaml" });
    sensible(
        "a large entity",
        &post(&app, "/validate-entity", &body).await,
    );
}
