//! What somebody could see with a draft of roles.

use serde_json::json;

use super::stage::{BOB, EVE, Stage, below, condition};

#[tokio::test]
async fn a_draft_is_tried_against_what_there_is_and_changes_nothing() {
    let stage = Stage::new().await;
    let role = "role:default/some";
    stage.role(role, &[BOB], &[]).await;
    assert_eq!(
        stage
            .post(
                EVE,
                "/roles/conditions",
                condition(role, "thing.read", &below(4))
            )
            .await
            .0,
        201
    );
    let draft = json!({
        "user": BOB, "limit": 2,
        "roles": [{ "name": "some", "permissions": [
            { "permission": "thing.read", "when": { "allOf": [{ "not": below(2) }, below(7)] } },
            { "permission": "thing.create" },
        ] }],
    });

    let (status, trial) = stage.post(EVE, "/try", draft.clone()).await;

    assert_eq!(status, 200, "{trial}");
    let reads = trial["reads"].as_array().unwrap();
    let things = reads
        .iter()
        .find(|read| read["resourceType"] == "thing")
        .unwrap();
    assert_eq!(
        *things,
        json!({
            "resourceType": "thing", "permission": "thing.read", "now": 4,
            "then": { "total": 5, "items": ["thing-2", "thing-3"] },
            "gained": { "total": 3, "items": ["thing-4", "thing-5"] },
            "lost": { "total": 2, "items": ["thing-0", "thing-1"] },
        })
    );
    assert_eq!(
        trial["changes"],
        json!([
            { "permission": "thing.read", "now": "CONDITIONAL", "then": "CONDITIONAL" },
            { "permission": "thing.create", "now": "DENY", "then": "ALLOW" },
        ])
    );
    let (_, again) = stage.post(EVE, "/try", draft).await;
    assert_eq!(again, trial);
}

#[tokio::test]
async fn roles_can_be_new_or_gone_in_a_draft_and_a_wrong_one_is_refused() {
    let stage = Stage::new().await;
    stage
        .role("role:default/reads", &[BOB], &["thing read allow"])
        .await;
    let tried = |body| async { stage.post(EVE, "/try", body).await };

    let (_, gone) = tried(json!({ "user": BOB, "without": ["reads"] })).await;
    let lost = |trial: &serde_json::Value| {
        let reads = trial["reads"].as_array().unwrap().clone();
        reads
            .iter()
            .find(|read| read["resourceType"] == "thing")
            .unwrap()["lost"]["total"]
            .clone()
    };
    assert_eq!(lost(&gone), 10);
    let new = json!({ "name": "new", "members": ["everyone"], "permissions": [{ "permission": "thing.delete" }] });
    let (_, more) = tried(json!({ "user": BOB, "roles": [new] })).await;
    assert_eq!(lost(&more), 0);
    assert_eq!(
        more["changes"],
        json!([{ "permission": "thing.delete", "now": "DENY", "then": "ALLOW" }])
    );
    for wrong in [
        json!({ "user": "bob" }),
        json!({ "user": BOB, "limit": 101 }),
        json!({ "user": BOB, "roles": [{ "name": "a", "colour": "red" }] }),
        json!({ "user": BOB, "roles": [{ "name": "a", "permissions": [{ "permission": "thing.read", "when": { "rule": "NONE", "resourceType": "thing" } }] }] }),
        json!({ "user": BOB, "without": ["a b"] }),
    ] {
        assert_eq!(tried(wrong.clone()).await.0, 400, "{wrong}");
    }
}
