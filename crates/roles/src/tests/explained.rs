//! Why somebody may do something.

use serde_json::{Value, json};

use super::stage::{BOB, EVE, Stage, below, condition};

const CORA: &str = "user:default/cora";

async fn explained(stage: &Stage, user: &str, permission: &str, thing: Option<&str>) -> Value {
    let mut body = json!({ "user": user, "permission": permission });
    if let Some(thing) = thing {
        body["resourceRef"] = json!(thing);
    }
    let (status, explanation) = stage.post(EVE, "/explain", body).await;
    assert_eq!(status, 200, "{explanation}");
    explanation
}

#[tokio::test]
async fn a_decision_tells_the_roles_the_way_to_each_and_the_lines_that_decided() {
    let stage = Stage::new().await;
    stage
        .role(
            "role:default/house",
            &["group:default/house"],
            &["thing read allow"],
        )
        .await;
    stage
        .role(
            "role:default/cora",
            &[CORA],
            &["thing read deny", "thing delete allow"],
        )
        .await;

    assert_eq!(
        explained(&stage, CORA, "thing.read", None).await,
        json!({
            "user": CORA, "permission": "thing.read", "action": "read", "resourceType": "thing", "decision": "DENY",
            "why": "`role:default/cora` denies it, which counts more than what allows",
            "roles": [
                { "role": "role:default/house", "source": "rest", "through": [CORA, "group:default/crew", "group:default/house"] },
                { "role": "role:default/cora", "source": "rest", "through": [CORA] },
            ],
            "grounds": [
                { "role": "role:default/house", "says": "thing, read, allow", "at": "the database" },
                { "role": "role:default/cora", "says": "thing, read, deny", "at": "the database" },
            ],
        })
    );
    let delete = explained(&stage, CORA, "thing.delete", Some("thing-1")).await;
    assert_eq!(delete["decision"], "ALLOW");
    let create = explained(&stage, CORA, "thing.create", None).await;
    assert_eq!(
        create["why"],
        "no role that they have says anything about this"
    );
    let nobody = explained(&stage, BOB, "thing.read", None).await;
    assert_eq!(nobody["why"], "`user:default/bob` has no role");
    let admin = explained(&stage, EVE, "thing.create", None).await;
    assert_eq!(admin["why"], "`user:default/eve` may do everything");
}

#[tokio::test]
async fn for_a_thing_each_rule_is_told_to_be_true_or_not() {
    let stage = Stage::new().await;
    let role = "role:default/cora";
    stage.role(role, &[CORA], &[]).await;
    let owns =
        json!({ "rule": "OWNS", "resourceType": "thing", "params": { "claims": ["$ownerRefs"] } });
    let rule = json!({ "allOf": [owns, { "not": below(0) }] });
    assert_eq!(
        stage
            .post(
                EVE,
                "/roles/conditions",
                condition(role, "thing.read", &rule)
            )
            .await
            .0,
        201
    );

    let whole = explained(&stage, CORA, "thing.read", None).await;
    assert_eq!(whole["decision"], "CONDITIONAL");
    assert_eq!(
        whole["conditions"]["anyOf"][0]["allOf"][0]["params"]["claims"][0],
        CORA
    );
    let first = explained(&stage, CORA, "thing.read", Some("thing-0")).await;
    assert_eq!(
        (&first["decision"], &first["conditions"]["result"]),
        (&json!("ALLOW"), &json!(true))
    );
    let second = explained(&stage, CORA, "thing.read", Some("thing-1")).await;
    let parts = &second["conditions"]["anyOf"][0]["allOf"];
    assert_eq!(second["decision"], "DENY");
    assert_eq!(
        (&parts[0]["result"], &parts[1]["result"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(parts[1]["not"]["result"], json!(false));
    assert!(
        second["grounds"][0]["at"]
            .as_str()
            .unwrap()
            .starts_with("the database, condition")
    );
}

#[tokio::test]
async fn people_ask_about_themselves_and_those_who_see_all_roles_about_others() {
    let stage = Stage::new().await;
    let about = |user: Option<&str>| match user {
        Some(user) => json!({ "user": user, "permission": "thing.read" }),
        None => json!({ "permission": "thing.read" }),
    };

    let (status, own) = stage.post(BOB, "/explain", about(None)).await;
    assert_eq!((status, &own["user"]), (200, &json!(BOB)));
    assert_eq!(stage.post(BOB, "/explain", about(Some(BOB))).await.0, 200);
    assert_eq!(stage.post(BOB, "/explain", about(Some(EVE))).await.0, 403);
    assert_eq!(
        stage.post("program", "/explain", about(Some(EVE))).await.0,
        200
    );
    assert_eq!(stage.post("program", "/explain", about(None)).await.0, 400);
    for wrong in [
        json!({ "permission": "thing.paint" }),
        json!({ "permission": "thing.create", "resourceRef": "thing-1" }),
        json!({ "user": "ada", "permission": "thing.read" }),
    ] {
        assert_eq!(stage.post(EVE, "/explain", wrong).await.0, 400);
    }
}
