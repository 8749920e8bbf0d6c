//! What is remembered of changes.

use serde_json::json;

use super::world::{World, component};
use crate::history::{Diff, Retention, forget_some};
use crate::sql::history::{self, EventRow, Part};

const TEAM: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: team\nspec:\n  type: team\n  children: []\n---\n";

async fn events(world: &World) -> Vec<EventRow> {
    let part = Part {
        below: i64::MAX,
        limit: 1_000,
        ..Part::default()
    };
    let events = history::events(&world.database, &part).await.unwrap();
    events
        .into_iter()
        .filter(|event| !event.entity_ref.contains(":default/root-"))
        .collect()
}

/// The events as `kind entity: differences`, the oldest first.
async fn story(world: &World) -> Vec<String> {
    let told = |event: &EventRow| {
        let changes = Diff::parse(&event.diff).changes;
        let paths: Vec<String> = changes
            .iter()
            .map(|change| {
                let side = |side: &Option<serde_json::Value>| {
                    side.as_ref()
                        .map_or(String::new(), |value| value.to_string())
                };
                format!(
                    " {} {}>{}",
                    change.path,
                    side(&change.before),
                    side(&change.after)
                )
            })
            .collect();
        format!("{} {}:{}", event.kind, event.entity_ref, paths.concat())
    };
    events(world).await.iter().map(told).collect()
}

async fn execute(world: &World, sql: &'static str) {
    let mut tx = world.database.begin().await.unwrap();
    tx.execute(sql, &[]).await.unwrap();
    tx.commit().await.unwrap();
}

/// How many events have rows of their own.
async fn stored(world: &World) -> i64 {
    let count = "SELECT COUNT(*) FROM catalog_history";
    let rows: Vec<(i64,)> = world.database.fetch(count, &[]).await.unwrap();
    rows[0].0
}

/// Time passes, so that nobody's relations settle any more.
async fn settled(world: &World) {
    execute(
        world,
        "UPDATE catalog_entities SET created_at = created_at - 600000",
    )
    .await;
}

#[tokio::test]
async fn a_first_load_is_told_by_the_entities_themselves() {
    let world = World::new().await;
    world.write("all.yaml", &[TEAM, &component("a", "team", "")].concat());
    world.read(&["all.yaml"]).await;

    let mut story = story(&world).await;
    story.sort();
    assert_eq!(
        story,
        [
            "created component:default/a:",
            "created group:default/team:"
        ]
    );
    assert_eq!(stored(&world).await, 0);
}

#[tokio::test]
async fn a_change_is_told_with_its_source_and_its_differences() {
    let world = World::new().await;
    world.write("all.yaml", &component("a", "team", ""));
    world.read(&["all.yaml"]).await;
    world.write("all.yaml", &component("a", "other", "  x: { y: 1 }\n"));
    world.settle().await;

    assert_eq!(
        story(&world).await,
        [
            "created component:default/a:",
            "updated component:default/a: spec.owner \"team\">\"other\" spec.x.y >1 \
             relations {\"type\":\"ownedBy\",\"targetRef\":\"group:default/team\"}> \
             relations >{\"type\":\"ownedBy\",\"targetRef\":\"group:default/other\"}",
        ]
    );
    let path = world.folder.path().join("all.yaml");
    for event in events(&world).await {
        assert_eq!(event.source, format!("file:{}", path.display()));
        assert!(event.at > 0);
    }
}

#[tokio::test]
async fn what_others_declare_is_told_without_a_source_once_an_entity_has_settled() {
    let world = World::new().await;
    world.write("team.yaml", TEAM);
    world.write("all.yaml", &component("a", "team", ""));
    world.read(&["team.yaml"]).await;
    world.read(&["team.yaml", "all.yaml"]).await;
    assert_eq!(stored(&world).await, 0);

    settled(&world).await;
    world.write(
        "all.yaml",
        &[component("a", "team", ""), component("b", "team", "")].concat(),
    );
    world.settle().await;

    let update = events(&world)
        .await
        .into_iter()
        .find(|event| event.kind == "updated");
    let update = update.unwrap();
    assert_eq!(
        (update.entity_ref.as_str(), update.source.as_str()),
        ("group:default/team", "")
    );
    let added = json!({ "type": "ownerOf", "targetRef": "component:default/b" });
    assert_eq!(Diff::parse(&update.diff).changes[0].after, Some(added));
}

#[tokio::test]
async fn who_goes_and_comes_again_is_another_one() {
    let world = World::new().await;
    world.write("all.yaml", &component("a", "team", ""));
    world.read(&["all.yaml"]).await;
    world.read(&[]).await;
    world.read(&["all.yaml"]).await;

    assert_eq!(
        story(&world).await,
        [
            "created component:default/a:",
            "deleted component:default/a:",
            "created component:default/a:"
        ]
    );
    let events = events(&world).await;
    assert_eq!(events[0].uid, events[1].uid);
    assert_ne!(events[1].uid, events[2].uid);
    assert_eq!(events[0].source, events[1].source);
    assert!(events[1].source.ends_with("all.yaml"));
}

