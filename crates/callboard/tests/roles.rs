//! What people may do who have a role, or none, through the whole portal.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request};
use callboard_testkit::{Answer, TestApp};
use serde_json::{Value, json};

const CONFIG: &str = "
auth:
  local: { enabled: true }
  clientIdMetadataDocuments: { enabled: true }
permission:
  enabled: true
  roles:
    viewer: [user:default/vera]
    owner: [group:default/pilots]
    maintainer: [user:default/max]
";

const CATALOG: &str = "
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: plannery, uid: 5a0e0000-0000-4000-8000-00000000beef }
spec: { type: service, lifecycle: production, owner: pilots }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: buoyancy }
spec: { type: service, lifecycle: production, owner: keepers }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: pilots }
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: otto }
spec: { memberOf: [pilots] }
";

/// Words that no answer to somebody without a role may have in it.
const HIDDEN: [&str; 4] = ["plannery", "buoyancy", "pilots", "keepers"];

/// Longer than any machine needs; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A portal with people who signed in.
struct Crew {
    app: TestApp,
    administrator: String,
}

impl Crew {
    async fn new() -> Self {
        let app = TestApp::with_config(CONFIG).await;
        let link = app.portal().first_invitation().unwrap().to_string();
        let crew = Self {
            administrator: accept(&app, &link).await,
            app,
        };
        crew.app.write("catalog.yaml", CATALOG);
        let otto = "/api/catalog/entities/by-name/user/default/otto";
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = crew.get(&crew.administrator, otto).await;
            if answer.text().contains("relations\":[{") {
                return crew;
            }
            assert!(Instant::now() < end, "the catalog was not read: {answer}");
        }
    }

    /// Makes an account and signs its owner in.
    async fn person(&self, name: &str) -> String {
        let body = json!({ "name": name });
        let made = self
            .send(
                Method::POST,
                "/api/auth/v1/accounts",
                &self.administrator,
                Some(&body),
            )
            .await;
        accept(&self.app, made.json()["link"].as_str().unwrap()).await
    }

    async fn send(&self, method: Method, path: &str, cookie: &str, body: Option<&Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", cookie)
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
        self.app.send(request.body(body).unwrap()).await
    }

    async fn get(&self, cookie: &str, path: &str) -> Answer {
        self.send(Method::GET, path, cookie, None).await
    }

    async fn register(&self, cookie: &str) -> u16 {
        let body = json!({ "type": "url", "target": "https://example.com/catalog-info.yaml" });
        let path = "/api/catalog/locations";
        self.send(Method::POST, path, cookie, Some(&body))
            .await
            .status
            .as_u16()
    }

    async fn refresh(&self, cookie: &str, name: &str) -> u16 {
        let body = json!({ "entityRef": format!("component:default/{name}") });
        let path = "/api/catalog/refresh";
        self.send(Method::POST, path, cookie, Some(&body))
            .await
            .status
            .as_u16()
    }

    async fn total(&self, cookie: &str) -> Value {
        let path = "/api/catalog/entities/by-query?limit=0&filter=kind=component";
        self.get(cookie, path).await.json()["totalItems"].clone()
    }
}

