//! A portal with nothing but identity, and requests to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request};
use axum::middleware::from_fn_with_state;
use callboard_auth::{
    AllowAll, Audit, Directory, Gate, Person, PersonQuery, Strangers, admit, recognise,
};
use callboard_db::Database;
use callboard_db::testing::TestDatabase;
use callboard_http::Edge;
use callboard_model::{Clock, EntityRef, Ids, Result};
use http_body_util::BodyExt;
use prometheus_client::registry::Registry;
use serde_json::Value;
use tower::ServiceExt;

use crate::config::{AuthSettings, BackendAuthSettings};
use crate::{Foundations, Identity, ProgramSignIn, SignIn, SignedIn, Urls};

/// The first millisecond of 2026 in UTC.
pub(crate) const START: u64 = 1_767_225_600_000;

/// A portal where everybody has to sign in, on a clock that stands.
pub(crate) struct Stage {
    pub(crate) identity: Identity,
    pub(crate) clock: Clock,
    pub(crate) town: Arc<Town>,
    router: Router,
    database: Database,
    _test_database: TestDatabase,
}

/// People and their groups.
#[derive(Debug, Default)]
pub(crate) struct Town(Mutex<(u64, BTreeMap<EntityRef, Vec<EntityRef>>)>);

impl Town {
    /// Somebody moves in, or into other groups.
    pub(crate) fn put(&self, person: &str, groups: &[&str]) {
        let mut town = self.0.lock().unwrap();
        let groups = groups.iter().map(|group| group.parse().unwrap());
        town.1.insert(person.parse().unwrap(), groups.collect());
        town.0 += 1;
    }
}

impl Directory for Town {
    fn people(&self, query: &PersonQuery) -> Result<Vec<Person>> {
        let town = self.0.lock().unwrap();
        let PersonQuery::Ref(entity_ref) = query else {
            return Ok(Vec::new());
        };
        let found = town
            .1
            .get_key_value(entity_ref)
            .map(|(entity_ref, _)| Person {
                entity_ref: entity_ref.clone(),
                display_name: Some("Ada".to_owned()),
                email: None,
                picture: None,
            });
        Ok(found.into_iter().collect())
    }

    fn groups_of(&self, member: &EntityRef) -> Vec<EntityRef> {
        self.0
            .lock()
            .unwrap()
            .1
            .get(member)
            .cloned()
            .unwrap_or_default()
    }

    fn revision(&self) -> u64 {
        self.0.lock().unwrap().0
    }
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(Value::Null).await
    }

    /// One whose configuration has these under `backend.auth`.
    pub(crate) async fn with(backend: Value) -> Self {
        let test_database = TestDatabase::new().await;
        let database = test_database.open().await;
        let (clock, town) = (Clock::manual(START), Arc::new(Town::default()));
        let backend = match backend {
            Value::Null => BackendAuthSettings::default(),
            json => serde_json::from_value(json).unwrap(),
        };
        let base = || "http://localhost:7007".parse().unwrap();
        let foundations = Foundations {
            database: database.clone(),
            clock: clock.clone(),
            ids: Ids::random(),
            urls: Urls::new(base(), base(), &[]).unwrap(),
            directory: Arc::clone(&town) as Arc<dyn Directory>,
        };
        let identity = Identity::open(foundations, &AuthSettings::default(), &backend)
            .await
            .unwrap();
        Self {
            router: router(&identity),
            identity,
            clock,
            town,
            database,
            _test_database: test_database,
        }
    }

    /// Another replica of the same portal.
    pub(crate) async fn replica(&self) -> Identity {
        let foundations = Foundations {
            database: self.database.clone(),
            clock: self.clock.clone(),
            ids: Ids::random(),
            urls: self.identity.urls().clone(),
            directory: Arc::clone(self.identity.directory()),
        };
        let (auth, backend) = (AuthSettings::default(), BackendAuthSettings::default());
        Identity::open(foundations, &auth, &backend).await.unwrap()
    }

    /// Signs somebody in.
    pub(crate) async fn sign_in(&self, entity_ref: &str) -> SignIn {
        let entity_ref: EntityRef = entity_ref.parse().unwrap();
        let mut ownership = vec![entity_ref.clone()];
        ownership.extend(self.town.groups_of(&entity_ref));
        let person = SignedIn {
            entity_ref,
            ownership,
            provider: "test".to_owned(),
            user_agent: Some("Firefox".to_owned()),
            previous: None,
        };
        self.identity.sign_in(person).await.unwrap()
    }

    /// Status and JSON of the answer.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> (u16, Value) {
        let (status, json, _) = self.exchange(method, path, headers, body).await;
        (status, json)
    }

    /// Status, JSON and headers of the answer.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> (u16, Value, HeaderMap) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            None => Body::empty(),
            Some(json) => {
                request = request.header("content-type", "application/json");
                Body::from(json.to_string())
            }
        };
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        (status, json, headers)
    }

    /// Status and JSON of what somebody gets who shows a token.
    pub(crate) async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        let bearer = format!("Bearer {token}");
        self.send(Method::GET, path, &[("authorization", &bearer)], None)
            .await
    }
}

fn router(identity: &Identity) -> Router {
    let strangers = Strangers::HaveToSignIn;
    let gate = Gate::with(
        Arc::new(AllowAll),
        identity.authenticator(),
        strangers,
        Audit::default(),
    );
    let open = super::open(identity, strangers, Vec::new(), ProgramSignIn::default())
        .layer(from_fn_with_state(gate.clone(), recognise));
    let closed = super::closed(identity).layer(from_fn_with_state(gate, admit));
    let (router, _) = open.merge(closed).split_for_parts();
    Edge::new(Ids::counted(), &mut Registry::default()).wrap(router)
}
