//! Accounts over HTTP, with a gate at which administrators may do everything and others nothing.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request};
use axum::middleware::from_fn_with_state;
use callboard_auth::{
    Audit, AuditEvent, AuditLog, Decision, Directory, Gate, PermissionInfo, PermissionPolicy,
    Person, PersonQuery, Principal, Strangers, admit, recognise,
};
use callboard_db::testing::TestDatabase;
use callboard_http::Edge;
use callboard_identity::{AuthSettings, BackendAuthSettings, Foundations, Identity, Urls};
use callboard_model::{Clock, EntityRef, Ids, Result};
use http_body_util::BodyExt;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use std::sync::Mutex;
use tower::ServiceExt;

use crate::{Accounts, Administrators, LocalAccountSettings};

const PASSWORD: &str = "correct horse battery";
const ACCOUNTS: &str = "/api/auth/v1/accounts";
const ACCEPT: &str = "/api/auth/local/invitation/accept";
const SIGN_IN: &str = "/api/auth/local/sign-in";

#[derive(Debug)]
struct Nobody;

impl Directory for Nobody {
    fn people(&self, _: &PersonQuery) -> Result<Vec<Person>> {
        Ok(Vec::new())
    }

    fn groups_of(&self, _: &EntityRef) -> Vec<EntityRef> {
        Vec::new()
    }

    fn revision(&self) -> u64 {
        0
    }
}

#[derive(Debug)]
struct DenyAll;

impl PermissionPolicy for DenyAll {
    fn decide(&self, _: &Principal, _: &PermissionInfo) -> Decision {
        Decision::Deny
    }
}

#[derive(Debug, Default)]
struct Written(Mutex<Vec<String>>);

impl AuditLog for Written {
    fn record(&self, event: AuditEvent) {
        self.0.lock().unwrap().push(format!("{event:?}"));
    }
}

struct Stage {
    accounts: Accounts,
    router: Router,
    clock: Clock,
    written: Arc<Written>,
    _database: TestDatabase,
}

impl Stage {
    async fn new() -> Self {
        let test_database = TestDatabase::new().await;
        let database = test_database.open().await;
        let clock = Clock::manual(1_767_225_600_000);
        let base = || "http://localhost:7007".parse().unwrap();
        let foundations = Foundations {
            database: database.clone(),
            clock: clock.clone(),
            ids: Ids::random(),
            urls: Urls::new(base(), base(), &[]).unwrap(),
            directory: Arc::new(Nobody),
        };
        let (auth, backend) = (AuthSettings::default(), BackendAuthSettings::default());
        let identity = Identity::open(foundations, &auth, &backend).await.unwrap();
        let written = Arc::new(Written::default());
        let audit = Audit::kept_by(Arc::clone(&written) as Arc<dyn AuditLog>);
        let settings = LocalAccountSettings::default();
        let accounts = Accounts::open(database, identity.clone(), &settings, audit.clone())
            .await
            .unwrap();
        let policy = Administrators::new(accounts.clone(), Arc::new(DenyAll));
        let strangers = Strangers::HaveToSignIn;
        let gate = Gate::with(Arc::new(policy), identity.authenticator(), strangers, audit);
        let open = super::open(&accounts).layer(from_fn_with_state(gate.clone(), recognise));
        let closed = super::closed(&accounts).layer(from_fn_with_state(gate, admit));
        let (router, _) = open.merge(closed).split_for_parts();
        Self {
            router: Edge::new(Ids::counted(), &mut Registry::default()).wrap(router),
            accounts,
            clock,
            written,
            _database: test_database,
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        cookie: &str,
        body: Option<Value>,
    ) -> (u16, Value, HeaderMap) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", cookie)
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            headers,
        )
    }

    async fn post(&self, path: &str, cookie: &str, body: Value) -> (u16, Value) {
        let (status, json, _) = self.send(Method::POST, path, cookie, Some(body)).await;
        (status, json)
    }

    /// Accepts an invitation: the cookie of the session that begins.
    async fn accept(&self, link: &str) -> String {
        let body = json!({ "invitation": secret(link), "password": PASSWORD });
        let (status, json, headers) = self.send(Method::POST, ACCEPT, "", Some(body)).await;
        assert_eq!(status, 200, "{json}");
        cookie(&headers)
    }

    async fn administrator(&self) -> String {
        let first = self.accounts.first_invitation().await.unwrap().unwrap();
        self.accept(&first.to_string()).await
    }

    async fn sign_in(&self, name: &str, password: &str) -> (u16, Value) {
        self.post(SIGN_IN, "", json!({ "name": name, "password": password }))
            .await
    }
}

