//! A catalog over a temporary folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use callboard_db::Database;
use callboard_db::testing::TestDatabase;
use callboard_model::kinds::Kinds;
use callboard_model::{Clock, Entity, EntityRef, Ids, LocationRef, yaml};
use callboard_source::Source;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Notify;

use super::emitter::Emitter;
use super::web::Web;
use crate::config::CatalogConfig;
use crate::engine::{Engine, Ports, assemble};
use crate::metrics::Metrics;
use crate::placeholders::{Bundle, Json, Text, Yaml};
use crate::processors::{BuiltInKinds, LocationTargets};
use crate::provider::{Deferred, Mutation};
use crate::readers::{FileReader, FileWatch, UrlReader};
use crate::sql;

/// The kinds that are let in, unless a test asks for others.
const KINDS: [&str; 10] = [
    "Component",
    "API",
    "Resource",
    "System",
    "Domain",
    "Group",
    "User",
    "Location",
    "Template",
    "AiResource",
];

/// A folder with files, a database, and the pipeline between them.
pub(super) struct World {
    pub(super) folder: TempDir,
    pub(super) database: Database,
    pub(super) engine: Engine,
    source: Source,
    _test: TestDatabase,
}

impl World {
    /// A world whose configuration reads `all.yaml`, and lets every kind in.
    pub(super) async fn new() -> Self {
        Self::allowing(&KINDS).await
    }

    /// A world that lets only `kinds` in.
    pub(super) async fn allowing(kinds: &[&str]) -> Self {
        Self::made_of(kinds, Source::default()).await
    }

    /// A world that reads from `web` too.
    pub(super) async fn beside(web: &Web) -> Self {
        Self::made_of(&KINDS, web.source()).await
    }

    async fn made_of(kinds: &[&str], source: Source) -> Self {
        let test = TestDatabase::new().await;
        let database = test.open().await;
        database.migrate(&sql::MIGRATIONS).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::new(
            database.clone(),
            Ids::counted(),
            Arc::new(Notify::new()),
            Metrics::default(),
        );
        engine.install(ports(folder.path(), kinds, &source));
        Self {
            folder,
            database,
            engine,
            source,
            _test: test,
        }
    }

    /// The same folder and database after a restart.
    pub(super) fn restarted(self) -> Self {
        self.restarted_allowing(&KINDS)
    }

    /// The same folder and database after a restart that lets only `kinds` in.
    pub(super) fn restarted_allowing(self, kinds: &[&str]) -> Self {
        let changed = Arc::new(Notify::new());
        let engine = Engine::new(
            self.database.clone(),
            Ids::counted(),
            changed,
            Metrics::default(),
        );
        engine.install(ports(self.folder.path(), kinds, &self.source));
        Self { engine, ..self }
    }

