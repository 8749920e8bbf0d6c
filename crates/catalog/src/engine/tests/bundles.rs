//! API descriptions that are spread over files.

use serde_json::{Value, json};

use callboard_model::yaml;

use super::world::World;

const API: &str = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: shop }\nspec: { type: openapi, lifecycle: production, owner: x, definition: { $openapi: ./api.yaml } }\n";

/// A world with these files beside an API that bundles `api.yaml`.
async fn bundling(files: &[(&str, &str)]) -> World {
    let world = World::new().await;
    for (name, text) in files {
        world.write(name, text);
    }
    world.write("all.yaml", API);
    world.read(&["all.yaml"]).await;
    world
}

/// The bundle, read back.
async fn bundle(world: &World) -> Value {
    let shop = world.entity("api:default/shop").await;
    let text = shop["spec"]["definition"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let stream = yaml::parse(&text, &yaml::Options::default());
    assert!(stream.problems.is_empty(), "{text}");
    stream
        .documents
        .into_iter()
        .next()
        .map_or(Value::Null, |document| document.value)
}

async fn complaint(files: &[(&str, &str)]) -> String {
    let world = bundling(files).await;
    assert_eq!(world.refs().await, [""; 0]);
    world
        .messages("location:default/root-all-yaml")
        .await
        .join("\n")
}

#[tokio::test]
async fn files_that_references_name_are_put_in_their_place() {
    let world = bundling(&[
        ("api.yaml", "openapi: 3.1.0\npaths:\n  /pets:\n    $ref: ./paths/pets.yaml\ncomponents: { schemas: { Error: { type: object } } }\n"),
        ("paths/pets.yaml", "get: { schema: { $ref: '../schemas.yaml#/Pet' }, error: { $ref: '../api.yaml#/components/schemas/Error' } }\n"),
        ("schemas.yaml", "Pet: { type: object, properties: { name: { $ref: '#/Name' } } }\nName: { type: string }\n"),
    ])
    .await;
    assert_eq!(
        bundle(&world).await,
        json!({
            "openapi": "3.1.0",
            "paths": { "/pets": { "get": {
                "schema": { "type": "object", "properties": { "name": { "type": "string" } } },
                "error": { "$ref": "#/components/schemas/Error" },
            } } },
            "components": { "schemas": { "Error": { "type": "object" } } },
        })
    );
}

#[tokio::test]
async fn descriptions_of_events_are_bundled_too() {
    let world = World::new().await;
    world.write(
        "events.yaml",
        "asyncapi: 3.0.0\nchannels: { orders: { messages: { placed: { $ref: ./order.yaml } } } }\n",
    );
    world.write("order.yaml", "payload: { type: object }\n");
    let api = API.replace("type: openapi", "type: asyncapi");
    world.write(
        "all.yaml",
        &api.replace("$openapi: ./api.yaml", "$asyncapi: ./events.yaml"),
    );
    world.read(&["all.yaml"]).await;
    assert_eq!(
        bundle(&world).await,
        json!({
            "asyncapi": "3.0.0",
            "channels": { "orders": { "messages": { "placed": { "payload": { "type": "object" } } } } },
        })
    );
}

#[tokio::test]
async fn what_is_named_twice_is_there_once() {
    let world = bundling(&[
        ("api.yaml", "openapi: 3.1.0\na: { $ref: ./pet.yaml }\nb: { $ref: ./pet.yaml }\nc: { $ref: './pet.yaml#/properties/name' }\nd: { $ref: ./pet.yaml, title: Other }\n"),
        ("pet.yaml", "type: object\nproperties: { name: { type: string } }\n"),
    ])
    .await;
    let pet = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
    assert_eq!(
        bundle(&world).await,
        json!({
            "openapi": "3.1.0",
            "a": pet,
            "b": { "$ref": "#/a" },
            "c": { "$ref": "#/a/properties/name" },
            "d": { "$ref": "#/a", "title": "Other" },
        })
    );
}

#[tokio::test]
async fn values_that_contain_themselves_point_back() {
    let world = bundling(&[
        ("api.yaml", "openapi: 3.1.0\ntree: { $ref: './tree.yaml#/Node' }\n"),
        ("tree.yaml", "Node: { children: { items: { $ref: '#/Node' } }, other: { $ref: './api.yaml#/tree' } }\n"),
    ])
    .await;
    assert_eq!(
        bundle(&world).await,
        json!({
            "openapi": "3.1.0",
            "tree": { "children": { "items": { "$ref": "#/tree" } }, "other": { "$ref": "#/tree" } },
        })
    );
}

#[tokio::test]
async fn links_between_the_parts_of_an_async_api_stay_links() {
    let text = "asyncapi: 3.0.0\noperations: { send: { channel: { $ref: './channels.yaml#/orders' } } }\nchannels: { orders: { $ref: './channels.yaml#/orders' } }\n";
    let world = bundling(&[
        ("api.yaml", text),
        ("channels.yaml", "orders: { address: x }\n"),
    ])
    .await;
    assert_eq!(
        bundle(&world).await,
        json!({
            "asyncapi": "3.0.0",
            "operations": { "send": { "channel": { "$ref": "./channels.yaml#/orders" } } },
            "channels": { "orders": { "address": "x" } },
        })
    );
}

#[tokio::test]
async fn a_change_of_a_file_deep_inside_changes_the_bundle() {
    let world = bundling(&[
        ("api.yaml", "openapi: 3.1.0\na: { $ref: ./one.yaml }\n"),
        ("one.yaml", "b: { $ref: ./two.yaml }\n"),
        ("two.yaml", "c: 1\n"),
    ])
    .await;
    world.write("two.yaml", "c: 2\n");
    world.change_documents().await;
    assert_eq!(
        bundle(&world).await,
        json!({ "openapi": "3.1.0", "a": { "b": { "c": 2 } } })
    );
}

#[tokio::test]
async fn what_cannot_be_bundled_says_what_is_wrong() {
    let missing = complaint(&[("api.yaml", "openapi: 3.1.0\na: { $ref: ./one.yaml }\n")]).await;
    assert!(missing.contains("/one.yaml` does not exist"), "{missing}");
    let nothing = complaint(&[
        (
            "api.yaml",
            "openapi: 3.1.0\na: { $ref: './one.yaml#/b/c' }\n",
        ),
        ("one.yaml", "b: {}\n"),
    ])
    .await;
    assert!(nothing.contains("`./one.yaml#/b/c` in `"), "{nothing}");
    let text = complaint(&[("api.yaml", "just text\n")]).await;
    assert!(text.contains("holds no object"), "{text}");
    let circle = complaint(&[
        ("api.yaml", "a: { $ref: ./one.yaml }\n"),
        ("one.yaml", "$ref: ./two.yaml\n"),
        ("two.yaml", "$ref: ./one.yaml\n"),
    ])
    .await;
    assert!(circle.contains("round in a circle"), "{circle}");
    let outside = complaint(&[("api.yaml", "a: { $ref: ../../../etc/hostname }\n")]).await;
    assert!(outside.contains("lies outside of"), "{outside}");
}

#[tokio::test]
async fn bundles_that_explode_or_go_too_deep_are_refused() {
    // Each level names the one below twice, with a key beside so that it is another value each time.
    let levels: Vec<(String, String)> = (0..30)
        .map(|level| {
            let next = format!("{{ $ref: ./l{}.yaml, title: x }}", level + 1);
            (format!("l{level}.yaml"), format!("a: {next}\nb: {next}\n"))
        })
        .chain([("l30.yaml".to_owned(), "c: 1\n".to_owned())])
        .collect();
    let mut files: Vec<(&str, &str)> = levels
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    files.push(("api.yaml", "openapi: 3.1.0\na: { $ref: ./l0.yaml }\n"));
    let exploding = complaint(&files).await;
    assert!(
        exploding.contains("is too large, or nested too deeply"),
        "{exploding}"
    );

    let often: String = (0..40)
        .map(|number| format!("p{number}: {{ $ref: ./one.yaml, title: x }}\n"))
        .collect();
    let text = format!("a: {}\n", "x".repeat(1024 * 1024));
    let large = complaint(&[("api.yaml", &often), ("one.yaml", &text)]).await;
    assert!(
        large.contains("is too large, or nested too deeply"),
        "{large}"
    );

    let circle = complaint(&[
        ("api.yaml", "a: { $ref: './one.yaml#/b', title: x }\n"),
        ("one.yaml", "b: { $ref: '#/b', title: y }\n"),
    ])
    .await;
    assert!(
        circle.contains("is too large, or nested too deeply"),
        "{circle}"
    );

    let deep = |next: &str| format!("{}{next}{}", "{a: ".repeat(80), "}".repeat(80));
    let (one, two, three) = (
        deep("{ $ref: ./two.yaml }"),
        deep("{ $ref: ./three.yaml }"),
        deep("1"),
    );
    let files = [
        ("api.yaml", "a: { $ref: ./one.yaml }\n"),
        ("one.yaml", &*one),
        ("two.yaml", &*two),
        ("three.yaml", &*three),
    ];
    let deep = complaint(&files).await;
    assert!(
        deep.contains("is too large, or nested too deeply"),
        "{deep}"
    );
}