fn secret(link: &str) -> &str {
    link.rsplit_once('#').unwrap().1
}

fn cookie(headers: &HeaderMap) -> String {
    let text = headers["set-cookie"].to_str().unwrap();
    text.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_administrator_comes_in_by_a_link_that_works_once() {
    let stage = Stage::new().await;
    let former = stage
        .accounts
        .first_invitation()
        .await
        .unwrap()
        .unwrap()
        .to_string();
    let link = stage
        .accounts
        .first_invitation()
        .await
        .unwrap()
        .unwrap()
        .to_string();
    assert!(link.starts_with("http://localhost:7007/welcome#"), "{link}");
    let look = async |link: &str| {
        let body = json!({ "invitation": secret(link) });
        stage.post("/api/auth/local/invitation", "", body).await
    };

    assert_eq!(look(&former).await.0, 404);
    let (status, invited) = look(&link).await;
    assert_eq!((status, &invited["name"]), (200, &json!("admin")));
    let weak = json!({ "invitation": secret(&link), "password": "admin admin admin" });
    assert_eq!(stage.post(ACCEPT, "", weak).await.0, 400);
    let administrator = stage.accept(&link).await;

    let body = json!({ "invitation": secret(&link), "password": PASSWORD });
    assert_eq!(stage.post(ACCEPT, "", body).await.0, 404);
    assert!(stage.accounts.first_invitation().await.unwrap().is_none());
    let (status, list, _) = stage
        .send(Method::GET, ACCOUNTS, &administrator, None)
        .await;
    assert_eq!(status, 200);
    assert_eq!(list["items"][0]["entityRef"], "user:default/admin");
    assert_eq!(list["items"][0]["administrator"], true);
    assert_eq!(stage.sign_in("Admin", PASSWORD).await.0, 200);
}

#[tokio::test]
async fn an_invitation_is_over_after_a_day() {
    let stage = Stage::new().await;
    let link = stage
        .accounts
        .first_invitation()
        .await
        .unwrap()
        .unwrap()
        .to_string();

    stage.clock.advance(Duration::from_secs(24 * 60 * 60));

    let body = json!({ "invitation": secret(&link), "password": PASSWORD });
    assert_eq!(stage.post(ACCEPT, "", body).await.0, 404);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_alike() {
    let stage = Stage::new().await;
    stage.administrator().await;

    let (status, wrong) = stage.sign_in("admin", "wrong horse battery").await;
    let (other, nobody) = stage.sign_in("nobody", "wrong horse battery").await;

    assert_eq!((status, other), (401, 401));
    assert_eq!(wrong["error"], nobody["error"]);
    let long = "x".repeat(1000);
    assert_eq!(stage.sign_in(&long, "wrong horse battery").await.0, 401);
}

#[tokio::test]
async fn guessing_is_slow() {
    let stage = Stage::new().await;
    stage.administrator().await;
    for _ in 0..5 {
        assert_eq!(stage.sign_in("admin", "wrong horse battery").await.0, 401);
    }

    let (status, refusal) = stage.sign_in("admin", PASSWORD).await;

    assert_eq!(
        (status, &refusal["error"]["code"]),
        (429, &json!("too-many-attempts"))
    );
    stage.clock.advance(Duration::from_secs(30));
    assert_eq!(stage.sign_in("admin", PASSWORD).await.0, 200);
}

#[tokio::test]
async fn administrators_make_accounts_and_others_do_not() {
    let stage = Stage::new().await;
    let administrator = stage.administrator().await;

    let (status, made) = stage
        .post(ACCOUNTS, &administrator, json!({ "name": "bob" }))
        .await;
    assert_eq!(status, 201);
    let bob = stage.accept(made["link"].as_str().unwrap()).await;
    for (method, path, body) in [
        (Method::GET, ACCOUNTS, None),
        (Method::POST, ACCOUNTS, Some(json!({ "name": "eve" }))),
        (Method::POST, "/api/auth/v1/accounts/admin/invitation", None),
        (Method::DELETE, "/api/auth/v1/accounts/admin", None),
    ] {
        let (status, ..) = stage.send(method, path, &bob, body.clone()).await;
        assert_eq!(status, 403, "{path}");
    }
    let (status, again) = stage
        .post(ACCOUNTS, &administrator, json!({ "name": "bob" }))
        .await;
    assert_eq!(
        (status, &again["error"]["code"]),
        (409, &json!("account-exists"))
    );
    for name in ["", "Bob", "a b", "../x", &"x".repeat(64)] {
        let (status, _) = stage
            .post(ACCOUNTS, &administrator, json!({ "name": name }))
            .await;
        assert_eq!(status, 400, "{name}");
    }
}

#[tokio::test]
async fn a_removed_account_is_signed_out_and_the_last_administrator_stays() {
    let stage = Stage::new().await;
    let administrator = stage.administrator().await;
    let (_, made) = stage
        .post(
            ACCOUNTS,
            &administrator,
            json!({ "name": "bob", "administrator": true }),
        )
        .await;
    let bob = stage.accept(made["link"].as_str().unwrap()).await;
    let remove = async |by: &str, name: &str| {
        let path = format!("{ACCOUNTS}/{name}");
        stage.send(Method::DELETE, &path, by, None).await.0
    };

    assert_eq!(remove(&bob, "admin").await, 204);
    assert_eq!(
        stage
            .send(Method::GET, ACCOUNTS, &administrator, None)
            .await
            .0,
        401
    );
    assert_eq!(stage.sign_in("admin", PASSWORD).await.0, 401);
    assert_eq!(remove(&bob, "bob").await, 409);
    assert_eq!(remove(&bob, "nobody").await, 404);
}

#[tokio::test]
async fn who_changes_their_password_is_signed_out_everywhere() {
    let stage = Stage::new().await;
    let administrator = stage.administrator().await;
    let path = "/api/auth/v1/me/password";
    let change = async |present: &str, new: &str| {
        let body = json!({ "present": present, "new": new });
        stage
            .send(Method::PUT, path, &administrator, Some(body))
            .await
            .0
    };

    assert_eq!(
        change("wrong horse battery", "staple battery horse").await,
        403
    );
    assert_eq!(change(PASSWORD, "short").await, 400);
    assert_eq!(change(PASSWORD, "staple battery horse").await, 204);
    assert_eq!(
        stage
            .send(Method::GET, ACCOUNTS, &administrator, None)
            .await
            .0,
        401
    );
    assert_eq!(stage.sign_in("admin", PASSWORD).await.0, 401);
    assert_eq!(stage.sign_in("admin", "staple battery horse").await.0, 200);
}

#[tokio::test]
async fn what_happens_is_written_down_and_no_secret_is() {
    let stage = Stage::new().await;
    let administrator = stage.administrator().await;
    stage.sign_in("admin", "wrong horse battery").await;
    stage
        .post(ACCOUNTS, &administrator, json!({ "name": "bob" }))
        .await;

    let written = stage.written.0.lock().unwrap().join("\n");

    for event in ["account-password-set", "sign-in", "account-create"] {
        assert!(written.contains(event), "{written}");
    }
    assert!(!written.contains("horse"), "{written}");
}