    /// The same folder and database after a restart that keeps orphans, or does not.
    pub(super) fn restarted_keeping_orphans(self, keep: bool) -> Self {
        let changed = Arc::new(Notify::new());
        let engine = Engine::new(
            self.database.clone(),
            Ids::counted(),
            changed,
            Metrics::default(),
        );
        engine.install(ports(self.folder.path(), &KINDS, &self.source).keeping_orphans(keep));
        Self { engine, ..self }
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn remove(&self, name: &str) {
        fs::remove_file(self.folder.path().join(name)).unwrap();
    }

    /// Registers the targets, reads everything again and works until nothing is due.
    pub(super) async fn read(&self, targets: &[&str]) {
        let deferred = targets.iter().map(|target| {
            let path = self.folder.path().join(target).display().to_string();
            location(target, &LocationRef::file(path))
        });
        self.apply("config", Mutation::Full(deferred.collect()))
            .await;
    }

    pub(super) async fn apply(&self, provider: &str, mutation: Mutation) {
        self.engine.apply(provider, mutation).await.unwrap();
        self.settle().await;
    }

    /// The same database as another process opens it.
    pub(super) async fn connect_again(&self) -> Database {
        self._test.open().await
    }

    /// Another process on the same database.
    pub(super) async fn replica(&self) -> Engine {
        let engine = Engine::new(
            self.connect_again().await,
            Ids::random(),
            Arc::new(Notify::new()),
            Metrics::default(),
        );
        engine.install(ports(self.folder.path(), &KINDS, &self.source));
        engine
    }

    /// Tells that `files` changed, which are part of the registered `target`, and works until nothing is due.
    pub(super) async fn look_at(&self, target: &str, files: &[&str]) {
        let part = |name: &&str| format!("file:{}", self.folder.path().join(name).display());
        let parts: Vec<String> = files.iter().map(part).collect();
        self.engine
            .read_parts(&owner(target), &parts)
            .await
            .unwrap();
        self.work().await;
    }

    /// Asks for all of a registered target to be read.
    pub(super) async fn request_read(&self, target: &str) {
        let mut tx = self.database.begin().await.unwrap();
        sql::reads::request(&mut tx, [owner(target).as_str()])
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Looks at all files again, as after a start, and works until nothing is due.
    pub(super) async fn settle(&self) {
        let ports = self.engine.ports.get().unwrap();
        self.engine.prepare(ports).await.unwrap();
        self.work().await;
    }

    /// Lets the time come at which everything that nothing watches is looked at again, and works.
    pub(super) async fn wait_for_the_clock(&self) {
        let mut tx = self.database.begin().await.unwrap();
        for sql in [
            "UPDATE catalog_reads SET again = 1 WHERE again > 0",
            "UPDATE catalog_documents SET again = 1 WHERE again > 0",
        ] {
            tx.execute(sql, &[]).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.work().await;
    }

    /// Tells that every document may have changed, as the watch over files does, and works.
    pub(super) async fn change_documents(&self) {
        let mut tx = self.database.begin().await.unwrap();
        sql::documents::request_all(&mut tx, true).await.unwrap();
        tx.commit().await.unwrap();
        self.work().await;
    }

    /// Works until nothing is due.
    pub(super) async fn work(&self) {
        loop {
            let stepped = self.engine.step().await.unwrap();
            let taken = self.engine.take_reads(16).await.unwrap();
            let documents = self.engine.take_documents(16).await.unwrap();
            if !stepped && taken.is_empty() && documents.is_empty() {
                return;
            }
            for document in documents {
                self.engine.fetch(document).await;
            }
            for taken in taken {
                self.engine.read(taken).await;
            }
        }
    }

    /// Every final entity by its reference.
    pub(super) async fn entities(&self) -> BTreeMap<String, Value> {
        let rows = sql::feed::after(&self.database, 0, 100_000).await.unwrap();
        let finals = rows.into_iter().filter_map(|row| {
            let json = assemble(&row.uid, &row.parts?).unwrap();
            Some((row.entity_ref, serde_json::from_str(&json).unwrap()))
        });
        finals.collect()
    }

    pub(super) async fn refs(&self) -> Vec<String> {
        self.entities()
            .await
            .into_keys()
            .filter(|entity_ref| !entity_ref.contains(":default/root-"))
            .collect()
    }

    pub(super) async fn entity(&self, entity_ref: &str) -> Value {
        self.entities()
            .await
            .remove(entity_ref)
            .unwrap_or(Value::Null)
    }

    /// The status messages of an entity, with the folder's name and the times taken out.
    pub(super) async fn messages(&self, entity_ref: &str) -> Vec<String> {
        let entity = self.entity(entity_ref).await;
        let items = entity["status"]["items"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let folder = self.folder.path().display().to_string();
        items
            .iter()
            .map(|item| without_times(&item["message"].as_str().unwrap().replace(&folder, "")))
            .collect()
    }

    pub(super) async fn revision(&self) -> i64 {
        let rows = sql::feed::after(&self.database, 0, 100_000).await.unwrap();
        rows.last().map_or(0, |row| row.revision)
    }
}

/// `since 2026-01-01T00:00:00Z` as `since then`.
fn without_times(message: &str) -> String {
    match message.split_once(" since ") {
        Some((before, after)) => {
            let (time, after) = after.split_at("2026-01-01T00:00:00Z".len());
            assert!(time.ends_with('Z'), "{time}");
            format!("{before} since then{after}")
        }
        None => message.to_owned(),
    }
}

fn ports(folder: &Path, allowed: &[&str], source: &Source) -> Ports {
    let kinds = Arc::clone(Kinds::built_in());
    let config: CatalogConfig = serde_json::from_value(serde_json::json!({
        "rules": [{ "allow": allowed }]
    }))
    .unwrap();
    let options = yaml::Options::default();
    let urls = UrlReader::new(source.clone(), Arc::clone(&kinds), options.clone());
    let reader = FileReader::new(
        Arc::clone(&kinds),
        options,
        Clock::manual(u64::MAX / 2),
        FileWatch::new(),
    );
    Ports::new(
        vec![
            Arc::new(BuiltInKinds(kinds)),
            Arc::new(LocationTargets),
            Arc::new(Emitter),
        ],
        vec![Arc::new(reader), Arc::new(urls)],
        config.rules(folder).unwrap(),
    )
    .placeholders(
        vec![
            Arc::new(Text),
            Arc::new(Json),
            Arc::new(Yaml),
            Arc::new(Bundle("openapi")),
            Arc::new(Bundle("asyncapi")),
        ],
        source.clone(),
    )
}

/// The name of the Location for a target.
fn root_name(target: &str) -> String {
    let name: String = target
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    format!("root-{}", name.trim_matches('-'))
}

fn owner(target: &str) -> EntityRef {
    let owner = format!("location:default/{}", root_name(target));
    owner.parse().unwrap()
}

/// A Location entity named `root-<n>` after its target.
pub(super) fn location(name: &str, location: &LocationRef) -> Deferred {
    let entity: Entity = serde_json::from_value(serde_json::json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Location",
        "metadata": { "name": root_name(name) },
        "spec": { "type": location.kind, "target": location.target },
    }))
    .unwrap();
    Deferred {
        entity,
        location: location.clone(),
        location_key: Some("config".to_owned()),
    }
}

/// A component as YAML; `more` is further spec lines.
pub(super) fn component(name: &str, owner: &str, more: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n{more}---\n"
    )
}
