//! A portal where people sign in.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::middleware::from_fn_with_state;
use callboard_auth::{
    AllowAll, Audit, AuditEvent, AuditLog, Directory, Gate, Person, PersonQuery, SignInMethod,
    Strangers, admit, recognise,
};
use callboard_db::testing::TestDatabase;
use callboard_feature::Features;
use callboard_http::Edge;
use callboard_identity::{AuthSettings, BackendAuthSettings, Foundations, Identity, Urls};
use callboard_model::{Clock, EntityRef, Ids, Result};
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;

use super::browser::Browser;
use super::issuer::{CLIENT, Issuer, SECRET};
use crate::{Entrance, SignInSettings, feature};

/// The first millisecond of 2026 in UTC.
pub(super) const START: u64 = 1_767_225_600_000;
pub(super) const PORTAL: &str = "http://localhost:7007";

/// A portal where people sign in, on a clock that stands.
pub(super) struct Stage {
    pub(super) clock: Clock,
    pub(super) written: Arc<Written>,
    pub(super) router: Router,
    _database: TestDatabase,
}

/// The people of the company: values of their entities, lower-cased, and annotations as they are.
#[derive(Debug)]
pub(crate) struct Town(pub(crate) Vec<(&'static str, BTreeMap<String, String>)>);

impl Town {
    /// Each with values such as `spec.profile.email=ada@example.com`.
    pub(crate) fn of(people: &[(&'static str, &[&str])]) -> Self {
        let values = |values: &[&str]| {
            let pairs = values.iter().map(|pair| pair.split_once('=').unwrap());
            pairs
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect()
        };
        Self(
            people
                .iter()
                .map(|(name, of)| (*name, values(of)))
                .collect(),
        )
    }
}

impl Directory for Town {
    fn people(&self, query: &PersonQuery) -> Result<Vec<Person>> {
        let is = |person: &(&str, BTreeMap<String, String>)| match query {
            PersonQuery::Ref(entity_ref) => entity_ref.as_str() == person.0,
            PersonQuery::Values(values) => values.iter().all(|(key, value)| {
                person
                    .1
                    .get(key)
                    .is_some_and(|has| has.eq_ignore_ascii_case(value))
            }),
            PersonQuery::Annotation(name, value) => {
                person.1.get(&format!("metadata.annotations.{name}")) == Some(value)
            }
        };
        let found = self.0.iter().filter(|person| is(person)).take(2);
        Ok(found
            .map(|(name, _)| Person {
                entity_ref: name.parse().unwrap(),
                display_name: None,
                email: None,
                picture: None,
            })
            .collect())
    }

    fn groups_of(&self, member: &EntityRef) -> Vec<EntityRef> {
        let is_known = self.0.iter().any(|(name, _)| *name == member.as_str());
        is_known
            .then(|| "group:default/crew".parse().unwrap())
            .into_iter()
            .collect()
    }

    fn revision(&self) -> u64 {
        1
    }
}

/// What was written down.
#[derive(Debug, Default)]
pub(super) struct Written(pub(super) Mutex<Vec<AuditEvent>>);

impl AuditLog for Written {
    fn record(&self, event: AuditEvent) {
        self.0.lock().unwrap().push(event);
    }
}

impl Written {
    /// Each event with its outcome and actor.
    pub(super) fn lines(&self) -> Vec<String> {
        let events = self.0.lock().unwrap();
        let line = |event: &AuditEvent| {
            let actor = event.actor.as_deref().unwrap_or("nobody");
            format!(
                "{} {} {actor} {}",
                event.event,
                event.outcome.as_str(),
                event.details["provider"].as_str().unwrap()
            )
        };
        events.iter().map(line).collect()
    }
}

/// Everybody whom the tests know.
pub(crate) fn town() -> Town {
    Town::of(&[
        (
            "user:default/ada",
            &[
                "spec.profile.email=ada@example.com",
                "metadata.annotations.github.com/user-id=U_Ada",
            ],
        ),
        (
            "user:default/bob",
            &["spec.profile.email=twins@example.com"],
        ),
        (
            "user:default/bill",
            &["spec.profile.email=twins@example.com"],
        ),
    ])
}

/// The settings of `oidc` at an issuer.
pub(super) fn oidc(issuer: &Issuer) -> Value {
    json!({ "oidc": { "development": {
        "clientId": CLIENT, "clientSecret": SECRET, "metadataUrl": issuer.url, "tokenSignedResponseAlg": "ES256",
        "prompt": "auto",
        "signIn": { "resolvers": [{ "resolver": "emailMatchingUserEntityProfileEmail" }] },
    } } })
}

impl Stage {
    pub(super) async fn new(auth: Value) -> Self {
        Self::with(&auth, PORTAL).await
    }

    pub(super) async fn with(auth: &Value, app: &str) -> Self {
        let database = TestDatabase::new().await;
        let (clock, written) = (Clock::manual(START), Arc::new(Written::default()));
        let extra = vec!["https://*.pages.example.com".to_owned()];
        let foundations = Foundations {
            database: database.open().await,
            clock: clock.clone(),
            ids: Ids::random(),
            urls: Urls::new(PORTAL.parse().unwrap(), app.parse().unwrap(), &extra).unwrap(),
            directory: Arc::new(town()),
        };
        let (settings, backend) = (AuthSettings::default(), BackendAuthSettings::default());
        let identity = Identity::open(foundations, &settings, &backend)
            .await
            .unwrap();
        let audit = Audit::kept_by(Arc::clone(&written) as Arc<dyn AuditLog>);
        let sign_in: SignInSettings = serde_json::from_value(auth.clone()).unwrap();
        let entrance = Entrance::open(&sign_in, identity.clone(), audit.clone()).unwrap();
        let gate = Gate::with(
            Arc::new(AllowAll),
            identity.authenticator(),
            Strangers::HaveToSignIn,
            audit,
        );
        let mut features = Features::collect([feature(&entrance)]);
        let methods = features.take::<SignInMethod>();
        features.add(callboard_identity::feature(
            &identity,
            Strangers::HaveToSignIn,
            methods,
            callboard_identity::ProgramSignIn::default(),
        ));
        let router = features.into_parts().into_iter().map(|parts| {
            let open = parts.open_routes;
            let open = open.layer(from_fn_with_state(gate.clone(), recognise));
            let closed = parts.routes;
            open.merge(closed.layer(from_fn_with_state(gate.clone(), admit)))
        });
        let router = router.fold(OpenApiRouter::new(), OpenApiRouter::merge);
        let (router, _) = router.split_for_parts();
        Self {
            clock,
            written,
            router: Edge::new(Ids::counted(), &mut Registry::default()).wrap(router),
            _database: database,
        }
    }

    pub(super) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Somebody goes to the provider and comes back: what the window tells.
    pub(super) async fn visit(&self, browser: &mut Browser, issuer: &Issuer) -> Value {
        let query = self.there(browser, issuer).await;
        browser
            .get(&format!("/api/auth/oidc/handler/frame?{query}"))
            .await
            .told()
            .1
    }

    /// Somebody goes to the provider: what they are sent back with.
    pub(super) async fn there(&self, browser: &mut Browser, issuer: &Issuer) -> String {
        let page = browser.get("/api/auth/oidc/start?env=development").await;
        issuer.consent(&page.location())
    }
}
