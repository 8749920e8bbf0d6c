//! Entities that name other files: placeholders and what becomes of them.

use serde_json::{Value, json};

use super::web::Web;
use super::world::{World, component, location};
use crate::provider::Mutation;

/// An API whose definition is `definition`, written in the flow style of YAML.
fn api(name: &str, definition: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {{ name: {name} }}\nspec: {{ type: openapi, lifecycle: production, owner: x, definition: {definition} }}\n---\n"
    )
}

/// A component with `value` as an annotation-free place for any data: `spec.data`.
fn data(name: &str, value: &str) -> String {
    component(name, "x", &format!("  data: {value}\n"))
}

async fn definition(world: &World, name: &str) -> Value {
    world.entity(&format!("api:default/{name}")).await["spec"]["definition"].clone()
}

async fn data_of(world: &World, name: &str) -> Value {
    world.entity(&format!("component:default/{name}")).await["spec"]["data"].clone()
}

#[tokio::test]
async fn a_placeholder_becomes_what_its_file_holds() {
    let world = World::new().await;
    world.write("api.yaml", "openapi: 3.1.0\n");
    world.write("teams.json", "{\"a\": [1, {\"b\": null}]}");
    world.write(
        "all.yaml",
        &(api("shop", "{ $text: ./api.yaml }")
            + &data("one", "{ $json: teams.json }")
            + &data("two", "[x, { deep: { $yaml: ./api.yaml } }]")),
    );
    world.read(&["all.yaml"]).await;
    assert_eq!(definition(&world, "shop").await, "openapi: 3.1.0\n");
    assert_eq!(
        data_of(&world, "one").await,
        json!({ "a": [1, { "b": null }] })
    );
    assert_eq!(
        data_of(&world, "two").await,
        json!(["x", { "deep": { "openapi": "3.1.0" } }])
    );
}

#[tokio::test]
async fn what_only_looks_like_a_placeholder_stays_as_it_is() {
    let world = World::new().await;
    world.write(
        "all.yaml",
        &(data("unknown", "{ $other: ./a }")
            + &data("several", "{ $text: ./a, $ref: b }")
            + &data("beside", "{ $text: ./a, b: { $text: ./c } }")),
    );
    world.read(&["all.yaml"]).await;
    assert_eq!(data_of(&world, "unknown").await, json!({ "$other": "./a" }));
    assert_eq!(
        data_of(&world, "several").await,
        json!({ "$text": "./a", "$ref": "b" })
    );
    assert_eq!(
        data_of(&world, "beside").await,
        json!({ "$text": "./a", "b": { "$text": "./c" } })
    );
}

#[tokio::test]
async fn a_change_of_the_named_file_changes_those_who_name_it_and_nobody_else() {
    let world = World::new().await;
    world.write("api.yaml", "one\n");
    world.write("other.yaml", "other\n");
    world.write(
        "all.yaml",
        &(api("a", "{ $text: ./api.yaml }")
            + &api("b", "{ $text: ./api.yaml }")
            + &api("c", "{ $text: ./other.yaml }")),
    );
    world.read(&["all.yaml"]).await;
    let before = world.revision().await;

    world.write("api.yaml", "two\n");
    world.change_documents().await;
    assert_eq!(definition(&world, "a").await, "two\n");
    assert_eq!(definition(&world, "b").await, "two\n");
    assert_eq!(world.revision().await, before + 2);

    world.change_documents().await;
    assert_eq!(
        world.revision().await,
        before + 2,
        "nothing changed, so nothing is new"
    );
}

#[tokio::test]
async fn one_file_is_asked_for_once_for_all_who_name_it() {
    let web = Web::new().await;
    web.write("api.yaml", "one");
    web.write(
        "all.yaml",
        &(0..20)
            .map(|n| api(&format!("a{n}"), "{ $text: ./api.yaml }"))
            .collect::<String>(),
    );
    let world = World::beside(&web).await;
    let all = location("all", &web.location("all.yaml"));
    world.apply("config", Mutation::Full(vec![all])).await;
    assert_eq!(web.answers(), ["200 /all.yaml", "200 /api.yaml"]);
    assert_eq!(definition(&world, "a7").await, "one");

    let before = world.revision().await;
    world.wait_for_the_clock().await;
    assert_eq!(web.answers(), ["304 /all.yaml", "304 /api.yaml"]);
    assert_eq!(world.revision().await, before);

    web.write("api.yaml", "two");
    world.wait_for_the_clock().await;
    assert_eq!(definition(&world, "a19").await, "two");
}

