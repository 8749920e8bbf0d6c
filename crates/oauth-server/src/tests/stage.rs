//! A portal with people, clients and nothing else.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request};
use axum::middleware::from_fn_with_state;
use callboard_auth::{
    AllowAll, Audit, AuditEvent, AuditLog, Directory, Gate, Person, PersonQuery, Strangers, admit,
    recognise,
};
use callboard_db::Database;
use callboard_db::testing::TestDatabase;
use callboard_http::Edge;
use callboard_identity::{AuthSettings, BackendAuthSettings, Identity, SignedIn, Urls};
use callboard_model::{Clock, EntityRef, Error, Ids, Result};
use http_body_util::BodyExt;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

use crate::{Foundations, OAuthServer, OAuthSettings, secret};

/// The first millisecond of 2026 in UTC.
const START: u64 = 1_767_225_600_000;
pub(super) const ADA: &str = "user:default/ada";
/// Where the listed clients want people sent back to.
pub(super) const BACK: &str = "https://ide.example.com/callback?tenant=1";
/// A listed client without a secret.
pub(super) const IDE: &str = "ide";
/// One that has to show its secret.
pub(super) const CI: &str = "ci";
pub(super) const SECRET: &str = "pass & word";
pub(super) const VERIFIER: &str = "a-verifier-that-nobody-can-guess-because-it-is-long";
pub(super) const TOKEN: &str = "/api/auth/v1/token";

/// A portal with people, clients and nothing else.
pub(super) struct Stage {
    pub(super) identity: Identity,
    pub(super) clock: Clock,
    pub(super) town: Arc<Town>,
    pub(super) log: Arc<Log>,
    pub(super) database: Database,
    router: Router,
    _test_database: TestDatabase,
}

/// What a portal answers.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) json: Value,
    pub(super) headers: HeaderMap,
}

impl Answer {
    pub(super) fn refusal(&self) -> (u16, &str) {
        (self.status, self.json["error"].as_str().unwrap_or_default())
    }

    /// Where the browser goes.
    pub(super) fn location(&self) -> Url {
        self.headers["location"].to_str().unwrap().parse().unwrap()
    }
}

/// The people of the catalog, unless it is away.
#[derive(Debug, Default)]
pub(super) struct Town(pub(super) Mutex<(BTreeSet<EntityRef>, bool)>);

impl Directory for Town {
    fn people(&self, query: &PersonQuery) -> Result<Vec<Person>> {
        let town = self.0.lock().unwrap();
        if town.1 {
            return Err(Error::unavailable("catalog", "the catalog is away"));
        }
        let PersonQuery::Ref(entity_ref) = query else {
            return Ok(Vec::new());
        };
        let found = town.0.get(entity_ref).map(|entity_ref| Person {
            entity_ref: entity_ref.clone(),
            display_name: None,
            email: None,
            picture: None,
        });
        Ok(found.into_iter().collect())
    }

    fn groups_of(&self, _: &EntityRef) -> Vec<EntityRef> {
        vec!["group:default/math".parse().unwrap()]
    }

    fn revision(&self) -> u64 {
        self.0.lock().unwrap().0.len() as u64
    }
}

/// What was written down.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Vec<AuditEvent>>);

impl AuditLog for Log {
    fn record(&self, event: AuditEvent) {
        self.0.lock().unwrap().push(event);
    }
}

impl Log {
    /// What, who, and how it ended.
    pub(super) fn lines(&self) -> Vec<String> {
        let all = self.0.lock().unwrap();
        let line = |event: &AuditEvent| {
            let actor = event.actor.as_deref().unwrap_or("nobody");
            format!("{} {actor} {}", event.event, event.outcome.as_str())
        };
        all.iter().map(line).collect()
    }

    pub(super) fn text(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }
}

/// The settings of most stories: two listed clients, which may stay, and the command line.
pub(super) fn settings() -> OAuthSettings {
    OAuthSettings {
        client_documents: serde_json::from_value(json!({ "enabled": true })).unwrap(),
        static_clients: serde_json::from_value(json!([
            { "clientId": IDE, "clientName": "The IDE", "redirectUris": [BACK] },
            { "clientId": CI, "clientSecret": SECRET, "redirectUris": [BACK] },
        ]))
        .unwrap(),
        refresh_tokens: serde_json::from_value(json!({ "enabled": true, "maxTokensPerUser": 3 }))
            .unwrap(),
    }
}

impl Stage {
    pub(super) async fn new() -> Self {
        Self::with(settings()).await
    }

    pub(super) async fn with(settings: OAuthSettings) -> Self {
        let test_database = TestDatabase::new().await;
        let database = test_database.open().await;
        let (clock, town, log) = (
            Clock::manual(START),
            Arc::new(Town::default()),
            Arc::new(Log::default()),
        );
        town.0.lock().unwrap().0.insert(ADA.parse().unwrap());
        let base = || "https://portal.example.com/board".parse().unwrap();
        let foundations = callboard_identity::Foundations {
            database: database.clone(),
            clock: clock.clone(),
            ids: Ids::random(),
            urls: Urls::new(base(), base(), &[]).unwrap(),
            directory: Arc::clone(&town) as Arc<dyn Directory>,
        };
        let backend: BackendAuthSettings = serde_json::from_value(json!({ "externalAccess": [
            { "type": "static", "options": { "token": "correct-horse", "subject": "offboarding" } },
        ]}))
        .unwrap();
        let identity = Identity::open(foundations, &AuthSettings::default(), &backend)
            .await
            .unwrap();
        let audit = Audit::kept_by(Arc::clone(&log) as Arc<dyn AuditLog>);
        let foundations = Foundations {
            database: database.clone(),
            ids: Ids::random(),
            identity: identity.clone(),
            audit: audit.clone(),
        };
        let server = OAuthServer::open(foundations, &settings).await.unwrap();
        Self {
            router: router(&identity, &server, audit),
            identity,
            clock,
            town,
            log,
            database,
            _test_database: test_database,
        }
    }

