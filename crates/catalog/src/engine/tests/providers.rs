//! Providers that go, and parts that the configuration leaves out.

use std::collections::BTreeSet;

use callboard_model::LocationRef;
use tokio_util::sync::CancellationToken;

use super::world::{World, component, location};
use crate::provider::{Deferred, Mutation};
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

fn keyed(title: &str, key: &str) -> Deferred {
    let entity = serde_json::json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": { "name": "shop", "title": title },
        "spec": { "type": "service", "lifecycle": "production", "owner": "x" },
    });
    Deferred {
        entity: serde_json::from_value(entity).unwrap(),
        location: LocationRef::new("test", "somewhere"),
        location_key: Some(key.to_owned()),
    }
}

#[tokio::test]
async fn what_one_change_removes_and_adds_is_there_in_its_new_form() {
    let world = World::new().await;
    let first = Mutation::Full(vec![keyed("before", "one")]);
    world.apply("git", first).await;
    let uid = world.entity("component:default/shop").await["metadata"]["uid"].clone();

    let moved = Mutation::Delta {
        added: vec![keyed("after", "one")],
        removed: vec!["component:default/shop".parse().unwrap()],
    };
    world.apply("git", moved).await;
    let shop = world.entity("component:default/shop").await;
    assert_eq!(shop["metadata"]["title"], "after");
    assert_eq!(shop["metadata"]["uid"], uid);
}

#[tokio::test]
async fn a_location_key_that_alone_changes_ends_a_conflict() {
    let world = World::new().await;
    let said = |key| Mutation::Full(vec![keyed("same", key)]);
    world.apply("git", said("one")).await;
    world.apply("other", said("two")).await;
    assert_eq!(world.messages("component:default/shop").await.len(), 1);

    world.apply("other", said("one")).await;
    let messages = world.messages("component:default/shop").await;
    assert!(messages.is_empty(), "{messages:?}");
}
