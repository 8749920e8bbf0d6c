//! A portal with a catalog, roles, and people who signed in.

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

/// Longer than any machine needs; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A portal with people who signed in.
pub(crate) struct Crew {
    pub(crate) app: TestApp,
    pub(crate) administrator: String,
}

impl Crew {
    pub(crate) async fn new() -> Self {
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
    pub(crate) async fn person(&self, name: &str) -> String {
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

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        cookie: &str,
        body: Option<&Value>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", cookie)
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
        self.app.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, cookie: &str, path: &str) -> Answer {
        self.send(Method::GET, path, cookie, None).await
    }

    pub(crate) async fn register(&self, cookie: &str) -> u16 {
        let body = json!({ "type": "url", "target": "https://example.com/catalog-info.yaml" });
        let path = "/api/catalog/locations";
        self.send(Method::POST, path, cookie, Some(&body))
            .await
            .status
            .as_u16()
    }

    pub(crate) async fn refresh(&self, cookie: &str, name: &str) -> u16 {
        let body = json!({ "entityRef": format!("component:default/{name}") });
        let path = "/api/catalog/refresh";
        self.send(Method::POST, path, cookie, Some(&body))
            .await
            .status
            .as_u16()
    }

    pub(crate) async fn total(&self, cookie: &str) -> Value {
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

/// Sends a request as the owner of a session: the status and the JSON of the answer.
pub(crate) async fn crew_send(
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
