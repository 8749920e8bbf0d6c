//! What a process did alone that is gone, others do.

use super::world::{World, component};
use crate::engine::Engine;
use crate::sql::{leases, reads};

/// A file that was read, and changed when nobody watched it.
async fn changed_unseen() -> World {
    let world = World::new().await;
    world.write("all.yaml", &component("before", "x", ""));
    world.read(&["all.yaml"]).await;
    world.write("all.yaml", &component("after", "x", ""));
    world
}

/// Another process gives a sign of life that counts for `millis`.
async fn sign_of_another(world: &World, millis: i64) {
    let held = leases::hold(&world.database, "process:another", "another", millis).await;
    assert!(held.unwrap());
}

async fn look_around(world: &World) -> Vec<String> {
    world.engine.look_around().await.unwrap();
    world.work().await;
    world.refs().await
}

#[tokio::test]
async fn what_a_process_watched_is_read_anew_when_it_is_gone() {
    let world = changed_unseen().await;
    sign_of_another(&world, 60_000).await;
    assert_eq!(look_around(&world).await, ["component:default/before"]);
    sign_of_another(&world, -1).await;
    assert_eq!(look_around(&world).await, ["component:default/after"]);

    // That is done once, and not again at every look.
    world.write("all.yaml", &component("later", "x", ""));
    assert_eq!(look_around(&world).await, ["component:default/after"]);
}

#[tokio::test]
async fn what_a_process_was_reading_is_read_by_others_when_it_is_gone() {
    let world = changed_unseen().await;
    world.request_read("all.yaml").await;
    let mut tx = world.database.begin().await.unwrap();
    let taken = reads::take(&mut tx, "another", 3_600_000, 16).await;
    assert_eq!(taken.unwrap().len(), 1);
    tx.commit().await.unwrap();
    sign_of_another(&world, 60_000).await;
    assert_eq!(look_around(&world).await, ["component:default/before"]);
    sign_of_another(&world, -1).await;
    assert_eq!(look_around(&world).await, ["component:default/after"]);
}

#[tokio::test]
async fn a_process_that_ends_leaves_what_it_watched_to_others() {
    let world = changed_unseen().await;
    let is_known = async |engine: &Engine| {
        let name = engine.presence();
        leases::is_held(&world.database, &name).await.unwrap()
    };
    world.engine.look_around().await.unwrap();
    assert!(is_known(&world.engine).await);
    world.engine.leave().await.unwrap();
    assert!(!is_known(&world.engine).await);
    world.work().await;
    assert_eq!(world.refs().await, ["component:default/after"]);
}
