//! Two processes on one database see each other's changes: told by it, or by looking themselves.
//!
//! What is said here is about PostgreSQL: an SQLite database belongs to one process.

use std::sync::Arc;
use std::time::Duration;

use callboard_db::{Database, Dialect};
use callboard_model::{Clock, Ids};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::world::{World, component};
use crate::engine::Engine;
use crate::feed::Feed;
use crate::metrics::Metrics;

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
