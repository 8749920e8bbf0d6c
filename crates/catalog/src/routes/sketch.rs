//! A catalog drawn in a few lines, and requests to it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, LINK};
use axum::http::{HeaderName, Method, Request};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use bytes::Bytes;
use callboard_auth::{AllowAll, Gate, admit};
use callboard_db::{Database, Settings};
use callboard_http::Edge;
use callboard_model::{Clock, Ids};
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::index::Change;
use crate::{Catalog, CatalogConfig, Foundations, routes};

/// The API on a catalog.
pub(super) struct Api {
    pub(super) catalog: Catalog,
    operations: Router,
    router: Router,
    ids: Ids,
}

impl Api {
    /// The API on the entities of `sketch`: one a line, `Kind:name key=value …` with the keys `type`,
    /// `owner`, `title`, `etag`, `tags`, `label`, and the relations `ownedBy` and `dependsOn` with references between commas.
    pub(super) async fn with(sketch: &str) -> Self {
        let database = Database::open(&Settings::SqliteMemory).await.unwrap();
        let foundations = Foundations {
            database,
            clock: Clock::manual(0),
            ids: Ids::counted(),
            working_directory: ".".into(),
            source: Default::default(),
        };
        let catalog = Catalog::open(foundations, CatalogConfig::default())
            .await
            .unwrap();
        let (operations, _) = routes::of(&catalog).split_for_parts();
        let api = Self {
            router: router(&operations, Gate::new(AllowAll)),
            operations,
            catalog,
            ids: Ids::counted(),
        };
        api.draw(sketch, 1);
        api
    }

    /// The same API for callers at another gate.
    pub(super) fn behind(&self, gate: Gate) -> Self {
        Self {
            router: router(&self.operations, gate),
            operations: self.operations.clone(),
            catalog: self.catalog.clone(),
            ids: Ids::counted(),
        }
    }

    /// Adds or changes entities and moves to `revision`.
    pub(super) fn draw(&self, sketch: &str, revision: i64) {
        let lines = sketch
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        self.catalog
            .index()
            .apply(lines.map(|line| self.change(line)).collect(), revision);
    }

    fn change(&self, line: &str) -> Change {
        let mut words = line.split(' ');
        let (kind, name) = words.next().and_then(|word| word.split_once(':')).unwrap();
        let uid = self.ids.uuid();
        let mut entity = json!({
            "apiVersion": "v1", "kind": kind, "metadata": { "name": name, "uid": uid }, "spec": {}
        });
        for (key, value) in words.map(|word| word.split_once('=').unwrap()) {
            match key {
                "title" | "etag" => entity["metadata"][key] = json!(value),
                "label" => entity["metadata"]["labels"] = json!({ value: "yes" }),
                "ownedBy" | "dependsOn" => {
                    let relations = value
                        .split(',')
                        .map(|target| json!({ "type": key, "targetRef": target }));
                    let mut all = entity["relations"].as_array().cloned().unwrap_or_default();
                    all.extend(relations);
                    entity["relations"] = all.into();
                }
                "tags" => entity["metadata"]["tags"] = json!(value.split(',').collect::<Vec<_>>()),
                _ => entity["spec"][key] = json!(value),
            }
        }
        Change {
            entity_ref: format!("{kind}:{name}").parse().unwrap(),
            uid,
            json: Some(Bytes::from(entity.to_string())),
        }
    }

    /// Status and body of the answer, the body as it is; with the `Link` header between, if there is one.
    pub(super) async fn get(&self, path: &str) -> String {
        self.send(Method::GET, path, None).await
    }

    /// Status and body of the answer to a JSON body.
    pub(super) async fn post(&self, path: &str, body: &Value) -> String {
        self.send(Method::POST, path, Some(body)).await
    }

    /// The JSON of a good answer.
    pub(super) async fn get_json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        serde_json::from_str(
            answer
                .strip_prefix("200 OK\n")
                .unwrap_or_else(|| panic!("{answer}")),
        )
        .unwrap()
    }

    /// The answer to a request with these headers.
    pub(super) async fn ask(&self, path: &str, headers: &[(HeaderName, &str)]) -> Response {
        let mut request = Request::get(format!("/api/catalog{path}"));
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Removes an entity.
    pub(super) fn erase(&self, entity_ref: &str) {
        let gone = Change {
            entity_ref: entity_ref.parse().unwrap(),
            uid: self.ids.uuid(),
            json: None,
        };
        self.catalog.index().apply(vec![gone], 2);
    }

    /// The database below, which knows nothing of what is drawn.
    pub(super) fn database(&self) -> &Database {
        &self.catalog.inner().foundations.database
    }

    /// Has the catalog notice that the database is at `revision`.
    pub(super) async fn announce(&self, revision: i64) {
        const GONE: &str = "INSERT INTO catalog_removed (entity_ref, uid, revision)
            VALUES ('user:default/nobody', '00000000-0000-4000-8000-000000000009', $1)";
        let mut tx = self.database().begin().await.unwrap();
        tx.execute(GONE, &[revision.into()]).await.unwrap();
        tx.commit().await.unwrap();
        self.catalog.inner().feed.catch_up().await.unwrap();
    }

    /// Makes an entity the one that `other` has, with those relations only that lead to `refs`.
    pub(super) fn same_as(&self, other: &Self, entity_ref: &str, refs: &[String]) {
        let index = other.catalog.index().read();
        let id = index.id_of(entity_ref).unwrap();
        let json = index.json(id).unwrap().bytes();
        let mut entity: Value = serde_json::from_slice(&json).unwrap();
        if let Some(relations) = entity.get_mut("relations").and_then(Value::as_array_mut) {
            relations.retain(|relation| refs.iter().any(|other| relation["targetRef"] == **other));
        }
        let change = Change {
            entity_ref: entity_ref.parse().unwrap(),
            uid: index.uid(id).unwrap(),
            json: Some(Bytes::from(entity.to_string())),
        };
        self.catalog.index().apply(vec![change], 2);
    }

    pub(super) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> String {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/catalog{path}"));
        let request = match body {
            Some(body) => request
                .header(CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        let link = response
            .headers()
            .get(LINK)
            .map(|link| format!("{}\n", link.to_str().unwrap()));
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        if status.is_success() {
            return format!("{status}\n{}{body}", link.unwrap_or_default());
        }
        let error: Value = serde_json::from_str(&body).unwrap();
        let error = &error["error"];
        let hint = error["hint"].as_str().map(|hint| format!("\nhint: {hint}"));
        format!(
            "{status}\n{}: {}{}",
            error["name"].as_str().unwrap(),
            error["message"].as_str().unwrap(),
            hint.unwrap_or_default()
        )
    }
}

fn router(operations: &Router, gate: Gate) -> Router {
    let edge = Edge::new(Ids::counted(), &mut Registry::default());
    edge.wrap(operations.clone().layer(from_fn_with_state(gate, admit)))
}
