//! Bad input never loses good data.

use super::world::{World, component};

#[tokio::test]
async fn a_file_that_no_longer_parses_keeps_its_last_good_entities() {
    let world = World::new().await;
    world.write(
        "all.yaml",
        &(component("a", "x", "") + &component("b", "x", "")),
    );
    world.read(&["all.yaml"]).await;

    world.write("all.yaml", "kind: [unclosed\n");
    world.settle().await;
    assert_eq!(
        world.refs().await,
        ["component:default/a", "component:default/b"]
    );
    let messages = world.messages("component:default/a").await;
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(
        messages[0].starts_with("its source file:/all.yaml:"),
        "{messages:?}"
    );
    assert_eq!(
        world.messages("location:default/root-all-yaml").await.len(),
        1
    );

    world.write("all.yaml", &component("a", "x", ""));
    world.settle().await;
    assert_eq!(world.refs().await, ["component:default/a"]);
    assert_eq!(world.messages("component:default/a").await, [""; 0]);
    assert_eq!(
        world.messages("location:default/root-all-yaml").await,
        [""; 0]
    );
}

#[tokio::test]
async fn a_broken_document_does_not_hide_those_around_it() {
    let world = World::new().await;
    world.write(
        "all.yaml",
        &(component("a", "x", "") + "kind: {\n---\n" + &component("c", "x", "")),
    );
    world.read(&["all.yaml"]).await;
    assert_eq!(
        world.refs().await,
        ["component:default/a", "component:default/c"]
    );
    assert_eq!(
        world.messages("location:default/root-all-yaml").await.len(),
        1
    );
}

#[tokio::test]
async fn an_entity_that_breaks_a_rule_stays_as_it_was_and_says_where() {
    let world = World::new().await;
    world.write("all.yaml", &component("a", "x", ""));
    world.read(&["all.yaml"]).await;
    world.write(
        "all.yaml",
        &component("a", "x", "").replace("  lifecycle: production\n", ""),
    );
    world.settle().await;

    assert_eq!(
        world.entity("component:default/a").await["spec"]["lifecycle"],
        "production"
    );
    let messages = world.messages("component:default/a").await;
    assert_eq!(messages.len(), 1);
    assert!(
        messages[0].contains("all.yaml:") && messages[0].contains("lifecycle"),
        "{messages:?}"
    );
}

#[tokio::test]
async fn an_entity_that_was_never_good_is_told_by_its_location() {
    let world = World::new().await;
    world.write(
        "all.yaml",
        &component("a", "x", "").replace("  type: service\n", ""),
    );
    world.read(&["all.yaml"]).await;
    assert_eq!(world.refs().await, [""; 0]);
    let messages = world.messages("location:default/root-all-yaml").await;
    assert_eq!(messages.len(), 1);
    assert!(messages[0].contains("/all.yaml:"), "{messages:?}");

    world.write("all.yaml", &component("a", "x", ""));
    world.settle().await;
    assert_eq!(world.refs().await, ["component:default/a"]);
    assert_eq!(
        world.messages("location:default/root-all-yaml").await,
        [""; 0]
    );
}

#[tokio::test]
async fn a_kind_without_a_rule_stays_out() {
    let world = World::allowing(&["Component"]).await;
    world.write(
        "all.yaml",
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: { name: d }\nspec: { owner: x }\n",
    );
    world.read(&["all.yaml"]).await;
    assert_eq!(world.refs().await, [""; 0]);
    let messages = world.messages("location:default/root-all-yaml").await;
    assert!(
        messages[0].contains("`d` is of kind `Template`, which no rule allows"),
        "{messages:?}"
    );
}

#[tokio::test]
async fn a_missing_file_is_an_error_unless_it_is_optional() {
    let world = World::new().await;
    let location = |presence: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{ name: all }}\nspec: {{ target: ./none.yaml, presence: {presence} }}\n"
        )
    };
    world.write("all.yaml", &location("required"));
    world.read(&["all.yaml"]).await;
    let messages = world.messages("location:default/all").await;
    assert!(
        messages[0].contains("`/none.yaml` does not exist"),
        "{messages:?}"
    );

    world.write("all.yaml", &location("optional"));
    world.settle().await;
    assert_eq!(world.messages("location:default/all").await, [""; 0]);
}

#[tokio::test]
async fn a_file_that_is_away_for_a_moment_loses_nothing() {
    let world = World::new().await;
    world.write("all.yaml", &component("a", "x", ""));
    world.read(&["all.yaml"]).await;
    world.remove("all.yaml");
    world.settle().await;
    assert_eq!(world.refs().await, ["component:default/a"]);
    assert_eq!(
        world.messages("location:default/root-all-yaml").await.len(),
        1
    );
}
