//! Locations on other machines.

use super::web::Web;
use super::world::{World, component, location};
use crate::provider::Mutation;

/// A world that reads `all.yaml` of `web`.
async fn reading(web: &Web) -> World {
    let world = World::beside(web).await;
    let all = location("all", &web.location("all.yaml"));
    world.apply("config", Mutation::Full(vec![all])).await;
    world
}

fn nested(target: &str, more: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{ name: nested }}\nspec: {{ target: {target}{more} }}\n"
    )
}

#[tokio::test]
async fn a_file_of_another_machine_becomes_entities_that_know_where_they_come_from() {
    let web = Web::new().await;
    web.write("all.yaml", &component("shop", "sellers", ""));
    let world = reading(&web).await;
    let shop = world.entity("component:default/shop").await;
    let annotations = &shop["metadata"]["annotations"];
    let place = format!("url:{}", web.url("all.yaml"));
    assert_eq!(annotations["backstage.io/managed-by-location"], place);
    assert_eq!(
        annotations["backstage.io/managed-by-origin-location"],
        place
    );
}

#[tokio::test]
async fn what_did_not_change_is_asked_for_and_not_processed_again() {
    let web = Web::new().await;
    web.write("all.yaml", &component("shop", "sellers", ""));
    let world = reading(&web).await;
    assert_eq!(web.answers(), ["200 /all.yaml"]);
    let before = (world.revision().await, world.entities().await);

    world.wait_for_the_clock().await;
    assert_eq!(web.answers(), ["304 /all.yaml"]);
    assert_eq!((world.revision().await, world.entities().await), before);

    web.write("all.yaml", &component("shop", "others", ""));
    world.wait_for_the_clock().await;
    assert_eq!(web.answers(), ["200 /all.yaml"]);
    let shop = world.entity("component:default/shop").await;
    assert_eq!(shop["spec"]["owner"], "others");
}

#[tokio::test]
async fn files_of_this_machine_are_not_looked_at_by_the_clock() {
    let web = Web::new().await;
    let world = World::beside(&web).await;
    world.write("all.yaml", &component("shop", "sellers", ""));
    world.read(&["all.yaml"]).await;
    world.write("all.yaml", &component("shop", "others", ""));
    world.wait_for_the_clock().await;
    let shop = world.entity("component:default/shop").await;
    assert_eq!(
        shop["spec"]["owner"], "sellers",
        "the watch tells, not the clock"
    );
}

#[tokio::test]
async fn relative_targets_start_at_the_file_that_names_them() {
    let web = Web::new().await;
    web.write("org/shop.yaml", &component("shop", "sellers", ""));
    let world = World::beside(&web).await;
    web.write("org/all.yaml", &nested("./shop.yaml", ""));
    let all = location("all", &web.location("org/all.yaml"));
    world.apply("config", Mutation::Full(vec![all])).await;
    assert_eq!(
        world.refs().await,
        ["component:default/shop", "location:default/nested"]
    );

    web.write("org/all.yaml", &nested("../org/shop.yaml", ""));
    world.wait_for_the_clock().await;
    assert_eq!(
        world.refs().await,
        ["component:default/shop", "location:default/nested"]
    );
}

#[tokio::test]
async fn a_server_that_fails_takes_nothing_away_and_is_told_at_the_location() {
    let web = Web::new().await;
    web.write("all.yaml", &component("shop", "sellers", ""));
    let world = reading(&web).await;
    web.fail("all.yaml", 503);
    world.wait_for_the_clock().await;
    assert_eq!(world.refs().await, ["component:default/shop"]);
    assert_eq!(
        web.shown(world.messages("location:default/root-all").await),
        [
            "`http://web/all.yaml` cannot be read: `http://web/all.yaml` answered `503 Service Unavailable` (look at the server; it is asked again later)"
        ]
    );
    web.write("all.yaml", &component("shop", "sellers", ""));
    world.wait_for_the_clock().await;
    assert_eq!(world.messages("location:default/root-all").await, [""; 0]);
}

