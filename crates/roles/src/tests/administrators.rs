//! Who may give what: owners of roles give what they have, and the last who looks after roles stays.

use serde_json::{Value, json};

use super::stage::{BOB, EVE, Stage, below, condition, policy};

const TEAM: &str = "role:default/team";
const OF_TEAM: &str = "/policies/role/default/team";
const CORA: &str = "user:default/cora";

/// Bob owns the role of a team and may change what he owns; he reads things, and deletes some.
async fn with_an_owner() -> Stage {
    let stage = Stage::new().await;
    let lead = "role:default/lead";
    let all = ["policy.entity.create create allow", "thing read allow"];
    stage.role(lead, &[BOB], &all).await;
    let rule = json!({ "rule": "IS_OWNER", "resourceType": "policy-entity", "params": { "owners": ["$currentUser"] } });
    for action in ["read", "update", "delete"] {
        let body = json!({
            "result": "CONDITIONAL", "roleEntityRef": lead, "pluginId": "permission", "resourceType": "policy-entity",
            "permissionMapping": [{ "name": format!("policy.entity.{action}"), "action": action }], "conditions": rule,
        });
        assert_eq!(stage.post(EVE, "/roles/conditions", body).await.0, 201);
    }
    let some = condition(lead, "thing.delete", &below(3));
    assert_eq!(stage.post(EVE, "/roles/conditions", some).await.0, 201);
    let role = json!({ "name": TEAM, "memberReferences": [CORA], "metadata": { "owner": BOB } });
    assert_eq!(stage.post(EVE, "/roles", role).await.0, 201);
    stage
}

#[tokio::test]
async fn whoever_owns_a_role_sees_and_changes_that_one() {
    let stage = with_an_owner().await;

    let (_, seen) = stage.get(BOB, "/roles").await;
    let names: Vec<&Value> = seen
        .as_array()
        .unwrap()
        .iter()
        .map(|role| &role["name"])
        .collect();
    assert_eq!(names, [TEAM]);
    let read = json!([policy(TEAM, "thing read allow")]);
    assert_eq!(stage.post(BOB, "/policies", read.clone()).await.0, 201);
    assert_eq!(stage.get(CORA, "/policies").await.0, 403);
    assert_eq!(stage.delete(BOB, OF_TEAM, read).await.0, 204);
    let lead = "/policies/role/default/lead";
    let own = json!([policy("role:default/lead", "thing read allow")]);
    assert_eq!(stage.delete(BOB, lead, own).await.0, 403);
}

#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    let stage = with_an_owner().await;
    let refused = |answer: (u16, Value)| {
        assert_eq!(answer.0, 403, "{}", answer.1);
        assert_eq!(answer.1["error"]["code"], "more-than-held");
    };

    for given in [
        "thing delete allow",
        "thing.create create allow",
        "nothing use allow",
        "policy-entity update allow",
    ] {
        refused(
            stage
                .post(BOB, "/policies", json!([policy(TEAM, given)]))
                .await,
        );
    }
    // Who takes something from somebody needs not have it, but giving it back is giving.
    let deny = json!([policy(TEAM, "thing.create create deny")]);
    assert_eq!(stage.post(BOB, "/policies", deny.clone()).await.0, 201);
    refused(stage.delete(BOB, OF_TEAM, deny).await);
    // He deletes some things only, and conditions of others are not to be compared with his.
    refused(
        stage
            .post(
                BOB,
                "/roles/conditions",
                condition(TEAM, "thing.delete", &below(1)),
            )
            .await,
    );
    let reads = condition(TEAM, "thing.read", &below(1));
    assert_eq!(stage.post(BOB, "/roles/conditions", reads).await.0, 201);
    // Eve lets the team do more than he does: then he lets nobody else in.
    let more = json!([policy(TEAM, "thing delete allow")]);
    assert_eq!(stage.post(EVE, "/policies", more).await.0, 201);
    let change = json!({ "oldRole": { "memberReferences": [CORA] }, "newRole": { "name": TEAM, "memberReferences": [CORA, BOB] } });
    refused(stage.put(BOB, "/roles/role/default/team", change).await);
    let out = format!("/roles/role/default/team?memberReferences={CORA}");
    assert_eq!(stage.delete(BOB, &out, Value::Null).await.0, 204);
}

#[tokio::test]
async fn the_last_who_looks_after_roles_is_not_shut_out() {
    // Everybody looks after roles by the default role until there is somebody else.
    let settings = json!({ "rbac": { "admin": { "users": [{ "name": EVE }] } } });
    let stage = Stage::configured(settings.clone()).await;
    let all = [
        "policy-entity update allow",
        "policy-entity delete allow",
        "policy-entity read allow",
        "policy.entity.create create allow",
    ];
    let keepers = "role:default/keepers";
    stage.role(keepers, &[BOB], &all).await;
    // Eve still is one, by the configuration.
    assert_eq!(
        stage
            .delete(BOB, "/roles/role/default/keepers", Value::Null)
            .await
            .0,
        204
    );
    stage.role(keepers, &[BOB], &all).await;

    let later = super::stage::open(&stage.database, &json!({ "enabled": true }), ".".into()).await;
    assert!(later.snapshot().role(keepers).is_some());
    let stage = stage.again(later);
    let (status, refusal) = stage
        .delete(BOB, "/roles/role/default/keepers", Value::Null)
        .await;
    assert_eq!(
        (status, &refusal["error"]["code"]),
        (409, &json!("last-admin"))
    );
    let update = json!([policy(keepers, "policy-entity update allow")]);
    let (status, _) = stage
        .delete(BOB, "/policies/role/default/keepers", update)
        .await;
    assert_eq!(status, 409);
    let read = json!([policy(keepers, "policy-entity read allow")]);
    assert_eq!(
        stage
            .delete(BOB, "/policies/role/default/keepers", read)
            .await
            .0,
        204
    );
}