#[tokio::test]
async fn each_of_several_changes_is_told_from_the_one_before() {
    let world = World::new().await;
    for owner in ["a", "b", "b", "a", "c"] {
        world.write("all.yaml", &component("x", owner, ""));
        world.read(&["all.yaml"]).await;
    }

    let owners: Vec<(Option<serde_json::Value>, Option<serde_json::Value>)> = events(&world)
        .await
        .iter()
        .skip(1)
        .map(|event| {
            let change = Diff::parse(&event.diff).changes.remove(0);
            (change.before, change.after)
        })
        .collect();
    let pair = |before: &str, after: &str| (Some(json!(before)), Some(json!(after)));
    assert_eq!(owners, [pair("a", "b"), pair("b", "a"), pair("a", "c")]);
}

#[tokio::test]
async fn what_breaks_an_entity_is_told_as_well() {
    let world = World::new().await;
    world.write("all.yaml", &component("a", "team", ""));
    world.read(&["all.yaml"]).await;
    settled(&world).await;
    world.write(
        "all.yaml",
        &component("a", "team", "").replace("  type: service\n", ""),
    );
    world.settle().await;

    let last = story(&world).await.pop().unwrap();
    assert!(
        last.starts_with("updated component:default/a: status.items >{"),
        "{last}"
    );
}

#[tokio::test]
async fn nothing_is_remembered_while_the_history_is_off() {
    let world = World::new().await;
    history::switch(&world.database, false).await.unwrap();
    world.write("all.yaml", &component("a", "team", ""));
    world.read(&["all.yaml"]).await;
    world.write("all.yaml", &component("a", "other", ""));
    world.settle().await;
    assert!(events(&world).await.is_empty());

    history::switch(&world.database, true).await.unwrap();
    world.write("all.yaml", &component("a", "third", ""));
    world.settle().await;
    let story = story(&world).await;
    assert!(
        story.len() == 1
            && story[0].starts_with("updated component:default/a: spec.owner \"other\">\"third\""),
        "{story:?}"
    );
}

#[tokio::test]
async fn parts_of_the_history_are_read_from_either_end() {
    let world = World::new().await;
    for owner in ["one", "two", "three"] {
        let entities = ["a", "b"].map(|name| component(name, owner, ""));
        world.write("all.yaml", &entities.concat());
        world.read(&["all.yaml"]).await;
    }
    let all: Vec<i64> = events(&world).await.iter().map(|event| event.id).collect();
    let of = async |entity_ref, above, below, newest_first| {
        let part = Part {
            entity_ref,
            above,
            below,
            newest_first,
            limit: 2,
        };
        let events = history::events(&world.database, &part).await.unwrap();
        events.iter().map(|event| event.id).collect::<Vec<_>>()
    };

    let (first, last) = (all[0], all[5]);
    assert_eq!(of(None, first, last, false).await, all[1..3]);
    assert_eq!(of(None, first, last, true).await, [all[4], all[3]]);
    let of_a = Some("component:default/a");
    let [.., before, newest] = of(of_a, 0, i64::MAX, false).await[..] else {
        panic!("there are three events of `a`");
    };
    assert_eq!(of(of_a, before, i64::MAX, false).await[0], newest);
    assert!(!of(of_a, 0, newest, true).await.contains(&newest));
    assert_eq!(
        of(Some("component:default/z"), 0, i64::MAX, true).await,
        [0; 0]
    );
}

/// Forgets until everything left is to be kept.
async fn forget(world: &World, retention: serde_json::Value) {
    let retention: Retention = serde_json::from_value(retention).unwrap();
    while forget_some(&world.database, retention).await.unwrap() {}
}

#[tokio::test]
async fn what_is_older_than_the_retention_is_forgotten() {
    let world = World::new().await;
    world.write(
        "all.yaml",
        &[component("a", "team", ""), component("b", "team", "")].concat(),
    );
    world.read(&["all.yaml"]).await;
    world.write(
        "all.yaml",
        &[component("a", "other", ""), component("b", "team", "")].concat(),
    );
    world.settle().await;
    settled(&world).await;
    execute(
        &world,
        "UPDATE catalog_history SET at = at - 600000 WHERE type = 'created'",
    )
    .await;

    forget(&world, json!({ "retention": "1h" })).await;
    assert_eq!(events(&world).await.len(), 3);
    forget(&world, json!({ "retention": "5m" })).await;

    let story = story(&world).await;
    assert!(
        story.len() == 1 && story[0].starts_with("updated component:default/a:"),
        "{story:?}"
    );
    assert_eq!(stored(&world).await, 1);
}

#[tokio::test]
async fn of_too_many_changes_the_oldest_are_forgotten() {
    let world = World::new().await;
    for owner in ["a", "b", "c", "d"] {
        world.write("all.yaml", &component("x", owner, ""));
        world.read(&["all.yaml"]).await;
    }

    forget(&world, json!({ "maxEvents": 2 })).await;

    let story = story(&world).await;
    assert_eq!((story.len(), stored(&world).await), (2, 2));
    assert!(story[1].contains("\"c\">\"d\""), "{story:?}");
}
