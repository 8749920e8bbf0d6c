//! The operations around permissions, through the whole portal (PERM-02, PERM-04).

use axum::body::Body;
use axum::http::Request;
use callboard_testkit::{Answer, TestApp};
use serde_json::{Value, json};

const AUTHORIZE: &str = "/api/permission/authorize";
const APPLY: &str = "/api/catalog/.well-known/backstage/permissions/apply-conditions";

const CHECKOUT: &str = "
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: checkout, labels: { tier: gold } }
spec: { type: service, lifecycle: production, owner: payments }
";

async fn with_checkout() -> TestApp {
    let app = TestApp::new().await;
    app.write("checkout.yaml", CHECKOUT);
    let path = "/api/catalog/entities/by-name/component/default/checkout";
    app.eventually(path, |answer| answer.status == 200).await;
    app
}

fn basic(name: &str) -> Value {
    json!({ "type": "basic", "name": name, "attributes": { "action": "create" } })
}

fn resource(name: &str) -> Value {
    json!({ "type": "resource", "name": name, "attributes": {}, "resourceType": "catalog-entity" })
}

fn gold() -> Value {
    json!({ "rule": "HAS_LABEL", "resourceType": "catalog-entity", "params": { "label": "tier", "value": "gold" } })
}

fn refused(answer: &Answer) -> String {
    assert_eq!(answer.status, 400, "{}", answer.text());
    let error = &answer.json()["error"];
    assert_eq!(error["name"], "InputError");
    let message = error["message"].as_str();
    message.expect("an error has a message").to_owned()
}

#[tokio::test]
async fn the_policy_is_asked_question_by_question() {
    let app = TestApp::new().await;
    let asked = json!({ "items": [
        { "id": "b", "permission": basic("catalog.location.create") },
        { "id": "a", "permission": resource("catalog.entity.read"), "resourceRef": "component:default/checkout" },
        { "id": "c", "permission": resource("other.thing"), "resourceRef": ["one", "two"] },
    ] });

    let answer = app.post(AUTHORIZE, &asked).await;

    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({ "items": [
            { "id": "b", "result": "ALLOW" },
            { "id": "a", "result": "ALLOW" },
            { "id": "c", "result": "ALLOW" },
        ] })
    );
    let health = app.get("/api/permission/health").await;
    assert_eq!(health.json(), json!({ "status": "ok" }));
}

#[tokio::test]
async fn questions_that_backstage_refuses_are_refused() {
    let app = TestApp::new().await;
    let ask = async |item: Value| refused(&app.post(AUTHORIZE, &json!({ "items": [item] })).await);

    let without_ref =
        ask(json!({ "id": "1", "permission": resource("catalog.entity.read") })).await;
    assert_eq!(
        without_ref,
        "Resource permissions require a resourceRef to be set. Direct user requests without a resourceRef are not allowed."
    );
    // Who asks cannot say what a permission is about.
    let as_basic = ask(json!({ "id": "1", "permission": basic("catalog.entity.read") })).await;
    assert_eq!(as_basic, without_ref);
    for item in [
        json!({ "id": "1", "permission": basic("a"), "resourceRef": "component:default/checkout" }),
        json!({ "id": "1", "permission": resource("a"), "resourceRef": [] }),
        json!({ "id": "1", "permission": resource("a"), "resourceRef": 7 }),
        json!({ "id": "1", "permission": { "type": "other", "name": "a", "attributes": {} } }),
        json!({ "id": "1", "permission": { "type": "basic", "name": "a" } }),
        json!({ "id": "1", "permission": { "type": "basic", "name": "a", "attributes": { "action": "destroy" } } }),
        json!({ "id": "1", "permission": { "type": "resource", "name": "a", "attributes": {} }, "resourceRef": "a" }),
        json!({ "permission": basic("a") }),
        json!(7),
    ] {
        assert!(!ask(item).await.is_empty());
    }
    for body in ["", "[]", "{", r#"{"items":7}"#, "{}"] {
        let request = Request::post(AUTHORIZE)
            .header("content-type", "application/json")
            .body(Body::from(body))
            .unwrap();
        refused(&app.send(request).await);
    }
}

#[tokio::test]
async fn conditions_are_applied_to_what_is_there() {
    let app = with_checkout().await;
    let refs = json!([
        "component:default/checkout",
        "Component:Default/Checkout",
        "component:default/other"
    ]);
    let asked = json!({ "items": [
        { "id": "1", "resourceRef": "component:default/checkout", "resourceType": "catalog-entity", "conditions": gold() },
        { "id": "2", "resourceRef": refs, "resourceType": "catalog-entity", "conditions": gold() },
        { "id": "3", "resourceRef": refs, "resourceType": "catalog-entity", "conditions": { "not": gold() } },
    ] });

    let answer = app.post(APPLY, &asked).await;

    assert_eq!(
        answer.json(),
        json!({ "items": [
            { "id": "1", "result": "ALLOW" },
            { "id": "2", "result": ["ALLOW", "ALLOW", "DENY"] },
            { "id": "3", "result": ["DENY", "DENY", "DENY"] },
        ] })
    );
}

#[tokio::test]
async fn conditions_that_make_no_sense_are_refused_with_a_reason() {
    let app = TestApp::new().await;
    let apply = async |kind: &str, conditions: Value| {
        let item = json!({ "id": "1", "resourceRef": "a:b/c", "resourceType": kind, "conditions": conditions });
        refused(&app.post(APPLY, &json!({ "items": [item] })).await)
    };

    assert_eq!(
        apply("other", gold()).await,
        "Unexpected resource types: other."
    );
    let deep = (0..60).fold(gold(), |inner, _| json!({ "not": inner }));
    let of_others =
        json!({ "rule": "HAS_LABEL", "resourceType": "other", "params": { "label": "a" } });
    for (conditions, reason) in [
        (
            json!({ "rule": "NO", "resourceType": "catalog-entity" }),
            "there is no rule `NO` about entities",
        ),
        (
            json!({ "rule": "HAS_LABEL", "resourceType": "catalog-entity" }),
            "`HAS_LABEL` needs the parameter `label`",
        ),
        (
            of_others,
            "`HAS_LABEL` is about `other`, not about entities",
        ),
        (
            json!({ "allOf": [] }),
            "`conditions.allOf` is not a list with at least one member",
        ),
        (json!("HAS_LABEL"), "`conditions` is not an object"),
    ] {
        assert_eq!(apply("catalog-entity", conditions).await, reason);
    }
    assert!(
        apply("catalog-entity", deep)
            .await
            .ends_with("is more than 20 levels deep")
    );

    let unknown = app
        .post(
            &APPLY.replace("catalog", "nothing"),
            &json!({ "items": [] }),
        )
        .await;
    assert_eq!(unknown.status, 404);
}