    /// A token of somebody who signed in.
    pub(super) async fn token_of(&self, person: &str) -> String {
        let entity_ref: EntityRef = person.parse().unwrap();
        let person = SignedIn {
            ownership: vec![entity_ref.clone()],
            entity_ref,
            provider: "test".to_owned(),
            user_agent: None,
            previous: None,
        };
        self.identity.sign_in(person).await.unwrap().identity.token
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer {
            status,
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            headers,
        }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// What somebody gets who shows a token.
    pub(super) async fn call(&self, method: Method, path: &str, token: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// What a client gets that sends a form.
    pub(super) async fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// A client asks; `changes` take the place of what it would send, and those without a value are left out.
    pub(super) async fn ask(&self, changes: &[(&str, &str)]) -> Answer {
        let challenge = secret::hash(VERIFIER);
        let usual = [
            ("client_id", IDE),
            ("redirect_uri", BACK),
            ("response_type", "code"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("scope", "openid offline_access"),
            ("state", "a state"),
            ("nonce", "a nonce"),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in usual {
            let changed = changes.iter().find(|(changed, _)| *changed == name);
            let value = changed.map_or(value, |(_, value)| value);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        self.get(&format!("/api/auth/v1/authorize?{}", query.finish()))
            .await
    }

    /// The id of a session in which a client asks.
    pub(super) async fn session(&self, changes: &[(&str, &str)]) -> String {
        let answer = self.ask(changes).await;
        assert_eq!(answer.status, 302, "{answer:?}");
        let page = answer.location();
        let id = page
            .as_str()
            .strip_prefix("https://portal.example.com/board/oauth2/authorize/");
        id.unwrap_or_else(|| panic!("{page}")).to_owned()
    }

    /// Somebody answers: where their browser goes.
    pub(super) async fn answer(&self, session: &str, verb: &str, person: &str) -> Answer {
        let token = self.token_of(person).await;
        let path = format!("/api/auth/v1/sessions/{session}/{verb}");
        self.call(Method::POST, &path, &token).await
    }

    /// The code of a client that Ada lets in.
    pub(super) async fn code(&self, changes: &[(&str, &str)]) -> String {
        let session = self.session(changes).await;
        let answer = self.answer(&session, "approve", ADA).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        parameter(answer.json["redirectUrl"].as_str().unwrap(), "code").unwrap()
    }

    /// What a client gets for a code; `changes` as in [`Stage::ask`].
    pub(super) async fn exchange(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
            ("client_id", IDE),
            ("client_secret", ""),
        ];
        let changed = |name: &str| changes.iter().find(|(changed, _)| *changed == name);
        let pairs: Vec<_> = usual
            .iter()
            .map(|(name, value)| (*name, changed(name).map_or(*value, |(_, value)| *value)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        self.form(TOKEN, &pairs).await
    }

    /// The refresh token of a client that Ada lets in.
    pub(super) async fn refresh_token(&self) -> String {
        let code = self.code(&[]).await;
        let answer = self.exchange(&code, &[]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json["refresh_token"].as_str().unwrap().to_owned()
    }

    /// What a client gets for a refresh token.
    pub(super) async fn refresh(&self, token: &str) -> Answer {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", IDE),
        ];
        self.form(TOKEN, &pairs).await
    }
}

/// A parameter of an address.
pub(super) fn parameter(address: &str, name: &str) -> Option<String> {
    let url: Url = address.parse().unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

/// What is in the middle of a token.
pub(super) fn claims(token: &str) -> Value {
    use base64::Engine;
    let middle = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(middle);
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

fn router(identity: &Identity, server: &OAuthServer, audit: Audit) -> Router {
    let strangers = Strangers::HaveToSignIn;
    let gate = Gate::with(
        Arc::new(AllowAll),
        identity.authenticator(),
        strangers,
        audit,
    );
    let parts = callboard_feature::Features::collect([
        callboard_identity::feature(identity, strangers, Vec::new(), server.offer()),
        crate::feature(server),
    ]);
    let (mut open, mut closed) = (
        utoipa_axum::router::OpenApiRouter::new(),
        utoipa_axum::router::OpenApiRouter::new(),
    );
    for part in parts.into_parts() {
        open = open.merge(part.open_routes);
        closed = closed.merge(part.routes);
    }
    let open = open.layer(from_fn_with_state(gate.clone(), recognise));
    let closed = closed.layer(from_fn_with_state(gate, admit));
    let (router, _) = open.merge(closed).split_for_parts();
    Edge::new(Ids::counted(), &mut Registry::default()).wrap(router)
}
