//! Roles that are made, changed, explained and tried over the API.

use axum::http::Method;
use serde_json::{Value, json};

use super::crew::{Crew, crew_send};

const ROLES: &str = "/api/permission/roles";
const POLICIES: &str = "/api/permission/policies";
const TENDERS: &str = "role:default/tenders";

fn policy(permission: &str, verb: &str) -> Value {
    json!({ "entityReference": TENDERS, "permission": permission, "policy": verb, "effect": "allow" })
}

fn condition() -> Value {
    json!({ "result": "CONDITIONAL", "roleEntityRef": TENDERS, "pluginId": "catalog", "resourceType": "catalog-entity",
        "permissionMapping": [{ "name": "catalog.entity.refresh", "action": "update" }],
        "conditions": { "rule": "IS_ENTITY_OWNER", "resourceType": "catalog-entity", "params": { "claims": ["group:default/keepers"] } } })
}

#[tokio::test]
async fn roles_are_made_and_changed_over_the_api_and_count_at_once() {
    let crew = Crew::new().await;
    let nobody = crew.person("nobody").await;
    let admin = crew.administrator.as_str();
    let app = &crew.app;
    let send = |method, path: String, body: Value| async move {
        crew_send(app, method, &path, admin, body).await
    };
    let role = json!({ "name": TENDERS, "memberReferences": ["user:default/Nobody"], "metadata": { "description": "Who tends" } });

    assert_eq!(send(Method::POST, ROLES.into(), role.clone()).await.0, 201);
    assert_eq!(send(Method::POST, ROLES.into(), role.clone()).await.0, 409);
    let list = json!([policy("catalog-entity", "read")]);
    assert_eq!(
        send(Method::POST, POLICIES.into(), list.clone()).await.0,
        201
    );
    assert_eq!(send(Method::POST, POLICIES.into(), list).await.0, 409);
    let conditions = format!("{ROLES}/conditions");
    let (status, made) = send(Method::POST, conditions.clone(), condition()).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(
        send(Method::POST, conditions.clone(), condition()).await.0,
        409
    );

    assert_eq!(crew.total(&nobody).await, json!(2));
    assert_eq!(crew.refresh(&nobody, "buoyancy").await, 200);
    assert_eq!(crew.refresh(&nobody, "plannery").await, 403);
    let path = format!("{ROLES}/role/default/tenders");
    let (_, found) = send(Method::GET, path.clone(), Value::Null).await;
    assert_eq!(found[0]["memberReferences"], json!(["user:default/nobody"]));
    assert_eq!(found[0]["metadata"]["description"], "Who tends");
    assert_eq!(found[0]["metadata"]["author"], "user:default/admin");
    let of_role = format!("{POLICIES}/role/default/tenders");
    let change = json!({ "oldPolicy": [policy("catalog-entity", "read")],
        "newPolicy": [policy("catalog-entity", "read"), policy("catalog.location.create", "create")] });
    assert_eq!(send(Method::PUT, of_role.clone(), change).await.0, 200);
    assert_eq!(crew.register(&nobody).await, 201);
    let (_, all) = send(Method::GET, of_role.clone(), Value::Null).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(all[0]["metadata"]["source"], "rest");

    let one = format!("{conditions}/{}", made["id"]);
    let (_, told) = send(Method::GET, one.clone(), Value::Null).await;
    assert_eq!(told["roleEntityRef"], TENDERS);
    assert_eq!(send(Method::DELETE, one.clone(), Value::Null).await.0, 204);
    assert_eq!(send(Method::GET, one, Value::Null).await.0, 404);
    assert_eq!(crew.refresh(&nobody, "buoyancy").await, 403);
    let rename = json!({ "oldRole": role, "newRole": { "name": "role:default/keepers", "memberReferences": ["user:default/nobody", "user:default/vera"] } });
    assert_eq!(send(Method::PUT, path.clone(), rename).await.0, 200);
    assert_eq!(send(Method::GET, path, Value::Null).await.0, 404);
    let renamed = format!("{ROLES}/role/default/keepers");
    assert_eq!(
        send(Method::DELETE, renamed.clone(), Value::Null).await.0,
        204
    );
    assert_eq!(send(Method::DELETE, renamed, Value::Null).await.0, 404);
    assert_eq!(crew.total(&nobody).await, json!(0));
}