#[tokio::test]
async fn a_file_that_breaks_keeps_the_last_good_text_and_tells() {
    let web = Web::new().await;
    web.write("api.yaml", "one");
    web.write("all.yaml", &api("shop", "{ $text: ./api.yaml }"));
    let world = World::beside(&web).await;
    let all = location("all", &web.location("all.yaml"));
    world.apply("config", Mutation::Full(vec![all])).await;

    web.fail("api.yaml", 500);
    web.write(
        "all.yaml",
        &api("shop", "{ $text: ./api.yaml }").replace("owner: x", "owner: y"),
    );
    world.wait_for_the_clock().await;
    let shop = world.entity("api:default/shop").await;
    assert_eq!(
        (
            shop["spec"]["definition"].as_str(),
            shop["spec"]["owner"].as_str()
        ),
        (Some("one"), Some("y"))
    );
    assert_eq!(
        web.shown(world.messages("api:default/shop").await),
        [
            "`http://web/api.yaml` answered `500 Internal Server Error`; its last good version is used (look at the server; it is asked again later)"
        ]
    );

    web.write("api.yaml", "one");
    world.wait_for_the_clock().await;
    assert_eq!(world.messages("api:default/shop").await, [""; 0]);
}

#[tokio::test]
async fn an_entity_whose_placeholder_cannot_be_filled_keeps_its_last_good_version() {
    let world = World::new().await;
    world.write("all.yaml", &data("shop", "1"));
    world.write("broken.json", "{");
    world.write("two.yaml", "a: 1\n---\nb: 2\n");
    world.write("twice.yaml", "a: 1\na: 2\n");
    std::fs::write(world.folder.path().join("binary"), [1, 0, 2]).unwrap();
    world.read(&["all.yaml"]).await;
    for (value, expected) in [
        (
            "{ $json: ./broken.json }",
            "spec.data: `$json` cannot be filled in: `./broken.json` is no JSON: EOF while parsing an object at line 1 column 1 (correct the file)",
        ),
        (
            "{ $yaml: ./two.yaml }",
            "`./two.yaml` has 2 YAML documents, and must have exactly one",
        ),
        ("{ $yaml: ./twice.yaml }", "`./twice.yaml`:2:1: "),
        (
            "{ $text: ./missing }",
            "/missing` does not exist (correct the path, or put the file there)",
        ),
        (
            "{ $text: ./binary }",
            "it is no text: it has zero bytes in it",
        ),
        (
            "{ $text: [a] }",
            "it needs a text: a relative path, or an address (write such as `$text: ./api.yaml`)",
        ),
        (
            "{ $text: 'ftp://example.com/x' }",
            "an address that starts with `ftp:` cannot be read",
        ),
        (
            "{ $text: 'https://example.com/x' }",
            "reading `https://example.com/x` is not allowed",
        ),
        ("{ $text: '://' }", "is no address"),
    ] {
        world.write("all.yaml", &data("shop", value));
        world.settle().await;
        assert_eq!(data_of(&world, "shop").await, 1, "{value}");
        let messages = world.messages("component:default/shop").await;
        assert!(
            messages.len() == 1 && messages[0].contains(expected),
            "{value}: {messages:?}"
        );
    }
    world.write("all.yaml", &data("shop", "2"));
    world.settle().await;
    assert_eq!(data_of(&world, "shop").await, 2);
    assert_eq!(world.messages("component:default/shop").await, [""; 0]);
}

#[tokio::test]
async fn files_outside_of_the_registered_folder_are_not_named() {
    let world = World::new().await;
    world.write("secret.txt", "secret");
    let above = world.folder.path().join("secret.txt").display().to_string();
    std::fs::create_dir(world.folder.path().join("public")).unwrap();
    std::os::unix::fs::symlink(&above, world.folder.path().join("public/link.txt")).unwrap();
    for target in [
        "../secret.txt",
        "/etc/hostname",
        "./link.txt",
        above.as_str(),
    ] {
        world.write(
            "public/all.yaml",
            &data("shop", &format!("{{ $text: '{target}' }}")),
        );
        world.read(&["public/all.yaml"]).await;
        assert_eq!(world.refs().await, [""; 0], "{target}");
        let messages = world
            .messages("location:default/root-public-all-yaml")
            .await;
        assert!(
            messages.len() == 1 && messages[0].contains("lies outside of"),
            "{target}: {messages:?}"
        );
    }
}

#[tokio::test]
async fn an_entity_of_another_machine_names_no_file_of_this_one() {
    let web = Web::new().await;
    web.write(
        "all.yaml",
        &(data("a", "{ $text: 'file:///etc/hostname' }") + &data("b", "{ $text: /etc/hostname }")),
    );
    let world = World::beside(&web).await;
    let all = location("all", &web.location("all.yaml"));
    world.apply("config", Mutation::Full(vec![all])).await;
    assert_eq!(world.refs().await, [""; 0]);
    assert_eq!(web.answers(), ["200 /all.yaml", "404 /etc/hostname"]);
}

