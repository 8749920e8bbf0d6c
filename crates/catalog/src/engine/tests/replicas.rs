//! Two processes on one database see each other's changes: told by it, or by looking themselves.
//!
//! What is said here is about PostgreSQL: an SQLite database belongs to one process.

use std::sync::Arc;
use std::time::Duration;

use callboard_db::{Database, Dialect, Tx};
use callboard_model::{Clock, Ids, LocationRef};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::world::{World, component, location};
use crate::engine::Engine;
use crate::feed::Feed;
use crate::metrics::Metrics;
use crate::provider::Mutation;
use crate::sql::queue::{PROCESS, STITCH};
use crate::sql::reads::{self, TakenParts};

/// Much longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Another process, as far as it follows what others do.
struct Replica {
    engine: Engine,
    feed: Feed,
    changed: Arc<Notify>,
}

impl Replica {
    fn on(database: Database) -> Self {
        let changed = Arc::new(Notify::new());
        Self {
            engine: Engine::new(
                database.clone(),
                Ids::random(),
                Arc::clone(&changed),
                Metrics::default(),
            ),
            feed: Feed::new(database, Clock::manual(0), Arc::clone(&changed)),
            changed,
        }
    }

    fn sees(&self, entity_ref: &str) -> bool {
        self.feed.index().read().id_of(entity_ref).is_some()
    }
}

#[tokio::test]
async fn another_process_is_told_of_a_change() {
    let world = World::new().await;
    if world.database.dialect() == Dialect::Sqlite {
        return;
    }
    let replica = Replica::on(world.connect_again().await);
    replica.feed.catch_up().await.unwrap();
    let stop = CancellationToken::new();
    let told = async {
        // What happens before it listens is not told, so the change is made again until it is.
        for number in 0.. {
            world.write("all.yaml", &component(&format!("shop-{number}"), "x", ""));
            world.read(&["all.yaml"]).await;
            let heard = timeout(Duration::from_millis(500), replica.changed.notified());
            if heard.await.is_ok() {
                replica.feed.catch_up().await.unwrap();
                assert!(replica.sees(&format!("component:default/shop-{number}")));
                return;
            }
        }
    };
    // Nothing of this process looks by itself: only the database can have told.
    tokio::select! {
        told = timeout(PATIENCE, told) => told.expect("the change is told"),
        () = replica.engine.hear(&stop) => unreachable!("it hears until it is stopped"),
    }
}

#[tokio::test]
async fn a_process_sees_changes_where_the_database_tells_nothing() {
    let world = World::new().await;
    if world.database.dialect() == Dialect::Sqlite {
        return;
    }
    let replica = Replica::on(world.connect_again().await.without_announcements());
    let stop = CancellationToken::new();
    let seen = async {
        world.write("all.yaml", &component("shop", "x", ""));
        world.read(&["all.yaml"]).await;
        let mut revisions = replica.feed.revisions();
        while !replica.sees("component:default/shop") {
            revisions.changed().await.unwrap();
        }
        stop.cancel();
    };
    let following = replica.feed.run(stop.clone());
    let hearing = replica.engine.hear(&stop);
    let both = async { tokio::join!(timeout(PATIENCE, seen), following, hearing) };
    both.await.0.expect("the change is seen");
}

#[tokio::test]
async fn two_processes_take_different_work_at_once() {
    let world = World::new().await;
    if world.database.dialect() == Dialect::Sqlite {
        return;
    }
    for queue in [&PROCESS, &STITCH] {
        let mut tx = world.database.begin().await.unwrap();
        queue.append(&mut tx, ["a:b/one", "a:b/two"]).await.unwrap();
        tx.commit().await.unwrap();
        let mut first = world.database.begin().await.unwrap();
        let mut second = world.database.begin().await.unwrap();
        let mut taken = queue.take(&mut first, 1).await.unwrap();
        let other = timeout(PATIENCE, queue.take(&mut second, 2)).await;
        taken.extend(other.expect("nobody waits for the other").unwrap());
        let taken: Vec<&str> = taken.iter().map(|request| request.1.as_str()).collect();
        assert_eq!(taken, ["a:b/one", "a:b/two"]);
        first.commit().await.unwrap();
        second.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_read_that_is_just_ending_is_not_taken_for_one_that_is_going_to_begin() {
    let world = World::new().await;
    if world.database.dialect() == Dialect::Sqlite {
        return;
    }
    const REF: &str = "location:default/root-all-yaml";
    world.write("all.yaml", &component("shop", "x", ""));
    world.read(&["all.yaml"]).await;
    world.request_read("all.yaml").await;
    let mut tx = world.database.begin().await.unwrap();
    let running = reads::take(&mut tx, "another", 60_000, 1).await.unwrap();
    tx.commit().await.unwrap();

    let mut ending = world.database.begin().await.unwrap();
    let ended = running[0].ended(None);
    reads::end(&mut ending, REF, "another", ended)
        .await
        .unwrap();
    let ask = async {
        let mut tx = world.database.begin().await.unwrap();
        let taken = reads::take_parts(&mut tx, REF, "this", 60_000, &[]).await;
        tx.commit().await.unwrap();
        taken.unwrap()
    };
    let end = async {
        until_somebody_waits_for(&mut ending, &world.database).await;
        ending.commit().await.unwrap();
    };
    // An answer that does not wait for the end is about what was before.
    let (taken, ()) = timeout(PATIENCE, async { tokio::join!(ask, end) })
        .await
        .expect("who asks waits for the end");
    assert!(matches!(taken, TakenParts::Taken(_)), "{taken:?}");
}

/// A Location entity that names `file`, as YAML.
fn naming(name: &str, file: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: {name}\nspec:\n  target: ./{file}\n"
    )
}

#[tokio::test]
async fn sources_that_let_go_at_the_same_time_leave_no_circle_behind() {
    let world = World::new().await;
    if world.database.dialect() == Dialect::Sqlite {
        return;
    }
    // Each of two Locations is what a source hands over, and is named by the other as well.
    world.write("a.yaml", &naming("root-b-yaml", "b.yaml"));
    world.write("b.yaml", &naming("root-a-yaml", "a.yaml"));
    let (one, other) = (world.replica().await, world.replica().await);
    for _ in 0..20 {
        for file in ["a.yaml", "b.yaml"] {
            let path = world.folder.path().join(file).display().to_string();
            let all = vec![location(file, &LocationRef::file(path))];
            world.apply(file, Mutation::Full(all)).await;
        }
        assert_eq!(world.entities().await.len(), 2);
        let nothing = || Mutation::Full(Vec::new());
        let (first, second) = tokio::join!(
            one.apply("a.yaml", nothing()),
            other.apply("b.yaml", nothing())
        );
        first.unwrap();
        second.unwrap();
        world.work().await;
        let left = world.entities().await;
        assert!(left.is_empty(), "{:?}", left.keys());
    }
}

async fn until_somebody_waits_for(tx: &mut Tx, database: &Database) {
    const OWN: &str = "SELECT CAST(pg_backend_pid() AS BIGINT)";
    const WAITING: &str = "SELECT COUNT(*) FROM pg_stat_activity
        WHERE CAST($1 AS INTEGER) = ANY (pg_blocking_pids(pid))";
    let own: Vec<(i64,)> = tx.fetch(OWN, &[]).await.unwrap();
    loop {
        let waiting: Vec<(i64,)> = database.fetch(WAITING, &[own[0].0.into()]).await.unwrap();
        if waiting[0].0 > 0 {
            return;
        }
    }
}
