//! Who may call what: every operation of the portal, as it lists itself.

use axum::body::Body;
use axum::http::{Method, Request};
use callboard_testkit::{Answer, TestApp};
use insta::assert_snapshot;
use serde_json::Value;

/// A portal where people have to sign in, and one program may call.
const GUARDED: &str = "
auth:
  local: { enabled: true }
  clientIdMetadataDocuments: { enabled: true }
backend:
  auth:
    externalAccess:
      - type: static
        options: { token: correct-horse, subject: ci }
      - type: static
        options: { token: only-for-search, subject: searcher }
        accessRestrictions: [{ plugin: search }]
      - type: static
        options: { token: only-to-read-it, subject: reader }
        accessRestrictions: [{ plugin: catalog, permissionAttribute: { action: read } }]
";

/// An operation: its method, its path with something for each part, and whether everybody may call it.
struct Operation {
    method: Method,
    path: String,
    is_open: bool,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    async fn call(&self, app: &TestApp, token: Option<&str>) -> Answer {
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::from("{}"));
        app.send(request.expect("the request is right")).await
    }
}

/// Every operation that the portal describes.
async fn operations(app: &TestApp) -> Vec<Operation> {
    let description = app.get("/api/openapi.json").await.json();
    let paths = description["paths"].as_object().expect("there are paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path has operations") {
            let Ok(method) = method.to_uppercase().parse::<Method>() else {
                continue;
            };
            if !operation["responses"].is_object() {
                continue;
            }
            let security = operation["security"]
                .as_array()
                .unwrap_or_else(|| panic!("{method} {path} does not say who may call it"));
            all.push(Operation {
                path: filled(path),
                method,
                is_open: security.is_empty(),
            });
        }
    }
    assert!(all.len() > 40, "{}", all.len());
    all
}

/// A path with something for each of its parts.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{kind}" => "component",
        "{namespace}" => "default",
        "{uid}" | "{id}" => "00000000-0000-4000-8000-000000000001",
        part if part.starts_with('{') => "something",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn nobody_calls_without_credentials_what_is_not_open_to_all() {
    let app = TestApp::with_config(GUARDED).await;
    for operation in operations(&app).await {
        // Event streams that are let in do not end.
        if operation.is_open {
            continue;
        }
        for (shown, token) in [("nothing", None), ("a wrong token", Some("wrong-horse"))] {
            let answer = operation.call(&app, token).await;
            let name = operation.name();
            assert_eq!(answer.status, 401, "{name} with {shown}: {answer}");
            assert_eq!(
                answer.json()["error"]["name"],
                "AuthenticationError",
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_open_to_all_is_a_short_list() {
    let app = TestApp::with_config(GUARDED).await;
    let all = operations(&app).await;
    let open = all.iter().filter(|operation| operation.is_open);
    let names: Vec<String> = open.map(Operation::name).collect();

    assert_snapshot!(names.join("\n"));
}

#[tokio::test]
async fn a_program_calls_what_its_token_is_for() {
    let app = TestApp::with_config(GUARDED).await;
    let entities = |token: &'static str| {
        let request = Request::get("/api/catalog/entities")
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        app.send(request)
    };

    assert_eq!(entities("correct-horse").await.status, 200);
    let elsewhere = entities("only-for-search").await;
    assert_eq!(elsewhere.status, 403);
    assert_eq!(
        elsewhere.json()["error"]["message"],
        "This token's access is restricted to plugin(s) 'search'"
    );
    assert_eq!(entities("only-to-read-it").await.status, 200);
    let register = Request::post("/api/catalog/locations")
        .header("authorization", "Bearer only-to-read-it")
        .header("content-type", "application/json")
        .body(Body::from(
            r#"{"type":"url","target":"https://example.com/a.yaml"}"#,
        ))
        .unwrap();
    assert_eq!(app.send(register).await.status, 403);
}

#[tokio::test]
async fn pages_and_what_they_have_to_know_first_are_there_for_all() {
    let app = TestApp::with_config(GUARDED).await;

    let me = app.get("/api/auth/v1/me").await;

    assert_eq!(me.status, 200);
    assert_eq!(me.json(), serde_json::json!({ "signInRequired": true }));
    let page = app.get("/catalog").await;
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn where_nobody_can_sign_in_everybody_is_a_guest() {
    let app = TestApp::new().await;

    assert_eq!(
        app.get("/api/auth/v1/me").await.json()["signInRequired"],
        Value::Bool(false)
    );
    assert_eq!(app.get("/api/catalog/entities").await.status, 200);
    let off = "
        auth: { local: { enabled: true } }
        backend: { auth: { dangerouslyDisableDefaultAuthPolicy: true } }";
    let app = TestApp::with_config(off).await;
    assert_eq!(app.get("/api/catalog/entities").await.status, 200);
}

#[tokio::test]
async fn the_first_administrator_of_a_new_portal_comes_in_by_the_link_that_it_prints() {
    let app = TestApp::with_config("auth: { local: { enabled: true } }").await;
    assert_eq!(app.get("/api/catalog/entities").await.status, 401);
    let link = app.portal().first_invitation().unwrap().to_string();
    let invitation = link.rsplit_once('#').unwrap().1;

    let body = serde_json::json!({ "invitation": invitation, "password": "correct horse battery" });
    let accepted = app.post("/api/auth/local/invitation/accept", &body).await;

    assert_eq!(accepted.status, 200, "{accepted}");
    let cookie = accepted.header("set-cookie").split(';').next().unwrap();
    let request = Request::get("/api/auth/v1/accounts")
        .header("cookie", cookie)
        .body(Body::empty())
        .unwrap();
    let accounts = app.send(request).await;
    assert_eq!(accounts.json()["items"][0]["name"], "admin", "{accounts}");
}
