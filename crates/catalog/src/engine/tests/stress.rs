//! Several processes change and work on one database at once, and some of them die.
//!
//! What is said here is about PostgreSQL: an SQLite database belongs to one process.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use callboard_db::{Dialect, Retries};
use callboard_model::LocationRef;
use serde_json::{Value, json};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::world::World;
use crate::engine::Engine;
use crate::provider::{Deferred, Mutation};
use crate::sql::claims;

const WORKERS: u64 = 4;
/// Names that one provider alone uses, and as many that all use.
const NAMES: u64 = 30;

/// What a provider said last: titles by reference.
type Said = BTreeMap<String, String>;

/// How many changes there are in all.
fn mutations() -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long this test runs is no setting of the product"
    )]
    let asked = std::env::var("CALLBOARD_TEST_MUTATIONS").ok();
    asked.map_or(120, |text| text.parse().expect("a number of mutations"))
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % end
    }

    fn name(&mut self, provider: u64) -> String {
        let number = self.below(NAMES);
        match self.below(2) {
            0 => format!("shared-{number}"),
            _ => format!("own-{provider}-{number}"),
        }
    }
}

fn entity_ref(name: &str) -> String {
    format!("component:default/{name}")
}

fn deferred(name: &str, title: &str, depends_on: &str) -> Deferred {
    let entity = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": { "name": name, "title": title },
        "spec": {
            "type": "service", "lifecycle": "production", "owner": "x",
            "dependsOn": [entity_ref(depends_on)],
        },
    });
    Deferred {
        entity: serde_json::from_value(entity).unwrap(),
        location: LocationRef::new("test", "stress"),
        location_key: None,
    }
}

/// Changes what a provider says `count` times and returns what it said in the end.
async fn change(engine: Engine, provider: u64, count: u64) -> Said {
    let (mut dice, mut said) = (Dice(provider + 1), Said::new());
    for step in 0..count {
        let mut added = BTreeMap::new();
        let most = if dice.below(10) == 0 { 12 } else { 4 };
        for _ in 0..most {
            added.insert(dice.name(provider), dice.name(provider));
        }
        let title = format!("{provider} at {step}");
        let titles = added.keys().map(|name| (entity_ref(name), title.clone()));
        let all = added
            .iter()
            .map(|(name, other)| deferred(name, &title, other));
        let mutation = if most > 4 {
            said = titles.collect();
            Mutation::Full(all.collect())
        } else {
            let removed: Vec<String> = (0..3).map(|_| entity_ref(&dice.name(provider))).collect();
            said.retain(|known, _| !removed.contains(known));
            said.extend(titles);
            Mutation::Delta {
                added: all.collect(),
                removed: removed.iter().map(|gone| gone.parse().unwrap()).collect(),
            }
        };
        let name = format!("number-{provider}");
        engine.apply(&name, mutation).await.unwrap();
    }
    said
}

/// Does what is due until `stop`, as every process does; what cannot be tried again fails the test.
async fn work(engine: Engine, stop: CancellationToken) {
    let (mut due, mut retries) = (engine.work.subscribe(), Retries::default());
    while !stop.is_cancelled() {
        match engine.step().await {
            Ok(true) => retries = Retries::default(),
            Ok(false) => engine.rest(&mut due, &stop).await,
            Err(error) => assert!(retries.again(&error).await, "{error:?}"),
        }
    }
}

/// As many processes as there are providers.
async fn processes(world: &World) -> Vec<Engine> {
    let mut engines = Vec::new();
    for _ in 0..WORKERS {
        engines.push(world.replica().await);
    }
    engines
}

/// Every provider changes in a process of its own, beside the others.
async fn change_all(engines: Vec<Engine>, count: u64) -> Vec<Said> {
    let (mut changing, start) = (JoinSet::new(), Arc::new(Barrier::new(WORKERS as usize)));
    for (provider, engine) in (0..).zip(engines) {
        let start = Arc::clone(&start);
        changing.spawn(async move {
            start.wait().await;
            (provider, change(engine, provider, count).await)
        });
    }
    let mut all: Vec<(u64, Said)> = changing.join_all().await;
    all.sort();
    all.into_iter().map(|(_, said)| said).collect()
}

/// The catalog is what follows from what everybody said last.
async fn check(world: &World, all: &[Said]) {
    let mut tx = world.database.begin().await.unwrap();
    for (provider, said) in all.iter().enumerate() {
        let source = format!("provider:number-{provider}");
        let stored = claims::of_source(&mut tx, &source).await.unwrap();
        let mut stored: Vec<String> = stored.into_iter().map(|claim| claim.target_ref).collect();
        stored.sort();
        assert!(stored.iter().eq(said.keys()), "{stored:?}\n{said:?}");
    }
    tx.commit().await.unwrap();
    let entities = world.entities().await;
    let expected: BTreeSet<&String> = all.iter().flat_map(BTreeMap::keys).collect();
    assert!(entities.keys().eq(expected));
    let mut dependencies = BTreeSet::new();
    for (by, entity) in &entities {
        let title = entity["metadata"]["title"].as_str();
        let mut titles = all.iter().filter_map(|said| said.get(by));
        assert!(titles.any(|said| Some(said.as_str()) == title), "{entity}");
        let on = entity["spec"]["dependsOn"][0].as_str().unwrap();
        dependencies.insert((by.clone(), "dependsOn", on.to_owned()));
        dependencies.insert((on.to_owned(), "dependencyOf", by.clone()));
    }
    for (by, entity) in &entities {
        let shown = entity["relations"].as_array().unwrap().iter();
        let shown = shown.map(|one| (text(&one["type"]), text(&one["targetRef"])));
        let shown: BTreeSet<_> = shown.filter(|(kind, _)| *kind != "ownedBy").collect();
        let expected = dependencies.iter().filter(|(source, ..)| source == by);
        let expected: BTreeSet<_> = expected.map(|(_, kind, on)| (*kind, on.as_str())).collect();
        assert_eq!(shown, expected, "the relations of `{by}`");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_changes_at_once_lose_nothing() {
    let world = World::new().await;
    if world.database.dialect() == Dialect::Sqlite {
        return;
    }
    let (mut workers, stop) = (JoinSet::new(), CancellationToken::new());
    let engines = processes(&world).await;
    for engine in engines.iter().cloned() {
        let (hearing, stopped) = (engine.clone(), stop.clone());
        workers.spawn(async move { hearing.hear(&stopped).await });
        workers.spawn(work(engine, stop.clone()));
    }
    let all = change_all(engines, mutations().div_ceil(WORKERS)).await;
    stop.cancel();
    workers.join_all().await;
    world.work().await;
    check(&world, &all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_die_at_any_moment_leave_nothing_undone() {
    let world = World::new().await;
    if world.database.dialect() == Dialect::Sqlite {
        return;
    }
    let done = CancellationToken::new();
    let dying = async {
        let (mut dice, mut deaths) = (Dice(99), 0);
        while !done.is_cancelled() {
            let mut replicas = JoinSet::new();
            for _ in 0..3 {
                let engine = world.replica().await;
                replicas.spawn(async move { engine.run(CancellationToken::new()).await });
            }
            for _ in 0..=dice.below(400) {
                tokio::task::yield_now().await;
            }
            replicas.shutdown().await;
            deaths += 3;
        }
        deaths
    };
    let changing = async {
        let engines = processes(&world).await;
        let all = change_all(engines, mutations().div_ceil(4 * WORKERS)).await;
        done.cancel();
        all
    };
    let (all, deaths) = tokio::join!(changing, dying);
    assert!(deaths > 0);
    world.work().await;
    check(&world, &all).await;
}
