//! A catalog on a database, with sources that a test writes, and requests to its API.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request};
use axum::middleware::from_fn_with_state;
use callboard_auth::{
    AllowAll, Decision, Gate, PermissionInfo, PermissionPolicy, Principal, admit,
};
use callboard_db::testing::TestDatabase;
use callboard_http::Edge;
use callboard_model::kinds::Kinds;
use callboard_model::{Clock, Error, Ids, LocationRef, Problem, Result, parse, yaml};
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::engine::Ports;
use crate::processor::{LocationReader, Part, PartContent, PartSink, ReadRequest};
use crate::processors::{BuiltInKinds, LocationTargets};
use crate::provider::Mutation;
use crate::providers::location_entity;
use crate::readers::{FileReader, FileWatch};
use crate::{Catalog, CatalogConfig, Foundations, routes};

/// Pages on other machines, as a test writes them: text and fingerprint by address. The machine `away` never answers.
#[derive(Clone, Default)]
pub(super) struct Sources(Arc<Mutex<BTreeMap<String, (String, u32)>>>);

impl Sources {
    /// Writes a page.
    pub(super) fn put(&self, address: &str, text: &str) {
        let mut pages = self.0.lock().unwrap();
        let version = pages.get(address).map_or(0, |page| page.1 + 1);
        pages.insert(address.to_owned(), (text.to_owned(), version));
    }

    /// Writes a page that looks as if it had not changed.
    pub(super) fn silently(&self, address: &str, text: &str) {
        self.0.lock().unwrap().get_mut(address).unwrap().0 = text.to_owned();
    }
}

#[async_trait]
impl LocationReader for Sources {
    fn location_type(&self) -> &'static str {
        "url"
    }

    async fn read(&self, request: ReadRequest<'_>, parts: PartSink) -> Result<Vec<Problem>> {
        if request.target.starts_with("https://away/") {
            let away = Error::unavailable("host-away", "`away` does not answer");
            return Err(away.hint("wait for it"));
        }
        let page = self.0.lock().unwrap().get(request.target).cloned();
        let Some((text, version)) = page else {
            let message = format!("`{}` does not exist", request.target);
            let missing = Error::not_found("url-missing", message).hint("correct the target");
            return if request.optional {
                Ok(Vec::new())
            } else {
                Err(missing)
            };
        };
        let location = LocationRef::new("url", request.target);
        let known = request.known.get(&location.to_string());
        let fingerprint = version.to_string();
        let content = if known == Some(&fingerprint) {
            PartContent::Unchanged
        } else {
            let kinds = Kinds::built_in();
            PartContent::Read(parse::entities(
                text.as_bytes(),
                kinds,
                &yaml::Options::default(),
            ))
        };
        parts
            .give(Part {
                location,
                fingerprint,
                content,
            })
            .await;
        Ok(Vec::new())
    }
}

/// Lets nobody do anything.
#[derive(Debug)]
struct DenyAll;

impl PermissionPolicy for DenyAll {
    fn decide(&self, _: &Principal, _: &PermissionInfo) -> Decision {
        Decision::Deny
    }
}

/// The API on a catalog whose pipeline runs when a test says so.
pub(super) struct Stage {
    pub(super) sources: Sources,
    pub(super) catalog: Catalog,
    open: Router,
    closed: Router,
    _database: TestDatabase,
}

impl Stage {
    /// A catalog that reads the first of `pages`, and what it leads to.
    pub(super) async fn with(pages: &[(&str, &str)]) -> Self {
        let stage = Self::configured(json!({}), pages).await;
        let first = pages.iter().take(1);
        let locations =
            first.map(|(address, _)| location_entity(&LocationRef::new("url", *address)));
        let handed = Mutation::Full(locations.collect());
        stage
            .catalog
            .inner()
            .engine
            .apply("test", handed)
            .await
            .unwrap();
        stage.settle().await;
        stage
    }

