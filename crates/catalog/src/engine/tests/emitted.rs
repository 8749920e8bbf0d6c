//! Entities and keys that processors emit.

use super::world::{World, component};

fn emitting(name: &str, emits: &str) -> String {
    component(name, "x", &format!("  emits: {emits}\n"))
}

#[tokio::test]
async fn emitted_entities_come_and_go_with_what_emits_them() {
    let world = World::new().await;
    world.write("all.yaml", &emitting("shop", "[cart, 'till>drawer']"));
    world.read(&["all.yaml"]).await;
    let names = ["cart", "drawer", "shop", "till"].map(|name| format!("component:default/{name}"));
    assert_eq!(world.refs().await, names);
    let place = format!("file:{}", world.folder.path().join("all.yaml").display());
    let drawer = world.entity("component:default/drawer").await;
    let annotations = &drawer["metadata"]["annotations"];
    assert_eq!(annotations["backstage.io/managed-by-location"], place);
    assert_eq!(
        annotations["backstage.io/managed-by-origin-location"],
        place
    );

    world.write("all.yaml", &emitting("shop", "[cart]"));
    world.settle().await;
    assert_eq!(world.refs().await, [names[0].as_str(), &names[2]]);
    world.write("all.yaml", &component("shop", "x", ""));
    world.settle().await;
    assert_eq!(world.refs().await, [names[2].as_str()]);
}

#[tokio::test]
async fn entities_that_emit_each_other_go_together() {
    let world = World::new().await;
    world.write("all.yaml", &emitting("shop", "['cart>shop']"));
    world.read(&["all.yaml"]).await;
    assert_eq!(
        world.refs().await,
        ["component:default/cart", "component:default/shop"]
    );
    world.read(&[]).await;
    assert_eq!(world.refs().await, [""; 0]);
}

#[tokio::test]
async fn rules_hold_for_emitted_entities_too() {
    let world = World::allowing(&["Component", "Location"]).await;
    world.write("all.yaml", &emitting("shop", "[cart, user-ada]"));
    world.read(&["all.yaml"]).await;
    assert_eq!(
        world.refs().await,
        ["component:default/cart", "component:default/shop"]
    );
    let messages = world.messages("component:default/shop").await;
    assert!(
        messages.len() == 1
            && messages[0].contains("`user-ada` is of kind `User`, which no rule allows"),
        "{messages:?}"
    );
}

#[tokio::test]
async fn what_is_emitted_anew_each_time_changes_nothing() {
    let world = World::new().await;
    world.write("all.yaml", &emitting("shop", "[cart]"));
    world.read(&["all.yaml"]).await;
    let before = world.revision().await;
    let shop = "component:default/shop".parse().unwrap();
    world.engine.reprocess(&[shop]).await.unwrap();
    world.work().await;
    assert_eq!(world.revision().await, before);
}

#[tokio::test]
async fn a_key_is_kept_for_as_long_as_it_is_emitted() {
    let world = World::new().await;
    let keys = async || {
        let sql = "SELECT entity_ref, key FROM catalog_refresh_keys";
        let rows: Vec<(String, String)> = world.database.fetch(sql, &[]).await.unwrap();
        rows
    };
    let due = async || {
        let sql = "SELECT entity_ref FROM catalog_to_process";
        let rows: Vec<(String,)> = world.database.fetch(sql, &[]).await.unwrap();
        rows.into_iter().map(|row| row.0).collect::<Vec<_>>()
    };
    world.write(
        "all.yaml",
        &(component("shop", "x", "  key: teams\n") + &component("cart", "x", "")),
    );
    world.read(&["all.yaml"]).await;
    assert_eq!(
        keys().await,
        [("component:default/shop".to_owned(), "teams".to_owned())]
    );
    world.engine.refresh_keys(&["teams".into()]).await.unwrap();
    assert_eq!(due().await, ["component:default/shop"]);

    world.write("all.yaml", &component("shop", "x", ""));
    world.settle().await;
    assert_eq!(keys().await, []);
}
