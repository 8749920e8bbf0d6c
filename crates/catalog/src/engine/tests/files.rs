//! Files come, change and go.

use super::world::{World, component};

#[tokio::test]
async fn a_file_becomes_entities_that_know_where_they_come_from() {
    let world = World::new().await;
    world.write("all.yaml", &component("shop", "sellers", ""));
    world.read(&["all.yaml"]).await;

    let shop = world.entity("component:default/shop").await;
    let place = format!("file:{}", world.folder.path().join("all.yaml").display());
    assert_eq!(
        shop["metadata"]["annotations"]["backstage.io/managed-by-location"],
        place
    );
    assert_eq!(
        shop["metadata"]["annotations"]["backstage.io/managed-by-origin-location"],
        place
    );
    assert_eq!(shop["metadata"]["namespace"], "default");
    assert_eq!(shop["metadata"]["uid"].as_str().unwrap().len(), 36);
    assert_eq!(shop["metadata"]["etag"].as_str().unwrap().len(), 40);
}

#[tokio::test]
async fn a_pattern_follows_files_that_come_and_go() {
    let world = World::new().await;
    world.write("teams/a/info.yaml", &component("a", "x", ""));
    world.write("teams/b/info.yaml", &component("b", "x", ""));
    world.read(&["teams/*/info.yaml"]).await;
    assert_eq!(
        world.refs().await,
        ["component:default/a", "component:default/b"]
    );

    world.remove("teams/a/info.yaml");
    world.write("teams/c/info.yaml", &component("c", "x", ""));
    world.settle().await;
    assert_eq!(
        world.refs().await,
        ["component:default/b", "component:default/c"]
    );
}

#[tokio::test]
async fn locations_lead_to_locations() {
    let world = World::new().await;
    let location = |name: &str, target: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{ name: {name} }}\nspec: {{ targets: [{target}] }}\n"
        )
    };
    world.write("all.yaml", &location("all", "./org/*.yaml"));
    world.write("org/people.yaml", &location("people", "./deep/one.yaml"));
    world.write("org/deep/one.yaml", &component("one", "x", ""));
    world.read(&["all.yaml"]).await;
    assert_eq!(
        world.refs().await,
        [
            "component:default/one",
            "location:default/all",
            "location:default/people"
        ]
    );

    world.write("org/people.yaml", &component("two", "x", ""));
    world.settle().await;
    assert_eq!(
        world.refs().await,
        ["component:default/two", "location:default/all"]
    );
}

#[tokio::test]
async fn nothing_outside_of_the_registered_folder_is_read() {
    let world = World::new().await;
    world.write("secret.yaml", &component("secret", "x", ""));
    world.write(
        "public/all.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: all }\nspec: { target: ../secret.yaml }\n",
    );
    world.read(&["public/all.yaml"]).await;
    assert_eq!(world.refs().await, ["location:default/all"]);
    assert_eq!(
        world.messages("location:default/all").await,
        [
            "/secret.yaml: the file lies outside of `/public`, the folder of the location that leads to it (give it an entry of its own in `catalog.locations`)"
        ]
    );
}

#[tokio::test]
async fn unchanged_files_change_nothing_at_a_restart() {
    let world = World::new().await;
    world.write(
        "all.yaml",
        &(component("a", "x", "") + &component("b", "x", "  dependsOn: [component:a]\n")),
    );
    world.read(&["all.yaml"]).await;
    let (before, entities) = (world.revision().await, world.entities().await);
    let world = world.restarted();
    world.read(&["all.yaml"]).await;
    assert_eq!(world.revision().await, before);
    assert_eq!(world.entities().await, entities);
}

#[tokio::test]
async fn a_change_of_one_entity_changes_one_revision() {
    let world = World::new().await;
    world.write(
        "all.yaml",
        &(component("a", "x", "") + &component("b", "x", "")),
    );
    world.read(&["all.yaml"]).await;
    let before = world.revision().await;
    world.write(
        "all.yaml",
        &(component("a", "x", "") + &component("b", "x", "  system: shop\n")),
    );
    world.settle().await;
    assert_eq!(world.revision().await, before + 1);
    assert_eq!(
        world.entity("component:default/b").await["spec"]["system"],
        "shop"
    );
}

#[tokio::test]
async fn a_removed_location_takes_everything_with_it() {
    let world = World::new().await;
    world.write("one.yaml", &component("one", "x", ""));
    world.write("two.yaml", &component("two", "x", ""));
    world.read(&["one.yaml", "two.yaml"]).await;
    world.read(&["two.yaml"]).await;
    assert_eq!(world.refs().await, ["component:default/two"]);
}

#[tokio::test]
async fn other_rules_count_for_files_that_did_not_change() {
    let world = World::new().await;
    world.write("all.yaml", &component("a", "x", ""));
    world.read(&["all.yaml"]).await;
    let world = world.restarted_allowing(&["API"]);
    world.settle().await;
    assert_eq!(world.refs().await, [""; 0]);
    let world = world.restarted();
    world.settle().await;
    assert_eq!(world.refs().await, ["component:default/a"]);
}
