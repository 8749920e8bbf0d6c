//! The operations of the RBAC plugin: paths, bodies and status codes.

use axum::http::Method;
use serde_json::{Value, json};

use super::stage::{BOB, EVE, Stage, below, condition, policy};

const CLERKS: &str = "role:default/clerks";
const OF_CLERKS: &str = "/policies/role/default/clerks";
const ONE: &str = "/roles/role/default/clerks";

#[tokio::test]
async fn a_role_is_made_changed_renamed_and_removed() {
    let stage = Stage::new().await;
    let role = json!({ "name": CLERKS, "memberReferences": ["user:default/Bob"] });

    assert_eq!(
        stage.post(EVE, "/roles", role.clone()).await,
        (201, Value::Null)
    );
    let (_, found) = stage.get(EVE, ONE).await;
    assert_eq!(
        found[0],
        json!({
            "memberReferences": [BOB], "name": CLERKS,
            "metadata": { "source": "rest", "owner": EVE, "author": EVE, "modifiedBy": EVE, "isDefault": false,
                "createdAt": "2026-01-01T00:00:00.000Z", "lastModified": "2026-01-01T00:00:00.000Z" },
        })
    );
    let same = json!({ "oldRole": role, "newRole": role });
    assert_eq!(stage.put(EVE, ONE, same).await.0, 204);
    let other = json!({ "name": "role:default/others", "memberReferences": [BOB, "group:default/crew"],
        "metadata": { "description": "Others" } });
    let change = json!({ "oldRole": role, "newRole": other });
    assert_eq!(stage.put(EVE, ONE, change.clone()).await.0, 200);
    assert_eq!(stage.put(EVE, ONE, change).await.0, 404);
    let path = "/roles/role/default/others";
    let (_, found) = stage.get(EVE, path).await;
    assert_eq!(
        found[0]["memberReferences"],
        json!(["group:default/crew", BOB])
    );
    assert_eq!(found[0]["metadata"]["description"], "Others");

    let nobody = format!("{path}?memberReferences=user:default/nobody");
    assert_eq!(stage.delete(EVE, &nobody, Value::Null).await.0, 404);
    let bob = format!("{path}?memberReferences=user:default/bob");
    assert_eq!(stage.delete(EVE, &bob, Value::Null).await.0, 204);
    assert_eq!(
        stage.get(EVE, path).await.1[0]["memberReferences"],
        json!(["group:default/crew"])
    );
    let crew = format!("{path}?memberReferences=group:default/crew");
    assert_eq!(stage.delete(EVE, &crew, Value::Null).await.0, 204);
    assert_eq!(stage.get(EVE, path).await.0, 404);
    assert_eq!(
        stage.written.events(),
        [
            "role-create by user:default/eve",
            "role-update by user:default/eve",
            "role-delete by user:default/eve",
            "role-delete by user:default/eve"
        ]
    );
}

#[tokio::test]
async fn policies_are_added_changed_and_removed() {
    let stage = Stage::new().await;
    stage.role(CLERKS, &[BOB], &["thing read allow"]).await;
    let read = policy(CLERKS, "thing read allow");
    let create = policy(CLERKS, "thing.create create allow");

    for (body, status) in [
        (json!([read]), 409),
        (json!([create, create]), 409),
        (
            json!([policy("role:default/none", "thing read allow")]),
            404,
        ),
        (
            json!([policy("role:default/viewer", "thing read allow")]),
            403,
        ),
        (json!([]), 400),
        (json!({}), 400),
    ] {
        assert_eq!(
            stage.post(EVE, "/policies", body.clone()).await.0,
            status,
            "{body}"
        );
    }
    let change = json!({ "oldPolicy": [read], "newPolicy": [read, create] });
    assert_eq!(stage.put(EVE, OF_CLERKS, change.clone()).await.0, 200);
    for (body, status) in [
        (json!({ "oldPolicy": [read], "newPolicy": [read] }), 204),
        (
            json!({ "oldPolicy": [read, create], "newPolicy": [read] }),
            400,
        ),
        (json!({ "oldPolicy": [], "newPolicy": [read] }), 400),
        (json!({ "oldPolicy": [read] }), 400),
        (
            json!({ "oldPolicy": [policy(CLERKS, "a read allow")], "newPolicy": [policy(CLERKS, "b read allow")] }),
            404,
        ),
        (json!({ "oldPolicy": [read], "newPolicy": [create] }), 409),
    ] {
        assert_eq!(
            stage.put(EVE, OF_CLERKS, body.clone()).await.0,
            status,
            "{body}"
        );
    }
    let (_, all) = stage
        .get(EVE, "/policies?effect=allow&permission=thing")
        .await;
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(all[0]["metadata"], json!({ "source": "rest" }));
    let (_, all) = stage.get(EVE, OF_CLERKS).await;
    assert_eq!(
        all.as_array().unwrap().len(),
        2,
        "a refused change changes nothing"
    );
    assert_eq!(
        stage.delete(EVE, OF_CLERKS, json!([read, create])).await.0,
        204
    );
    assert_eq!(stage.delete(EVE, OF_CLERKS, json!([read])).await.0, 404);
    assert_eq!(stage.get(EVE, OF_CLERKS).await.0, 404);
}

