//! What its source lets go of, where the operator keeps it.

use serde_json::{Value, json};

use super::world::{World, component};

const ORPHAN: &str = "backstage.io/orphan";

/// A world that keeps orphans, with the components `a` and `b` in one file.
async fn world() -> World {
    let world = World::new().await.restarted_keeping_orphans(true);
    world.write("all.yaml", &both());
    world.read(&["*.yaml"]).await;
    world
}

fn both() -> String {
    component("a", "x", "  dependsOn: [component:b]\n") + &component("b", "x", "")
}

fn mark(entity: &Value) -> &Value {
    &entity["metadata"]["annotations"][ORPHAN]
}

#[tokio::test]
async fn what_a_location_lets_go_of_stays_as_an_orphan_and_comes_back_as_the_same() {
    let world = world().await;
    let before = world.entity("component:default/a").await;
    world.write("all.yaml", &component("b", "x", ""));
    world.settle().await;

    let orphan = world.entity("component:default/a").await;
    assert_eq!(*mark(&orphan), json!("true"));
    assert_eq!(orphan["spec"], before["spec"]);
    assert_eq!(orphan["metadata"]["uid"], before["metadata"]["uid"]);
    assert_eq!(orphan["relations"], before["relations"]);
    assert_eq!(
        *mark(&world.entity("component:default/b").await),
        Value::Null
    );

    world.write("all.yaml", &both());
    world.settle().await;
    assert_eq!(world.entity("component:default/a").await, before);
}

#[tokio::test]
async fn an_orphan_that_was_broken_when_it_was_let_go_shows_its_last_good_state() {
    let world = world().await;
    world.write(
        "all.yaml",
        &both().replacen("lifecycle: production", "lifecycle: 7", 1),
    );
    world.settle().await;
    assert_eq!(world.messages("component:default/a").await.len(), 1);
    world.write("all.yaml", &component("b", "x", ""));
    world.settle().await;
    let orphan = world.entity("component:default/a").await;
    assert_eq!(*mark(&orphan), json!("true"));
    assert_eq!(orphan["spec"]["lifecycle"], "production");
}

#[tokio::test]
async fn what_was_never_good_is_not_kept() {
    let world = world().await;
    world.write("bad.yaml", &component("bad", "''", ""));
    world.settle().await;
    world.remove("bad.yaml");
    world.settle().await;
    assert_eq!(
        world.refs().await,
        ["component:default/a", "component:default/b"]
    );
    world.write("bad.yaml", &component("bad", "x", ""));
    world.settle().await;
    assert_eq!(
        *mark(&world.entity("component:default/bad").await),
        Value::Null
    );
}

#[tokio::test]
async fn who_removes_a_location_removes_what_it_brought_in() {
    let world = world().await;
    world.read(&[]).await;
    assert_eq!(world.entities().await.len(), 0);
}

#[tokio::test]
async fn an_orphan_goes_when_it_is_deleted_and_takes_along_what_only_it_held() {
    let world = world().await;
    world.write(
        "more.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: more }\nspec: { target: ./sub/c.yaml }\n",
    );
    world.write("sub/c.yaml", &component("c", "x", ""));
    world.settle().await;
    world.remove("more.yaml");
    world.settle().await;
    assert_eq!(
        *mark(&world.entity("location:default/more").await),
        json!("true")
    );
    assert_eq!(
        *mark(&world.entity("component:default/c").await),
        Value::Null
    );

    let more = "location:default/more".parse().unwrap();
    assert!(world.engine.delete_orphan(&more).await.unwrap());
    assert!(!world.engine.delete_orphan(&more).await.unwrap());
    world.settle().await;
    assert_eq!(
        world.refs().await,
        ["component:default/a", "component:default/b"]
    );
    let held = "component:default/a".parse().unwrap();
    assert!(!world.engine.delete_orphan(&held).await.unwrap());
    assert_eq!(world.refs().await.len(), 2);
}

#[tokio::test]
async fn orphans_that_name_each_other_stay_orphans_and_can_go() {
    let world = World::new().await.restarted_keeping_orphans(true);
    let naming = |name: &str, target: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{ name: {name} }}\nspec: {{ target: {target} }}\n"
        )
    };
    world.write("root.yaml", &naming("start", "./ring/a.yaml"));
    world.write("ring/a.yaml", &naming("a", "./b.yaml"));
    world.write("ring/b.yaml", &naming("b", "./a.yaml"));
    world.read(&["root.yaml"]).await;
    world.write("root.yaml", &component("c", "x", ""));
    world.settle().await;
    world.settle().await;
    let a = world.entity("location:default/a").await;
    let b = world.entity("location:default/b").await;
    assert!(!a.is_null() && !b.is_null());
    assert!(world.refs().await.len() >= 3);

    let world = world.restarted_keeping_orphans(false);
    world.settle().await;
    assert_eq!(world.refs().await, ["component:default/c"]);
}

#[tokio::test]
async fn orphans_go_at_the_start_that_keeps_them_no_more() {
    let world = world().await;
    world.write("all.yaml", &component("b", "x", ""));
    world.settle().await;
    assert_eq!(world.refs().await.len(), 2);
    let world = world.restarted_keeping_orphans(false);
    world.settle().await;
    assert_eq!(world.refs().await, ["component:default/b"]);
}