    /// A catalog that reads nothing yet, with a configuration.
    pub(super) async fn configured(mut config: Value, pages: &[(&str, &str)]) -> Self {
        config["rules"] = json!([{ "allow": ["Component", "API", "Location", "System"] }]);
        let config: CatalogConfig = serde_json::from_value(config).unwrap();
        let sources = Sources::default();
        for (address, text) in pages {
            sources.put(address, text);
        }
        let database = TestDatabase::new().await;
        let foundations = Foundations {
            database: database.open().await,
            clock: Clock::manual(0),
            ids: Ids::counted(),
            working_directory: ".".into(),
            source: Default::default(),
        };
        let rules = config.rules(".".as_ref()).unwrap();
        let catalog = Catalog::open(foundations, config).await.unwrap();
        let files = FileReader::new(
            Arc::clone(Kinds::built_in()),
            yaml::Options::default(),
            Clock::manual(0),
            FileWatch::new(),
        );
        let kinds = BuiltInKinds(Arc::clone(Kinds::built_in()));
        catalog.inner().engine.install(Ports::new(
            vec![Arc::new(kinds), Arc::new(LocationTargets)],
            vec![Arc::new(sources.clone()), Arc::new(files)],
            rules,
        ));
        let (open, closed) = (
            router(&catalog, Gate::new(AllowAll)),
            router(&catalog, Gate::new(DenyAll)),
        );
        Self {
            sources,
            catalog,
            open,
            closed,
            _database: database,
        }
    }

    /// Works until nothing is due, and shows it.
    pub(super) async fn settle(&self) {
        self.catalog.inner().engine.settle().await;
        self.feed().await;
    }

    /// Shows what was written.
    pub(super) async fn feed(&self) {
        self.catalog.inner().feed.catch_up().await.unwrap();
    }

    /// Has the first page's location read again, as at its next turn.
    pub(super) async fn look_again(&self) {
        let roots: Vec<_> = self
            .sources
            .0
            .lock()
            .unwrap()
            .keys()
            .map(|address| self.root(address))
            .collect();
        let roots: Vec<_> = roots.iter().map(|root| root.parse().unwrap()).collect();
        self.catalog.inner().engine.reprocess(&roots).await.unwrap();
        self.settle().await;
    }

    /// The reference of the Location that stands for `address`.
    pub(super) fn root(&self, address: &str) -> String {
        let name = crate::hash::hex(format!("url:{address}").as_bytes());
        format!("location:default/generated-{name}")
    }

    /// The entity as it is served; null when there is none.
    pub(super) async fn entity(&self, entity_ref: &str) -> Value {
        let body = json!({ "entityRefs": [entity_ref] });
        let answer = self.post("/entities/by-refs", &body).await;
        let answer: Value = serde_json::from_str(answer.strip_prefix("200 OK\n").unwrap()).unwrap();
        answer["items"][0].clone()
    }

    pub(super) async fn uid(&self, entity_ref: &str) -> String {
        let entity = self.entity(entity_ref).await;
        entity["metadata"]["uid"]
            .as_str()
            .unwrap_or_else(|| panic!("there is no `{entity_ref}`"))
            .to_owned()
    }

    /// Status and body of the answer.
    pub(super) async fn get(&self, path: &str) -> String {
        send(&self.open, Method::GET, path, None).await
    }

    /// The JSON of a good answer.
    pub(super) async fn get_json(&self, path: &str) -> Value {
        good(&self.get(path).await)
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> String {
        send(&self.open, Method::POST, path, Some(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> String {
        send(&self.open, Method::PUT, path, Some(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> String {
        send(&self.open, Method::DELETE, path, None).await
    }

    /// The answer to somebody who may do nothing.
    pub(super) async fn refused(&self, method: Method, path: &str, body: Option<&Value>) -> String {
        send(&self.closed, method, path, body).await
    }

    /// A database that does not answer any more.
    pub(super) async fn database_goes_away(&self) {
        self.catalog.inner().foundations.database.close().await;
    }
}

fn router(catalog: &Catalog, gate: Gate) -> Router {
    let (router, _) = routes::routes()
        .with_state(catalog.clone())
        .split_for_parts();
    Edge::new(Ids::counted(), &mut Registry::default())
        .wrap(router.layer(from_fn_with_state(gate, admit)))
}

/// The JSON of an answer that is no failure.
pub(super) fn good(answer: &str) -> Value {
    let (status, body) = answer.split_once('\n').unwrap();
    assert!(status.starts_with('2'), "{answer}");
    serde_json::from_str(body).unwrap()
}

async fn send(router: &Router, method: Method, path: &str, body: Option<&Value>) -> String {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/catalog{path}"));
    let request = match body {
        Some(body) => request
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    };
    let response = router.clone().oneshot(request.unwrap()).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let json: Value = serde_json::from_str(&body).unwrap_or_default();
    let error = &json["error"];
    let Some(name) = error["name"].as_str() else {
        return format!("{status}\n{body}");
    };
    let hint = error["hint"]
        .as_str()
        .map(|hint| format!("\nhint: {hint}"))
        .unwrap_or_default();
    format!(
        "{status}\n{name}: {}{hint}",
        error["message"].as_str().unwrap()
    )
}

/// A component as YAML.
pub(super) fn component(name: &str, owner: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n---\n"
    )
}