#[tokio::test]
async fn conditions_are_made_changed_and_removed() {
    let stage = Stage::new().await;
    stage.role(CLERKS, &[BOB], &[]).await;
    let path = "/roles/conditions";
    let wrong = |key: &str, value: Value| {
        let mut body = condition(CLERKS, "thing.read", &below(3));
        body[key] = value;
        body
    };
    for (body, status) in [
        (wrong("roleEntityRef", json!("role:default/none")), 404),
        (wrong("roleEntityRef", json!("role:default/owner")), 403),
        (wrong("result", json!("ALLOW")), 400),
        (wrong("permissionMapping", json!([])), 400),
        (wrong("permissionMapping", json!(["read"])), 400),
        (
            wrong(
                "permissionMapping",
                json!([{ "name": "x", "action": "look" }]),
            ),
            400,
        ),
        (
            wrong(
                "conditions",
                json!({ "rule": "NONE", "resourceType": "thing" }),
            ),
            400,
        ),
        (
            wrong(
                "conditions",
                json!({ "rule": "BELOW", "resourceType": "thing" }),
            ),
            400,
        ),
        (wrong("conditions", json!({ "allOf": [] })), 400),
        (wrong("conditions", deep(12)), 400),
        (
            wrong("conditions", json!({ "anyOf": vec![below(1); 65] })),
            400,
        ),
    ] {
        assert_eq!(
            stage.post(EVE, path, body.clone()).await.0,
            status,
            "{body}"
        );
    }
    let good = condition(CLERKS, "thing.read", &deep(11));
    let (status, made) = stage.post(EVE, path, good.clone()).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(stage.post(EVE, path, good).await.0, 409);

    let one = format!("{path}/{}", made["id"]);
    let change = condition(CLERKS, "thing.delete", &below(3));
    assert_eq!(stage.put(EVE, &one, change.clone()).await.0, 200);
    let (_, found) = stage.get(EVE, &one).await;
    assert_eq!(
        found["permissionMapping"],
        json!([{ "name": "thing.delete", "action": "delete" }])
    );
    assert_eq!(found["conditions"], change["conditions"]);
    for (query, count) in [
        ("", 1),
        ("&actions=delete", 1),
        ("&actions=delete&actions=read", 0),
        ("&pluginId=other", 0),
        ("&resourceType=thing", 1),
    ] {
        let listed = format!("{path}?roleEntityRef={CLERKS}{query}");
        assert_eq!(
            stage.get(EVE, &listed).await.1.as_array().unwrap().len(),
            count,
            "{query}"
        );
    }
    assert_eq!(stage.get(EVE, &format!("{path}/x")).await.0, 400);
    assert_eq!(stage.delete(EVE, &one, Value::Null).await.0, 204);
    assert_eq!(stage.delete(EVE, &one, Value::Null).await.0, 404);
}

fn deep(levels: u32) -> Value {
    (0..levels).fold(below(3), |inner, _| json!({ "not": inner }))
}

