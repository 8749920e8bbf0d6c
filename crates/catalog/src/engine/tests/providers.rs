//! Providers that go, and parts that the configuration leaves out.

use std::collections::BTreeSet;

use callboard_model::LocationRef;
use tokio_util::sync::CancellationToken;

use super::world::{World, component, location};
use crate::provider::Mutation;
use crate::sql::leases;

async fn world_of_two() -> World {
    let world = World::new().await;
    world.write("kept.yaml", &component("kept", "x", ""));
    world.write("gone.yaml", &component("gone", "x", ""));
    for (provider, file) in [("git", "kept.yaml"), ("old", "gone.yaml")] {
        let path = world.folder.path().join(file).display().to_string();
        let deferred = location(file, &LocationRef::file(path));
        world.apply(provider, Mutation::Full(vec![deferred])).await;
    }
    world
}

#[tokio::test]
async fn what_a_provider_left_behind_goes_when_nobody_runs_it() {
    let world = world_of_two().await;
    let installed = BTreeSet::from(["git".to_owned()]);
    let mut left = world.engine.left_behind(&installed).await.unwrap();
    assert_eq!(left.keys().collect::<Vec<_>>(), ["old"]);

    world.engine.evict_unattended(&mut left, 1).await.unwrap();
    assert_eq!(left["old"], 1);
    assert_eq!(world.refs().await.len(), 2);
    world.engine.evict_unattended(&mut left, 1).await.unwrap();
    assert!(left.is_empty());
    world.settle().await;
    assert_eq!(world.refs().await, ["component:default/kept"]);
}

#[tokio::test]
async fn what_another_process_provides_stays() {
    let world = world_of_two().await;
    let installed = BTreeSet::from(["git".to_owned()]);
    let database = &world.database;
    assert!(
        leases::hold(database, "provider:old", "another", 60_000)
            .await
            .unwrap()
    );
    let mut left = world.engine.left_behind(&installed).await.unwrap();

    for _ in 0..3 {
        world.engine.evict_unattended(&mut left, 1).await.unwrap();
    }
    assert_eq!(left["old"], 0);
    world.settle().await;
    assert_eq!(world.refs().await.len(), 2);

    leases::release(database, "provider:old", "another")
        .await
        .unwrap();
    for _ in 0..2 {
        world.engine.evict_unattended(&mut left, 1).await.unwrap();
    }
    world.settle().await;
    assert_eq!(world.refs().await, ["component:default/kept"]);
}

#[tokio::test]
async fn nothing_goes_while_every_provider_is_installed() {
    let world = world_of_two().await;
    let installed = BTreeSet::from(["git".to_owned(), "old".to_owned()]);
    let evicted = world.engine.evict(&installed, CancellationToken::new());
    evicted.await.unwrap();
    world.settle().await;
    assert_eq!(world.refs().await.len(), 2);
}
