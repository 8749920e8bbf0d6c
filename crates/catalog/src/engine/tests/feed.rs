//! The index follows the database, also from far behind.

use std::ops::Bound;
use std::sync::Arc;

use callboard_model::Clock;
use tokio::sync::Notify;

use super::world::{World, component};
use crate::feed::Feed;
use crate::sql;
use crate::sql::entities::KEPT_REMOVALS;

fn refs(feed: &Feed) -> Vec<String> {
    let index = feed.index().read();
    let refs = index
        .by_ref(Bound::Unbounded, Bound::Unbounded)
        .map(|id| index.entity_ref(id).to_owned());
    refs.filter(|entity_ref| entity_ref.starts_with("component:"))
        .collect()
}

#[tokio::test]
async fn a_follower_that_missed_the_note_of_a_removal_reads_everything_anew() {
    let world = World::new().await;
    for name in ["a", "b", "c"] {
        world.write(&format!("{name}.yaml"), &component(name, "x", ""));
    }
    world.read(&["*.yaml"]).await;
    let feed = Feed::new(
        world.database.clone(),
        Clock::manual(0),
        Arc::new(Notify::new()),
    );
    feed.catch_up().await.unwrap();
    assert_eq!(
        refs(&feed),
        [
            "component:default/a",
            "component:default/b",
            "component:default/c"
        ]
    );

    world.remove("b.yaml");
    world.settle().await;
    let far = world.revision().await + 2 * KEPT_REMOVALS;
    let mut tx = world.database.begin().await.unwrap();
    sql::exchange(&mut tx, "revision", far).await.unwrap();
    tx.commit().await.unwrap();
    // Its own note pushes out the one before.
    world.remove("c.yaml");
    world.settle().await;

    feed.catch_up().await.unwrap();
    assert_eq!(refs(&feed), ["component:default/a"]);
}
