//! Cursors that were changed on their way, or come from elsewhere.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use callboard_testkit::{Answer, TestApp};
use serde_json::{Value, json};

use super::refusal::{refused, says, sensible};

const COMPONENTS: &str = "
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: cart }
spec: { type: service, lifecycle: production, owner: shop }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: stock }
spec: { type: service, lifecycle: production, owner: shop }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: website }
spec: { type: website, lifecycle: production, owner: shop }
";

const BY_QUERY: &str = "/api/catalog/entities/by-query";
const LOCATIONS: &str = "/api/catalog/locations/by-query";

/// What takes a cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
enum List {
    ByQuery,
    ByPredicate,
    Entities,
    Locations,
    History,
}

impl List {
    const ALL: [Self; 5] = [
        Self::ByQuery,
        Self::ByPredicate,
        Self::Entities,
        Self::Locations,
        Self::History,
    ];

    async fn ask(self, app: &TestApp, cursor: &str) -> Answer {
        let escaped = || {
            let escaped = cursor.replace('%', "%25").replace('+', "%2B");
            escaped.replace('/', "%2F").replace('=', "%3D")
        };
        let body = json!({ "cursor": cursor });
        match self {
            Self::ByQuery => app.get(&format!("{BY_QUERY}?cursor={}", escaped())).await,
            Self::ByPredicate => app.post(BY_QUERY, &body).await,
            Self::Entities => {
                app.get(&format!("/api/catalog/entities?after={}", escaped()))
                    .await
            }
            Self::Locations => app.post(LOCATIONS, &body).await,
            Self::History => {
                app.get(&format!("/api/catalog/history?cursor={}", escaped()))
                    .await
            }
        }
    }
}

/// A portal with a list of everything that takes a cursor, and a cursor of each.
async fn portal() -> (TestApp, Vec<(List, String)>) {
    let app = TestApp::new().await;
    app.write("shop.yaml", COMPONENTS);
    let all = format!("{BY_QUERY}?filter=kind=component&limit=0");
    app.eventually(&all, |answer| answer.json()["totalItems"] == 3)
        .await;
    for target in ["https://127.0.0.1:1/a.yaml", "https://127.0.0.1:1/b.yaml"] {
        let body = json!({ "type": "url", "target": target });
        assert_eq!(app.post("/api/catalog/locations", &body).await.status, 201);
    }

    let next = |answer: &Answer| {
        let cursor = answer.json()["pageInfo"]["nextCursor"].clone();
        cursor
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    };
    let query = "filter=kind=component&filter=kind=api&orderField=metadata.name,desc&fullTextFilterTerm=t\
                 &fullTextFilterFields=metadata.name,kind";
    let first = next(&app.get(&format!("{BY_QUERY}?limit=1&{query}")).await);
    let body = json!({
        "limit": 1,
        "query": { "$all": [{ "kind": "component" }, { "spec.type": { "$in": ["service", "website"] } }] },
    });
    let by_predicate = next(&app.post(BY_QUERY, &body).await);
    let entities = app.get("/api/catalog/entities?limit=1").await;
    let link = entities.header("link");
    let after = link
        .split("after=")
        .nth(1)
        .and_then(|rest| rest.split('>').next());
    let after = after.expect("more entities follow").replace("%3D", "=");
    let after = after.replace("%2B", "+").replace("%2F", "/");
    let body = json!({ "limit": 1, "query": { "type": "url" } });
    let locations = next(&app.post(LOCATIONS, &body).await);
    let history = app
        .get("/api/catalog/history?limit=1&order=asc&entityRef=component:cart&afterEventId=0")
        .await;
    let cursors = vec![
        (List::ByQuery, first),
        (List::ByPredicate, by_predicate),
        (List::Entities, after),
        (List::Locations, locations),
        (List::History, next(&history)),
    ];
    for (list, cursor) in &cursors {
        assert_eq!(list.ask(&app, cursor).await.status, 200, "{list:?}");
    }
    (app, cursors)
}

fn print(json: impl AsRef<[u8]>) -> String {
    BASE64_STANDARD.encode(json)
}

fn read(cursor: &str) -> Value {
    let json = BASE64_STANDARD.decode(cursor).expect("a cursor is base64");
    serde_json::from_slice(&json).expect("a cursor holds JSON")
}

#[tokio::test]
async fn a_cursor_in_which_any_byte_is_another_leads_somewhere_or_nowhere() {
    let (app, cursors) = portal().await;

    for (list, cursor) in cursors {
        for place in 0..cursor.len() {
            let other = if &cursor[place..=place] == "A" {
                "z"
            } else {
                "A"
            };
            let changed = format!("{}{other}{}", &cursor[..place], &cursor[place + 1..]);
            let cut = &cursor[..place];
            for text in [changed.as_str(), cut] {
                let answer = list.ask(&app, text).await;
                sensible(&format!("{list:?} {text}"), &answer);
            }
        }
        let json = BASE64_STANDARD.decode(&cursor).unwrap();
        for place in 0..json.len() {
            for other in [json[place] ^ 1, json[place] ^ 0x20, 0, b'"', b'9', 0xff] {
                let mut changed = json.clone();
                changed[place] = other;
                let answer = list.ask(&app, &print(&changed)).await;
                let asked = format!("{list:?} {}", String::from_utf8_lossy(&changed));
                sensible(&asked, &answer);
            }
        }
    }
}

