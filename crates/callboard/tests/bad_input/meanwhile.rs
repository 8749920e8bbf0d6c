//! While somebody asks for a lot, others are answered.
//!
//! Everything here happens on the one thread of the test: whoever keeps it until the answer is there keeps the small
//! requests from being answered, and is found out without looking at a clock.

use std::cell::Cell;
use std::fmt::Write;

use axum::body::Body;
use axum::http::Request;
use callboard_testkit::{Answer, TestApp};
use serde_json::{Value, json};

use super::refusal::says;

/// Enough for answers of several pieces, and for values that are counted aside.
const COMPONENTS: usize = 2_000;
const SMALL: &str = "/entities/by-name/component/default/service-7";

async fn portal() -> TestApp {
    let app = TestApp::new().await;
    let mut components = String::new();
    for number in 0..COMPONENTS {
        write!(
            components,
            "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: service-{number} }}\n\
             spec: {{ type: service, lifecycle: production, owner: team-{} }}\n",
            number % 50
        )
        .expect("a text takes everything");
    }
    app.write("all.yaml", &components);
    let all = "/api/catalog/entities/by-query?filter=kind=component&limit=0";
    app.eventually(all, |answer| answer.json()["totalItems"] == COMPONENTS)
        .await;
    app
}

fn get(path: &str) -> Request<Body> {
    let request = Request::get(format!("/api/catalog{path}"));
    request.body(Body::empty()).expect("the request is right")
}

fn post(path: &str, body: &Value) -> Request<Body> {
    let request = Request::post(format!("/api/catalog{path}"));
    let request = request.header("content-type", "application/json");
    request
        .body(Body::from(body.to_string()))
        .expect("the request is right")
}

/// The answer to `large`, and how many small requests were answered after it was taken and before its answer was
/// there.
async fn meanwhile(app: &TestApp, large: Request<Body>) -> (Answer, usize) {
    let is_answered = Cell::new(false);
    let large = async {
        let answer = app.send_here(large).await;
        is_answered.set(true);
        answer
    };
    // Stands second in what is joined, so that the large request is taken first.
    let small = async {
        let mut count = 0;
        while !is_answered.get() {
            assert_eq!(app.send_here(get(SMALL)).await.status, 200);
            count += 1;
            tokio::task::yield_now().await;
        }
        count
    };
    tokio::join!(large, small)
}

/// Large requests, each with the smallest number of entities or values in its answer.
fn large() -> Vec<(&'static str, Request<Body>)> {
    let refs: Vec<String> = (0..10_000)
        .map(|number| format!("component:default/service-{}", number % COMPONENTS))
        .collect();
    let refs = json!({ "entityRefs": refs });
    let kept = json!({ "entityRefs": refs["entityRefs"], "fields": ["metadata.name", "spec"] });
    let everything = json!({ "limit": u64::MAX, "query": { "kind": "component" } });
    vec![
        ("all entities", get("/entities")),
        (
            "all entities, sorted",
            get("/entities?order=desc:metadata.name"),
        ),
        (
            "parts of all entities",
            get("/entities?fields=metadata.name,spec"),
        ),
        (
            "a page of all",
            get(&format!("/entities/by-query?limit={}", u64::MAX)),
        ),
        (
            "a page of all, sorted",
            get("/entities/by-query?limit=2000&orderField=spec.owner,desc"),
        ),
        (
            "a page of parts of all",
            get("/entities/by-query?limit=2000&fields=metadata.name"),
        ),
        (
            "a page by a predicate",
            post("/entities/by-query", &everything),
        ),
        ("10,000 references", post("/entities/by-refs", &refs)),
        ("parts of 10,000", post("/entities/by-refs", &kept)),
        (
            "a facet of all names",
            get("/entity-facets?facet=metadata.name"),
        ),
        (
            "facets of all",
            get("/entity-facets?facet=metadata.uid&facet=metadata.name&facet=spec.owner"),
        ),
    ]
}

#[tokio::test]
async fn others_are_answered_while_a_large_answer_is_made() {
    let app = portal().await;

    for (name, request) in large() {
        let (answer, small) = meanwhile(&app, request).await;
        assert_eq!(answer.status, 200, "{name}");
        assert!(
            answer.body.len() > 50_000,
            "{name}: {} bytes",
            answer.body.len()
        );
        assert!(small > 0, "nobody was answered meanwhile: {name}");
    }
}

#[tokio::test]
async fn a_long_list_takes_turns_with_others() {
    let app = portal().await;
    let refs = json!({ "entityRefs": vec!["component:default/service-1"; 10_000] });

    for (request, pieces) in [
        (get("/entities"), COMPONENTS / 100),
        (get("/entities/by-query?limit=2000"), COMPONENTS / 200),
        (post("/entities/by-refs", &refs), 10_000 / 200),
    ] {
        let asked = request.uri().to_string();
        let (answer, small) = meanwhile(&app, request).await;
        assert_eq!(answer.status, 200, "{asked}");
        assert!(
            small >= pieces / 2,
            "{small} while {pieces} pieces were sent: {asked}"
        );
    }
}

#[tokio::test]
async fn what_is_refused_does_not_wait_for_what_is_answered() {
    let app = portal().await;
    let terms = json!({ "query": { "$any": vec![json!({ "kind": "a" }); 100_000] } });
    let refs = json!({ "entityRefs": vec!["a:b"; 10_001] });
    let prefixes = vec![json!({ "kind": { "$hasPrefix": "a" } }); 51];
    let prefixes = json!({ "facets": ["kind"], "query": { "$any": prefixes } });

    for (bad, message) in [
        (
            post("/entities/by-query", &terms),
            "more than 1000 conditions",
        ),
        (post("/entities/by-refs", &refs), "at most 10000"),
        (
            post("/entity-facets", &prefixes),
            "more than 50 `$hasPrefix`",
        ),
        (
            get(&format!("/entities?filter={}", "kind,".repeat(9_000))),
            "more than 1000 conditions",
        ),
    ] {
        let is_answered = Cell::new(false);
        let large = async {
            let answer = app.send_here(get("/entities")).await;
            is_answered.set(true);
            answer
        };
        let bad = async {
            let answer = app.send_here(bad).await;
            assert!(!is_answered.get(), "{message} came after all entities");
            says(message, &answer, message);
        };
        let (all, ()) = tokio::join!(large, bad);
        assert_eq!(all.status, 200);
    }
}