#[tokio::test]
async fn a_decision_about_an_entity_is_explained_and_a_draft_is_tried_on_the_catalog() {
    let crew = Crew::new().await;
    let admin = crew.administrator.as_str();
    let app = &crew.app;
    let ask = |path: &'static str, body: Value| async move {
        let path = format!("/api/permission/{path}");
        crew_send(app, Method::POST, &path, admin, body).await
    };
    let otto = "user:default/otto";
    let of = |thing: &str| json!({ "user": otto, "permission": "catalog.entity.refresh", "resourceRef": thing });

    let (status, own) = ask("explain", of("component:default/plannery")).await;
    assert_eq!(status, 200, "{own}");
    assert_eq!(
        (&own["decision"], &own["roles"]),
        (
            &json!("ALLOW"),
            &json!([{ "role": "role:default/owner", "source": "built-in", "through": [otto, "group:default/pilots"] }])
        )
    );
    let (_, other) = ask("explain", of("component:default/buoyancy")).await;
    assert_eq!(other["decision"], "DENY");
    let rule = &other["conditions"]["anyOf"][0];
    assert_eq!(
        rule["params"]["claims"],
        json!([otto, "group:default/pilots"])
    );
    assert_eq!(rule["result"], false);

    let owned = json!({ "rule": "IS_ENTITY_OWNER", "params": { "claims": ["$ownerRefs"] } });
    let narrow = json!({ "name": "owner", "permissions": [
        { "resourceType": "catalog-entity", "actions": ["read"], "when": owned },
    ] });
    let draft = json!({ "user": otto, "roles": [narrow] });
    let (status, trial) = ask("try", draft).await;
    assert_eq!(status, 200, "{trial}");
    let reads = trial["reads"].as_array().unwrap();
    let entities = reads
        .iter()
        .find(|one| one["resourceType"] == "catalog-entity")
        .unwrap();
    assert_eq!(
        entities["then"],
        json!({ "total": 1, "items": ["component:default/plannery"] })
    );
    let lost = entities["lost"]["items"].as_array().unwrap();
    assert!(
        lost.contains(&json!("component:default/buoyancy")),
        "{lost:?}"
    );
    assert_eq!(entities["gained"]["total"], 0);
    let changed = trial["changes"].to_string();
    assert!(changed.contains("catalog.entity.refresh"), "{changed}");
}

#[tokio::test]
async fn what_cannot_be_a_role_is_refused_and_nobody_gives_what_they_do_not_hold() {
    let crew = Crew::new().await;
    let admin = crew.administrator.clone();
    let send = |method, path: &'static str, body: Value, by: &str| {
        let (app, by) = (&crew.app, by.to_owned());
        async move { crew_send(app, method, path, &by, body).await }
    };
    let viewer = "/api/permission/roles/role/default/viewer";
    for (method, path, body, status) in [
        (
            Method::POST,
            ROLES,
            json!({ "name": "tenders", "memberReferences": ["user:default/a"] }),
            400,
        ),
        (
            Method::POST,
            ROLES,
            json!({ "name": TENDERS, "memberReferences": [] }),
            400,
        ),
        (
            Method::POST,
            ROLES,
            json!({ "name": TENDERS, "memberReferences": ["component:default/a"] }),
            400,
        ),
        (
            Method::POST,
            ROLES,
            json!({ "name": "role:default/viewer", "memberReferences": ["user:default/a"] }),
            403,
        ),
        (Method::DELETE, viewer, Value::Null, 403),
        (
            Method::POST,
            POLICIES,
            json!([policy("catalog-entity", "read")]),
            404,
        ),
        (Method::POST, POLICIES, json!([]), 400),
        (Method::POST, POLICIES, json!([policy("a\"b", "read")]), 400),
        (
            Method::POST,
            POLICIES,
            json!([policy("catalog-entity", "look")]),
            400,
        ),
        (
            Method::POST,
            "/api/permission/roles/conditions",
            json!({}),
            400,
        ),
        (
            Method::GET,
            "/api/permission/roles/conditions/none",
            Value::Null,
            400,
        ),
        (
            Method::POST,
            "/api/permission/plugins/id",
            json!({ "ids": ["catalog"] }),
            409,
        ),
        (
            Method::DELETE,
            "/api/permission/plugins/id",
            json!({ "ids": ["nowhere"] }),
            404,
        ),
    ] {
        let (got, answer) = send(method.clone(), path, body.clone(), &admin).await;
        assert_eq!(got, status, "{method} {path} {body}: {answer}");
    }

    // Somebody who may make policies, and may see entities and nothing else.
    let max = crew.person("max2").await;
    let role = json!({ "name": "role:default/clerks", "memberReferences": ["user:default/max2"] });
    assert_eq!(send(Method::POST, ROLES, role, &admin).await.0, 201);
    let clerk = |permission: &str, verb: &str| json!({ "entityReference": "role:default/clerks", "permission": permission, "policy": verb, "effect": "allow" });
    let list = json!([
        clerk("policy.entity.create", "create"),
        clerk("catalog-entity", "read")
    ]);
    assert_eq!(send(Method::POST, POLICIES, list, &admin).await.0, 201);
    let (status, refusal) = send(
        Method::POST,
        POLICIES,
        json!([clerk("catalog-entity", "delete")]),
        &max,
    )
    .await;
    assert_eq!(
        (status, &refusal["error"]["code"]),
        (403, &json!("more-than-held"))
    );
    assert_eq!(send(Method::GET, ROLES, Value::Null, &max).await.0, 403);
    let (_, plugins) = send(
        Method::GET,
        "/api/permission/plugins/policies",
        Value::Null,
        &admin,
    )
    .await;
    let catalog = plugins
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["pluginId"] == "catalog")
        .unwrap();
    let told = json!({ "name": "catalog.entity.read", "policy": "read", "resourceType": "catalog-entity" });
    assert!(
        catalog["policies"].as_array().unwrap().contains(&told),
        "{catalog}"
    );
    let (_, rules) = send(
        Method::GET,
        "/api/permission/plugins/condition-rules",
        Value::Null,
        &admin,
    )
    .await;
    assert!(rules.to_string().contains("IS_ENTITY_OWNER"), "{rules}");
}
