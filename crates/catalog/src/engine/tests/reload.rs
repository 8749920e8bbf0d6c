//! The configuration changes while the pipeline runs.

use std::time::Duration;

use callboard_model::LocationRef;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::world::{World, component};
use crate::config::CatalogConfig;
use crate::provider::{EntityProvider, ProviderConnection};
use crate::providers::ConfigLocations;

#[tokio::test]
async fn other_rules_count_at_once_and_for_what_is_there() {
    let world = World::new().await;
    world.write("all.yaml", &component("a", "x", ""));
    world.read(&["all.yaml"]).await;
    let rules = |kind: &str| {
        let config = json!({ "rules": [{ "allow": [kind, "Location"] }] });
        let config: CatalogConfig = serde_json::from_value(config).unwrap();
        config.rules(world.folder.path()).unwrap()
    };
    world.engine.replace_rules(rules("API")).await.unwrap();
    world.settle().await;
    assert_eq!(world.refs().await, [""; 0]);
    world
        .engine
        .replace_rules(rules("Component"))
        .await
        .unwrap();
    world.settle().await;
    assert_eq!(world.refs().await, ["component:default/a"]);
}

/// Works until only `expected` is there.
async fn until(world: &World, expected: &str) {
    let work = async {
        loop {
            world.settle().await;
            let refs: Vec<String> = world.entities().await.into_keys().collect();
            let components: Vec<_> = refs
                .iter()
                .filter(|r| r.starts_with("component:"))
                .collect();
            if components == [expected] {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(30), work)
        .await
        .expect(expected);
}

#[tokio::test]
async fn locations_come_and_go_with_the_configuration() {
    let world = World::new().await;
    world.write("one.yaml", &component("one", "x", ""));
    world.write("two.yaml", &component("two", "x", ""));
    let at = |name: &str| {
        vec![LocationRef::file(
            world.folder.path().join(name).display().to_string(),
        )]
    };
    let (locations, followed) = watch::channel(at("one.yaml"));
    let provider = ConfigLocations(followed);
    let connection = ProviderConnection::new(&provider, world.engine.clone());
    let stop = CancellationToken::new();
    let changes = async {
        until(&world, "component:default/one").await;
        locations.send_replace(at("two.yaml"));
        until(&world, "component:default/two").await;
        stop.cancel();
    };
    let (ended, ()) = tokio::join!(provider.run(connection, stop.clone()), changes);
    ended.unwrap();
}