#[tokio::test]
async fn a_file_that_is_gone_keeps_its_entities_unless_it_is_optional() {
    let web = Web::new().await;
    web.write("all.yaml", &nested("./shop.yaml", ""));
    web.write("shop.yaml", &component("shop", "sellers", ""));
    let world = reading(&web).await;
    web.fail("shop.yaml", 404);
    world.wait_for_the_clock().await;
    assert_eq!(
        world.refs().await,
        ["component:default/shop", "location:default/nested"]
    );
    assert_eq!(
        web.shown(world.messages("location:default/nested").await),
        [
            "`./shop.yaml` cannot be read: `http://web/shop.yaml` does not exist (correct the address, or put the file there)"
        ]
    );
    web.write("all.yaml", &nested("./shop.yaml", ", presence: optional"));
    world.wait_for_the_clock().await;
    assert_eq!(world.refs().await, ["location:default/nested"]);
    assert_eq!(world.messages("location:default/nested").await, [""; 0]);
}

#[tokio::test]
async fn what_may_not_be_read_is_told_with_what_to_configure() {
    let web = Web::new().await;
    for (target, expected) in [
        (
            "http://169.254.169.254/latest",
            "is not allowed (add `host: 169.254.169.254` to `backend.reading.allow`",
        ),
        (
            "http://localhost:1/x",
            "is not allowed (add `host: localhost:1` to `backend.reading.allow`",
        ),
        (
            "file:///etc/passwd",
            "an address that starts with `file:` cannot be read (use `https:` or `http:`)",
        ),
        (
            "https://me:pw@example.com/x",
            "the address has a user or a password in it",
        ),
    ] {
        web.write("all.yaml", &nested(target, ""));
        let world = reading(&web).await;
        let messages = world.messages("location:default/nested").await;
        assert!(
            messages.len() == 1 && messages[0].contains(expected),
            "{target}: {messages:?}"
        );
    }
}

#[tokio::test]
async fn what_another_machine_says_names_no_file_of_this_one() {
    let web = Web::new().await;
    web.write("all.yaml", &nested("/etc/hostname", ", type: file"));
    let world = reading(&web).await;
    let messages = web.shown(world.messages("location:default/nested").await);
    assert_eq!(
        messages,
        [
            "`/etc/hostname` cannot be read: `url:http://web/all.yaml` may not name a location of type `file` (give it an entry of its own in `catalog.locations`)"
        ]
    );
}

#[tokio::test]
async fn yaml_that_does_not_parse_keeps_the_last_good_entities() {
    let web = Web::new().await;
    web.write("all.yaml", &component("shop", "sellers", ""));
    let world = reading(&web).await;
    web.write("all.yaml", "kind: [unclosed\n");
    world.wait_for_the_clock().await;
    assert_eq!(world.refs().await, ["component:default/shop"]);
    let messages = web.shown(world.messages("component:default/shop").await);
    assert!(
        messages.len() == 1 && messages[0].starts_with("its source url:http://web/all.yaml:"),
        "{messages:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_taken_in() {
    let web = Web::new().await;
    web.write("all.yaml", &component("shop", "sellers", ""));
    let world = reading(&web).await;
    web.write("all.yaml", &format!("#{}\n", "x".repeat(200_000)));
    world.wait_for_the_clock().await;
    assert_eq!(world.refs().await, ["component:default/shop"]);
    let messages = world.messages("location:default/root-all").await;
    assert!(
        messages.len() == 1 && messages[0].contains("is larger than 97 KiB"),
        "{messages:?}"
    );
}

#[tokio::test]
async fn locations_that_name_each_other_end() {
    let web = Web::new().await;
    web.write(
        "all.yaml",
        &(component("shop", "sellers", "") + &nested("./all.yaml", "")),
    );
    let world = reading(&web).await;
    assert_eq!(
        world.refs().await,
        ["component:default/shop", "location:default/nested"]
    );
    world.apply("config", Mutation::Full(Vec::new())).await;
    assert_eq!(world.refs().await, [""; 0]);
}

#[tokio::test]
async fn a_restart_asks_whether_anything_changed() {
    let web = Web::new().await;
    web.write("all.yaml", &component("shop", "sellers", ""));
    let world = reading(&web).await;
    let before = (world.revision().await, world.entities().await);
    web.answers();
    let world = world.restarted();
    world.settle().await;
    assert_eq!(web.answers(), ["304 /all.yaml"]);
    assert_eq!((world.revision().await, world.entities().await), before);
}