#[tokio::test]
async fn another_repository_may_not_be_named() {
    let web = Web::new().await;
    web.write(
        "acme/shop/blob/main/all.yaml",
        &data("shop", "{ $text: ../../../other/blob/main/x.txt }"),
    );
    web.write("acme/other/blob/main/x.txt", "secret");
    let world = World::beside(&web).await;
    let all = location("all", &web.location("acme/shop/blob/main/all.yaml"));
    world.apply("config", Mutation::Full(vec![all])).await;
    assert_eq!(world.refs().await, [""; 0]);
    let messages = web.shown(world.messages("location:default/root-all").await);
    assert!(
        messages[0].contains("lies in the repository `acme/other`, and only files of `acme/shop`"),
        "{messages:?}"
    );
    assert_eq!(web.answers(), ["200 /acme/shop/blob/main/all.yaml"]);
}

#[tokio::test]
async fn a_file_that_names_itself_is_filled_in_once() {
    let world = World::new().await;
    world.write("loop.yaml", "again: { $yaml: ./loop.yaml }\n");
    world.write("all.yaml", &data("shop", "{ $yaml: ./loop.yaml }"));
    world.read(&["all.yaml"]).await;
    assert_eq!(
        data_of(&world, "shop").await,
        json!({ "again": { "$yaml": "./loop.yaml" } })
    );
}

#[tokio::test]
async fn there_are_only_so_many_placeholders_and_bytes_in_one_entity() {
    let world = World::new().await;
    world.write("big.txt", &"x".repeat(4 * 1024 * 1024));
    world.write("huge.txt", &"x".repeat(6 * 1024 * 1024));
    world.write("small.txt", "x");
    let many = |count: usize, file: &str| {
        let items: Vec<String> = (0..count).map(|_| format!("{{ $text: {file} }}")).collect();
        format!("[{}]", items.join(", "))
    };
    for (value, expected) in [
        (many(101, "small.txt"), Some("more than 100 placeholders")),
        (many(3, "big.txt"), Some("larger than 10 MiB together")),
        (many(1, "huge.txt"), Some("larger than 5 MiB")),
        (many(100, "small.txt"), None),
    ] {
        world.write("all.yaml", &data("shop", &value));
        world.read(&["all.yaml"]).await;
        let messages = world.messages("location:default/root-all-yaml").await;
        match expected {
            Some(expected) => assert!(
                messages.iter().any(|message| message.contains(expected)),
                "{messages:?}"
            ),
            None => assert_eq!(messages, [""; 0]),
        }
    }
}

#[tokio::test]
async fn a_document_that_nobody_names_any_more_is_forgotten() {
    let world = World::new().await;
    world.write("api.yaml", "one\n");
    world.write("all.yaml", &api("shop", "{ $text: ./api.yaml }"));
    world.read(&["all.yaml"]).await;
    let kept = async || {
        let sql =
            "SELECT address FROM catalog_documents UNION ALL SELECT key FROM catalog_refresh_keys";
        let rows: Vec<(String,)> = world.database.fetch(sql, &[]).await.unwrap();
        rows.len()
    };
    assert_eq!(kept().await, 2);
    world.read(&[]).await;
    world.settle().await;
    assert_eq!(kept().await, 0);
}

#[tokio::test]
async fn a_restart_changes_nothing() {
    let world = World::new().await;
    world.write("api.yaml", "one\n");
    world.write("all.yaml", &api("shop", "{ $text: ./api.yaml }"));
    world.read(&["all.yaml"]).await;
    let before = (world.revision().await, world.entities().await);
    let world = world.restarted();
    world.settle().await;
    assert_eq!((world.revision().await, world.entities().await), before);
}

#[tokio::test]
async fn a_refresh_of_an_address_reads_what_depends_on_it() {
    let web = Web::new().await;
    web.write("api.yaml", "one");
    web.write("all.yaml", &api("shop", "{ $text: ./api.yaml }"));
    let world = World::beside(&web).await;
    let all = location("all", &web.location("all.yaml"));
    world.apply("config", Mutation::Full(vec![all])).await;
    web.answers();

    web.write("api.yaml", "two");
    world
        .engine
        .refresh_keys(&[format!("url:{}", web.url("api.yaml"))])
        .await
        .unwrap();
    world.work().await;
    assert_eq!(definition(&world, "shop").await, "two");
    assert_eq!(web.answers(), ["200 /api.yaml"]);

    world
        .engine
        .refresh_keys(&[format!("url:{}", web.url("all.yaml")), "url:unknown".into()])
        .await
        .unwrap();
    world.work().await;
    assert_eq!(web.answers(), ["304 /all.yaml"]);
}
