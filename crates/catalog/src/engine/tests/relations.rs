//! Relations show at both of their ends.

use serde_json::{Value, json};

use super::world::{World, component};

async fn relations(world: &World, entity_ref: &str) -> Value {
    world.entity(entity_ref).await["relations"].clone()
}

#[tokio::test]
async fn both_ends_show_a_relation_and_lose_it_together() {
    let world = World::new().await;
    world.write(
        "a.yaml",
        &component("a", "x", "  dependsOn: [component:b]\n"),
    );
    world.write("b.yaml", &component("b", "x", ""));
    world.read(&["*.yaml"]).await;
    assert_eq!(
        relations(&world, "component:default/b").await,
        json!([
            { "type": "dependencyOf", "targetRef": "component:default/a" },
            { "type": "ownedBy", "targetRef": "group:default/x" },
        ])
    );

    world.write("a.yaml", &component("a", "x", ""));
    world.settle().await;
    assert_eq!(
        relations(&world, "component:default/b").await,
        json!([{ "type": "ownedBy", "targetRef": "group:default/x" }])
    );
}

#[tokio::test]
async fn a_removed_entity_takes_its_relations_along_and_leaves_those_of_others() {
    let world = World::new().await;
    world.write(
        "a.yaml",
        &component("a", "x", "  dependsOn: [component:b]\n"),
    );
    world.write(
        "b.yaml",
        &component("b", "x", "  dependsOn: [component:c]\n"),
    );
    world.write("c.yaml", &component("c", "x", ""));
    world.read(&["*.yaml"]).await;
    world.remove("b.yaml");
    world.settle().await;
    assert_eq!(
        relations(&world, "component:default/c")
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        relations(&world, "component:default/a").await[0],
        json!({ "type": "dependsOn", "targetRef": "component:default/b" })
    );

    world.write("b.yaml", &component("b", "x", ""));
    world.settle().await;
    assert_eq!(
        relations(&world, "component:default/b").await[0],
        json!({ "type": "dependencyOf", "targetRef": "component:default/a" })
    );
}
