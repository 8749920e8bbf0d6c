//! A small catalog that never changes, in the index and as plain values.

use std::sync::LazyLock;

use bytes::Bytes;
use callboard_model::EntityRef;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::index::{Change, Index, SharedIndex};
use crate::query::reference::{Reference, Row, rows};

/// The catalog in both forms.
pub(super) struct Sample {
    pub(super) index: SharedIndex,
    pub(super) reference: Reference,
    /// The rows of each entity, by reference.
    pub(super) rows: Vec<(String, Vec<Row>)>,
}

/// Made once, because fuzzing asks it thousands of times a second.
pub(super) static SAMPLE: LazyLock<Sample> = LazyLock::new(Sample::new);

impl Sample {
    fn new() -> Self {
        let (index, mut reference) = (SharedIndex::default(), Reference::default());
        let mut changes = Vec::new();
        for (number, entity) in entities().into_iter().enumerate() {
            let metadata = &entity["metadata"];
            let text = |value: &Value| value.as_str().unwrap_or("default").to_owned();
            let [kind, namespace, name] =
                [&entity["kind"], &metadata["namespace"], &metadata["name"]].map(text);
            let entity_ref = EntityRef::new(&kind, &namespace, &name)
                .expect("every entity below has a kind and a name");
            changes.push(Change {
                entity_ref: entity_ref.clone(),
                uid: Uuid::from_u128(number as u128),
                json: Some(Bytes::from(entity.to_string())),
            });
            reference.entities.insert(entity_ref.to_string(), entity);
        }
        index.apply(changes, 1);
        let of_each = reference.entities.iter();
        let rows = of_each
            .map(|(entity_ref, entity)| (entity_ref.clone(), rows(entity)))
            .collect();
        Self {
            index,
            reference,
            rows,
        }
    }
}

/// The references of entities that were found, in their order.
pub(super) fn refs(index: &Index, found: impl IntoIterator<Item = u32>) -> Vec<String> {
    let found = found.into_iter();
    found.map(|id| index.entity_ref(id).to_owned()).collect()
}

/// The reference of an entity of the sample, read from what would be answered.
pub(super) fn ref_of(json: Bytes) -> String {
    let entity: Value = serde_json::from_slice(&json).expect("the index keeps JSON");
    let metadata = &entity["metadata"];
    let namespace = metadata["namespace"].as_str().unwrap_or("default");
    let [kind, name] = [&entity["kind"], &metadata["name"]].map(|value| value.as_str());
    let (kind, name) = (kind.unwrap_or_default(), name.unwrap_or_default());
    format!("{kind}:{namespace}/{name}").to_lowercase()
}

/// Entities whose values collide in many ways.
fn entities() -> Vec<Value> {
    let types = [
        json!("service"),
        json!("Service"),
        json!("library"),
        json!("true"),
        json!(""),
        json!(1),
        json!(2.5),
        json!(true),
        Value::Null,
        json!({ "deep": ["x", ["y"], { "z": null }] }),
        json!(["library", "Service"]),
        json!("x".repeat(201)),
    ];
    let kinds = ["Component", "API", "User"];
    let names = ["a", "B", "cart", "Cart-2", "z", "ö", "Σας", "İ", "a.b"];
    let tags = [["java", "Java"], ["go", "a.b"], ["ÄÖ", "go"]];
    let mut entities = Vec::new();
    for (number, (kind, name)) in kinds
        .iter()
        .flat_map(|kind| names.map(|name| (kind, name)))
        .enumerate()
    {
        let mut entity = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kind,
            "metadata": {
                "name": name,
                "uid": format!("u-{number}"),
                "tags": (tags[number % tags.len()]),
                "annotations": { "example.com/of": name, "plain": "yes" },
            },
            "spec": { "type": types[number % types.len()], "owner": format!("team-{}", number % 4) },
            "relations": [
                { "type": "ownedBy", "targetRef": format!("group:default/team-{}", number % 4) },
                { "type": "dependsOn", "targetRef": "api:default/b" },
            ],
        });
        if number % 2 == 0 {
            entity["metadata"]["namespace"] = json!("ops");
        }
        if number % 5 > 1 {
            entity["metadata"]["title"] = json!(names[number % 7]);
        }
        entities.push(entity);
    }
    entities
}