/// Every place in a value, as pointers.
fn places(value: &Value, here: &str) -> Vec<String> {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(place, item)| (place.to_string(), item))
                .collect()
        }
        _ => Vec::new(),
    };
    let below = below
        .into_iter()
        .flat_map(|(key, value)| places(value, &format!("{here}/{}", key.replace('/', "~1"))));
    [here.to_owned()].into_iter().chain(below).collect()
}

#[tokio::test]
async fn a_cursor_in_which_any_value_is_of_another_type_is_refused_or_leads_somewhere() {
    let (app, cursors) = portal().await;
    let others = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!("x\u{0}y"),
        json!([]),
        json!([null]),
        json!(["a", "b", "c"]),
        json!({}),
        json!({ "a": 1 }),
    ];

    for (list, cursor) in cursors {
        let right = read(&cursor);
        for place in places(&right, "") {
            for other in &others {
                let mut changed = right.clone();
                *changed.pointer_mut(&place).unwrap() = other.clone();
                let answer = list.ask(&app, &print(changed.to_string())).await;
                sensible(&format!("{list:?} {changed}"), &answer);
                if place.is_empty() && !(list == List::Entities && *other == json!({})) {
                    says(&format!("{list:?} {changed}"), &answer, "malformed cursor");
                }
            }
        }
        let mut unknown = right.clone();
        unknown["surprise"] = json!(1);
        let answer = list.ask(&app, &print(unknown.to_string())).await;
        says(&format!("{list:?}"), &answer, "surprise");
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let (app, cursors) = portal().await;
    // One list, asked for in two ways.
    let of_entities = [List::ByQuery, List::ByPredicate];

    for (list, cursor) in &cursors {
        for other in List::ALL {
            let answer = other.ask(&app, cursor).await;
            if *list == other || (of_entities.contains(list) && of_entities.contains(&other)) {
                assert_eq!(answer.status, 200, "{list:?} at {other:?}");
            } else {
                says(
                    &format!("{list:?} at {other:?}"),
                    &answer,
                    "malformed cursor",
                );
            }
        }
    }
}

#[tokio::test]
async fn a_cursor_that_asks_for_more_than_a_request_may_is_refused() {
    let (app, cursors) = portal().await;
    let (_, cursor) = &cursors[0];
    let with = |key: &str, value: Value| {
        let mut cursor = read(cursor);
        cursor[key] = value;
        cursor
    };
    let many = |count: usize, value: Value| Value::from(vec![value; count]);
    let nested = (0..200).fold(json!({ "key": "kind" }), |inner, _| json!({ "not": inner }));
    let condition = json!({ "key": "kind", "values": ["a"] });
    let prefix = json!({ "kind": { "$hasPrefix": "a" } });

    for (cursor, message) in [
        (
            with("orderFieldValues", many(20_000, json!(null))),
            "`orderFieldValues` do not fit",
        ),
        (
            with("orderFieldValues", many(20_000, json!("a"))),
            "`orderFieldValues` do not fit",
        ),
        (
            with(
                "orderFields",
                many(1_000, json!({ "field": "a", "order": "asc" })),
            ),
            "more than 8 fields",
        ),
        (
            with("filter", json!({ "anyOf": many(2_000, condition) })),
            "more than 1000 conditions",
        ),
        (
            with(
                "filter",
                json!({ "key": "kind", "values": many(2_000, json!("a")) }),
            ),
            "more than 1000 conditions",
        ),
        (with("filter", nested), "recursion limit"),
        (
            with(
                "query",
                json!({ "kind": { "$in": many(2_000, json!("a")) } }),
            ),
            "more than 1000 conditions",
        ),
        (
            with("query", json!({ "$any": many(2_000, json!({})) })),
            "more than 1000 conditions",
        ),
        (
            with("query", json!({ "$any": many(60, prefix) })),
            "more than 50 `$hasPrefix`",
        ),
        (
            with(
                "fullTextFilter",
                json!({ "term": "a", "fields": many(5_000, json!("kind")) }),
            ),
            "more than 50 fields",
        ),
        (
            with("fullTextFilter", json!({ "term": "a".repeat(2_000) })),
            "has 2000 bytes",
        ),
        (
            with("orderFieldValues", json!(["a".repeat(300_000), "a"])),
            "malformed cursor: it has",
        ),
    ] {
        let answer = List::ByPredicate
            .ask(&app, &print(cursor.to_string()))
            .await;
        says(message, &answer, message);
    }

    // A place that nobody is at is one all the same.
    let far = with(
        "orderFieldValues",
        json!(["a".repeat(100_000), "b".repeat(50_000)]),
    );
    let answer = List::ByPredicate.ask(&app, &print(far.to_string())).await;
    assert_eq!(answer.status, 200, "{answer}");
    let answer = List::ByPredicate.ask(&app, &"A".repeat(4_000_000)).await;
    refused("a cursor of 4 MB", &answer, 400);
}
