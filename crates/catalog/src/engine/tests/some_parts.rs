//! A file that changed is read by itself.

use super::world::{World, component};

/// A location with three files.
async fn three() -> World {
    let world = World::new().await;
    for name in ["a", "b", "c"] {
        world.write(&format!("{name}.yaml"), &component(name, "x", ""));
    }
    world.read(&["*.yaml"]).await;
    world
}

#[tokio::test]
async fn only_the_files_that_were_told_are_looked_at() {
    let world = three().await;
    world.write("a.yaml", &component("a2", "x", ""));
    world.write("b.yaml", &component("b2", "x", ""));
    world.look_at("*.yaml", &["a.yaml"]).await;
    assert_eq!(
        world.refs().await,
        [
            "component:default/a2",
            "component:default/b",
            "component:default/c"
        ]
    );
}

#[tokio::test]
async fn a_file_that_is_gone_takes_only_its_own_entities_with_it() {
    let world = three().await;
    world.remove("b.yaml");
    world.write("c.yaml", ": [ no yaml");
    world
        .look_at("*.yaml", &["b.yaml", "c.yaml", "not-here.yaml"])
        .await;
    assert_eq!(
        world.refs().await,
        ["component:default/a", "component:default/c"]
    );
    let messages = world.messages("component:default/c").await;
    assert!(messages[0].contains("c.yaml"), "{messages:?}");
}

#[tokio::test]
async fn a_file_that_the_pattern_does_not_name_is_not_read() {
    let world = three().await;
    for name in ["d.yml", ".hidden.yaml", "deep/e.yaml"] {
        world.write(name, &component("other", "x", ""));
    }
    world
        .look_at("*.yaml", &["d.yml", ".hidden.yaml", "deep/e.yaml"])
        .await;
    assert_eq!(world.refs().await.len(), 3);
}

#[tokio::test]
async fn a_change_that_is_told_before_its_location_was_ever_read_is_not_lost() {
    let world = three().await;
    world.write("a.yaml", &component("a2", "x", ""));
    world.request_read("*.yaml").await;
    world.look_at("*.yaml", &["a.yaml"]).await;
    assert_eq!(world.refs().await[0], "component:default/a2");
}