/// Accepts an invitation: the cookie of the session that begins.
async fn accept(app: &TestApp, link: &str) -> String {
    let invitation = link.rsplit_once('#').unwrap().1;
    let body = json!({ "invitation": invitation, "password": "correct horse battery" });
    let answer = app.post("/api/auth/local/invitation/accept", &body).await;
    assert_eq!(answer.status, 200, "{answer}");
    answer
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_roles_in_the_box_permit_what_their_names_say() {
    let crew = Crew::new().await;
    let vera = crew.person("vera").await;
    let otto = crew.person("otto").await;
    let max = crew.person("max").await;
    let nobody = crew.person("nobody").await;

    for (cookie, total, register, own, other) in [
        (&vera, 2, 403, 403, 403),
        (&otto, 2, 201, 200, 403),
        (&max, 2, 201, 200, 200),
        (&nobody, 0, 403, 403, 403),
        (&crew.administrator, 2, 201, 200, 200),
    ] {
        assert_eq!(crew.total(cookie).await, json!(total));
        let registered = crew.register(cookie).await;
        assert!(
            registered == register || (register == 201 && registered == 409),
            "{registered}"
        );
        assert_eq!(crew.refresh(cookie, "plannery").await, own);
        assert_eq!(crew.refresh(cookie, "buoyancy").await, other);
    }
    let entity = json!({ "entity": { "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": { "name": "a" },
        "spec": { "type": "x", "lifecycle": "x", "owner": "x" } }, "location": "url:https://example.com/a.yaml" });
    let path = "/api/catalog/validate-entity";
    let checked = crew.send(Method::POST, path, &vera, Some(&entity)).await;
    assert_eq!(checked.status, 200, "{checked}");
}

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
    let ask = |path: &'static str, body: Value| async move {
        let path = format!("/api/permission/{path}");
        crew_send(&crew.app, Method::POST, &path, admin, body).await
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

async fn crew_send(
    app: &TestApp,
    method: Method,
    path: &str,
    cookie: &str,
    body: Value,
) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("cookie", cookie)
        .header("content-type", "application/json");
    let body = if body.is_null() {
        Body::empty()
    } else {
        Body::from(body.to_string())
    };
    let answer = app.send(request.body(body).unwrap()).await;
    let json = if answer.body.is_empty() {
        Value::Null
    } else {
        answer.json()
    };
    (answer.status.as_u16(), json)
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

/// What people do with what is theirs alone: no policy is asked about that.
const OWN: [&str; 4] = [
    "/api/auth/v1/me",
    "/.backstage/auth/v1/cookie",
    "/api/permission/",
    "/.well-known/backstage/permissions",
];

#[tokio::test]
async fn whoever_has_no_role_does_nothing_and_learns_nothing() {
    let crew = Crew::new().await;
    let nobody = crew.person("nobody").await;
    let description = crew.app.get("/api/openapi.json").await.json();
    let mut asked = 0;

    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let is_open = operation["security"].as_array().is_none_or(Vec::is_empty);
            if is_open || path.ends_with("/stream") {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            for body in [
                json!({}),
                json!({ "entityRefs": ["component:default/plannery"], "entityRef": "component:default/plannery",
                "query": { "kind": "component" }, "facets": ["metadata.name", "relations.ownedBy"] }),
            ] {
                let path = filled(path);
                let sent = (method != Method::GET).then_some(&body);
                let answer = crew.send(method.clone(), &path, &nobody, sent).await;
                let (status, text) = (answer.status.as_u16(), answer.text());
                assert!(status < 500, "{method} {path}: {answer}");
                for word in HIDDEN {
                    let asked_for =
                        path.contains(word) || (sent.is_some() && body.to_string().contains(word));
                    assert!(
                        asked_for || !text.contains(word),
                        "{method} {path} tells of {word}: {text}"
                    );
                }
                let changes = matches!(method, Method::PUT | Method::DELETE);
                let is_own = OWN.iter().any(|own| path.contains(own));
                assert!(
                    !changes || is_own || status >= 400,
                    "{method} {path}: {answer}"
                );
                asked += 1;
            }
        }
    }
    assert!(asked > 80, "{asked}");
    let still = crew
        .get(
            &crew.administrator,
            "/api/catalog/entities/by-name/component/default/plannery",
        )
        .await;
    assert_eq!(still.status, 200);
}

/// A path about what is there and hidden.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{kind}" => "component",
        "{namespace}" => "default",
        "{name}" => "plannery",
        "{uid}" | "{id}" => "5a0e0000-0000-4000-8000-00000000beef",
        part if part.starts_with('{') => "catalog",
        part => part,
    });
    let path = parts.collect::<Vec<_>>().join("/");
    match path.as_str() {
        "/api/catalog/entity-facets" => {
            format!("{path}?facet=metadata.name&facet=relations.ownedBy")
        }
        "/api/catalog/history" => format!("{path}?entityRef=component:default/plannery"),
        _ => path,
    }
}
