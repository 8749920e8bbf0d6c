//! Two sources may name the same entity, and sources may name each other.

use callboard_model::LocationRef;

use super::world::{World, component, location};
use crate::provider::Mutation;
use crate::sql;

#[tokio::test]
async fn the_first_source_keeps_an_entity_and_the_second_takes_over_when_it_goes() {
    let world = World::new().await;
    world.write("one.yaml", &component("a", "first", ""));
    world.write("two.yaml", &component("A", "second", ""));
    world.read(&["one.yaml"]).await;
    world.read(&["one.yaml", "two.yaml"]).await;
    assert_eq!(
        world.entity("component:default/a").await["spec"]["owner"],
        "first"
    );
    let messages = world.messages("location:default/root-two-yaml").await;
    assert!(
        messages[0].starts_with(
            "`component:default/a` in file:/two.yaml is not used since then: file:/one.yaml"
        ),
        "{messages:?}"
    );
    let messages = world.messages("component:default/a").await;
    assert!(
        messages[0].starts_with("file:/two.yaml defines this entity too since then, and is not used: file:/one.yaml was first"),
        "{messages:?}"
    );

    world.read(&["two.yaml"]).await;
    assert_eq!(
        world.entity("component:default/a").await["spec"]["owner"],
        "second"
    );
    assert_eq!(
        world.messages("location:default/root-two-yaml").await,
        [""; 0]
    );
    assert_eq!(world.messages("component:default/a").await, [""; 0]);
}

#[tokio::test]
async fn an_entity_with_two_parents_survives_the_loss_of_one() {
    let world = World::new().await;
    world.write("a.yaml", &component("a", "x", ""));
    world.read(&["a.yaml", "*.yaml"]).await;
    world.read(&["*.yaml"]).await;
    assert_eq!(world.refs().await, ["component:default/a"]);
    world.read(&[]).await;
    assert_eq!(world.entities().await.len(), 0);
}

#[tokio::test]
async fn locations_that_only_name_each_other_hold_nobody_up() {
    let world = World::new().await;
    let naming = |name: &str, target: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{ name: {name} }}\nspec: {{ target: {target} }}\n---\n"
        )
    };
    world.write("a.yaml", &naming("a", "./b.yaml"));
    world.write(
        "b.yaml",
        &(naming("b", "./a.yaml") + &component("c", "x", "")),
    );
    world.read(&["a.yaml"]).await;
    assert_eq!(
        world.refs().await,
        [
            "component:default/c",
            "location:default/a",
            "location:default/b"
        ]
    );
    world.read(&[]).await;
    assert_eq!(world.entities().await.len(), 0);
}

#[tokio::test]
async fn a_delta_adds_and_removes() {
    let world = World::new().await;
    let one = location("one", &LocationRef::file("/nowhere/one.yaml"));
    let two = location("two", &LocationRef::file("/nowhere/two.yaml"));
    world
        .apply(
            "git",
            Mutation::Delta {
                added: vec![one, two],
                removed: Vec::new(),
            },
        )
        .await;
    assert_eq!(world.entities().await.len(), 2);
    let removed = vec!["location:default/root-one".parse().unwrap()];
    world
        .apply(
            "git",
            Mutation::Delta {
                added: Vec::new(),
                removed,
            },
        )
        .await;
    assert_eq!(
        world.entities().await.into_keys().collect::<Vec<_>>(),
        ["location:default/root-two"]
    );
}

#[tokio::test]
async fn what_several_removed_sources_named_goes_once() {
    let world = World::new().await;
    for name in ["one", "two"] {
        world.write(&format!("{name}/all.yaml"), &component("shared", "x", ""));
    }
    world.read(&["one/*.yaml", "two/*.yaml"]).await;
    let before = world.revision().await;
    world.read(&[]).await;

    let rows = sql::feed::after(&world.database, before, 100)
        .await
        .unwrap();
    let removed: Vec<&str> = rows.iter().map(|row| row.entity_ref.as_str()).collect();
    assert_eq!(
        removed
            .iter()
            .filter(|r| r.starts_with("component:"))
            .collect::<Vec<_>>(),
        [&"component:default/shared"]
    );
    assert_eq!(world.revision().await, before + 3);
}