#[tokio::test]
async fn plugins_are_listed_with_what_they_let_policies_decide() {
    let stage = Stage::new().await;

    let (_, policies) = stage.get(EVE, "/plugins/policies").await;
    assert_eq!(
        policies[1],
        json!({ "pluginId": "things", "policies": [
            { "name": "thing.read", "policy": "read", "resourceType": "thing" },
            { "name": "thing.delete", "policy": "delete", "resourceType": "thing" },
            { "name": "thing.create", "policy": "create" },
        ] })
    );
    let (_, rules) = stage.get(EVE, "/plugins/condition-rules").await;
    assert_eq!(rules[0]["rules"][0]["name"], "IS_OWNER");
    assert_eq!(rules[1]["rules"][0]["name"], "BELOW");
    let ids = "/plugins/id";
    assert_eq!(
        stage.get(EVE, ids).await.1,
        json!({ "ids": ["permission", "things"] })
    );
    let more = json!({ "ids": ["kubernetes"] });
    let all = json!({ "ids": ["kubernetes", "permission", "things"] });
    assert_eq!(stage.post(EVE, ids, more.clone()).await, (200, all));
    assert_eq!(stage.post(EVE, ids, more.clone()).await.0, 409);
    assert_eq!(
        stage.delete(EVE, ids, json!({ "ids": ["things"] })).await.0,
        403
    );
    assert_eq!(stage.delete(EVE, ids, more.clone()).await.0, 200);
    assert_eq!(stage.delete(EVE, ids, more).await.0, 404);
}

#[tokio::test]
async fn nobody_sees_or_changes_roles_without_a_permission_and_programs_only_see_them() {
    let stage = Stage::new().await;
    stage.role(CLERKS, &[BOB], &[]).await;
    let role = json!({ "name": "role:default/x", "memberReferences": [BOB] });
    let paths = [
        "/",
        "/policies",
        "/roles",
        ONE,
        "/roles/conditions",
        "/plugins/policies",
        "/plugins/condition-rules",
        "/plugins/id",
    ];

    for path in paths {
        assert_eq!(stage.get(BOB, path).await.0, 403, "{path}");
        assert_eq!(stage.get("program", path).await.0, 200, "{path}");
    }
    for user in [BOB, "program"] {
        for (method, path, body) in [
            (Method::POST, "/roles", role.clone()),
            (
                Method::PUT,
                ONE,
                json!({ "oldRole": role, "newRole": role }),
            ),
            (Method::DELETE, ONE, Value::Null),
            (
                Method::POST,
                "/policies",
                json!([policy(CLERKS, "a read allow")]),
            ),
            (
                Method::DELETE,
                OF_CLERKS,
                json!([policy(CLERKS, "a read allow")]),
            ),
            (
                Method::POST,
                "/roles/conditions",
                condition(CLERKS, "thing.read", &below(1)),
            ),
            (Method::DELETE, "/roles/conditions/1", Value::Null),
            (Method::POST, "/plugins/id", json!({ "ids": ["a"] })),
            (Method::POST, "/try", json!({ "user": BOB })),
        ] {
            if (user, path) == ("program", "/try") {
                continue;
            }
            let (status, answer) = stage.ask(user, (method.clone(), path), body).await;
            assert_eq!(status, 403, "{user} {method} {path}: {answer}");
        }
    }
    assert_eq!(stage.written.events(), ["role-create by user:default/eve"]);
}

#[tokio::test]
async fn roles_that_are_not_enabled_have_no_operations() {
    let stage = Stage::new().await;
    let roles = super::stage::open(&stage.database, &json!({}), ".".into()).await;
    let stage = stage.again(roles);
    let role = json!({ "name": CLERKS, "memberReferences": [BOB] });

    for (method, path) in [
        (Method::GET, "/roles"),
        (Method::POST, "/roles"),
        (Method::POST, "/explain"),
    ] {
        let (status, answer) = stage.ask(EVE, (method, path), role.clone()).await;
        assert_eq!(status, 404);
        assert_eq!(answer["error"]["code"], "permissions-not-enabled");
    }
}
