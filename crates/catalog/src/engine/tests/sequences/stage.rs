//! The pipeline over shelves, and everything that can be seen of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use callboard_auth::{AllowAll, Gate};
use callboard_db::testing::TestDatabase;
use callboard_db::{Database, Rows};
use callboard_model::kinds::Kinds;
use callboard_model::{Clock, Ids};
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use tokio::sync::Notify;

use super::shelves::{ShelfReader, Shelves};
use super::steps::{Handed, PROVIDERS, Step, name, references};
use crate::config::CatalogConfig;
use crate::engine::{Engine, Ports};
use crate::feed::Feed;
use crate::metrics::Metrics;
use crate::processors::{BuiltInKinds, LocationTargets};
use crate::provider::Mutation;
use crate::query::{Readable, Slice};
use crate::sql;
use crate::sql::entities::look_claim;

/// A database, shelves, and the pipeline between them, with a follower that was there from the start.
pub(super) struct Stage {
    database: Database,
    shelves: Shelves,
    engine: Engine,
    feed: Feed,
    _test: TestDatabase,
}

/// What can be seen when nothing is due.
#[derive(Debug)]
pub(super) struct Seen {
    /// The final entities that readers are answered.
    pub(super) shown: BTreeMap<String, Value>,
    /// The entities that somebody claims.
    pub(super) claimed: BTreeMap<String, Counting>,
    /// Who claims whom, and in which part: what is stored.
    pub(super) claims: BTreeSet<(String, String, String)>,
    /// The relations that are stored beside their source, sorted.
    pub(super) relations: Vec<(String, String, String)>,
}

/// An entity and the claim on it that counts.
#[derive(Debug)]
pub(super) struct Counting {
    pub(super) uid: String,
    pub(super) claim: Value,
}

impl Stage {
    pub(super) async fn new() -> Self {
        let test = TestDatabase::new().await;
        let database = test.open().await;
        database.migrate(&sql::MIGRATIONS).await.unwrap();
        let shelves = Shelves::default();
        let engine = engine(&database, &shelves);
        let feed = Feed::new(database.clone(), Clock::manual(0), Arc::new(Notify::new()));
        Self {
            database,
            shelves,
            engine,
            feed,
            _test: test,
        }
    }

    /// Does `step` and works until nothing is due.
    pub(super) async fn play(&mut self, step: &Step) {
        self.shelves.play(step);
        match step {
            Step::Full(provider, all) => {
                self.apply(*provider, Mutation::Full(deferred(*provider, all)))
                    .await;
            }
            Step::Delta(provider, added, removed) => {
                let mutation = Mutation::Delta {
                    added: deferred(*provider, added),
                    removed: removed.iter().map(|r| r.parse().unwrap()).collect(),
                };
                self.apply(*provider, mutation).await;
            }
            Step::Restart => self.engine = engine(&self.database, &self.shelves),
            Step::Fill(..) | Step::Smear(_) | Step::Clear(_) | Step::Block(..) => {}
        }
        self.settle().await;
    }

    async fn apply(&self, provider: usize, mutation: Mutation) {
        self.engine.apply(&name(provider), mutation).await.unwrap();
    }

    async fn settle(&self) {
        self.engine
            .prepare(self.engine.ports.get().unwrap())
            .await
            .unwrap();
        loop {
            let stepped = self.engine.step().await.unwrap();
            let taken = self.engine.take_reads(16).await.unwrap();
            if !stepped && taken.is_empty() {
                return;
            }
            for taken in taken {
                self.engine.read(taken).await;
            }
        }
    }

    pub(super) async fn seen(&self) -> Seen {
        self.feed.catch_up().await.unwrap();
        let scope = Gate::new(AllowAll).guest().scope();
        let readable = Readable::new(self.feed.index(), &scope).unwrap();
        let (mut listed, _) = readable.slice(&Slice::default()).unwrap();
        let items = listed.fetch(self.feed.index(), usize::MAX);
        let shown = items.iter().map(|json| {
            let entity: Value = serde_json::from_slice(json).unwrap();
            (reference(&entity), entity)
        });
        let mut claimed = BTreeMap::new();
        for entity_ref in references() {
            let row = Rows::of_texts([entity_ref.as_str()]);
            if let Some(due) = look_claim(&self.database, &row).await.unwrap() {
                let claim = serde_json::from_str(&due.claim).unwrap();
                let counting = Counting {
                    uid: due.uid,
                    claim,
                };
                claimed.insert(entity_ref, counting);
            }
        }
        Seen {
            shown: shown.collect(),
            claimed,
            claims: self.claims().await,
            relations: self.relations().await,
        }
    }

    async fn claims(&self) -> BTreeSet<(String, String, String)> {
        let providers = (0..PROVIDERS).map(|provider| format!("provider:{}", name(provider)));
        let sources = references()
            .into_iter()
            .map(|r| format!("entity:{r}"))
            .chain(providers);
        let mut claims = BTreeSet::new();
        let mut tx = self.database.begin().await.unwrap();
        for source in sources {
            for claim in sql::claims::of_source(&mut tx, &source).await.unwrap() {
                claims.insert((source.clone(), claim.part, claim.target_ref));
            }
        }
        tx.commit().await.unwrap();
        claims
    }

    async fn relations(&self) -> Vec<(String, String, String)> {
        let references = references();
        let sources = Rows::of_texts(references.iter().map(String::as_str));
        let mut tx = self.database.begin().await.unwrap();
        let mut relations = sql::relations::starting_at(&mut tx, &sources)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        relations.sort();
        relations
    }

    /// Looking at everything once more changes nothing.
    pub(super) async fn restful(&self) -> Result<(), TestCaseError> {
        let before = sql::feed::newest(&self.database).await.unwrap();
        self.settle().await;
        let after = sql::feed::newest(&self.database).await.unwrap();
        proptest::prop_assert_eq!(before, after, "something changed by itself");
        Ok(())
    }
}

fn engine(database: &Database, shelves: &Shelves) -> Engine {
    let config: CatalogConfig = serde_json::from_value(
        serde_json::json!({ "rules": [{ "allow": ["Component", "Location"] }] }),
    )
    .unwrap();
    let engine = Engine::new(
        database.clone(),
        Ids::random(),
        Arc::new(Notify::new()),
        Metrics::default(),
    );
    engine.install(Ports::new(
        vec![
            Arc::new(BuiltInKinds(Arc::clone(Kinds::built_in()))),
            Arc::new(LocationTargets),
        ],
        vec![Arc::new(ShelfReader(shelves.clone()))],
        config.rules(std::path::Path::new("/")).unwrap(),
    ));
    engine
}

fn deferred(provider: usize, all: &[Handed]) -> Vec<crate::provider::Deferred> {
    all.iter().map(|one| one.deferred(provider)).collect()
}

fn reference(entity: &Value) -> String {
    let (kind, name) = (&entity["kind"], &entity["metadata"]["name"]);
    format!(
        "{}:default/{}",
        kind.as_str().unwrap(),
        name.as_str().unwrap()
    )
    .to_lowercase()
}
