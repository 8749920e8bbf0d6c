//! Random small catalogs and questions, with values that collide in many ways.

use std::sync::Arc;

use bytes::Bytes;
use callboard_model::EntityRef;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::index::{Change, SharedIndex};
use crate::query::reference::Reference;

/// A step in the life of a catalog.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Put(Value),
    Remove(EntityRef),
}

/// A catalog after some steps, in both forms.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) index: Arc<SharedIndex>,
    pub(super) reference: Reference,
    revision: i64,
}

impl World {
    pub(super) fn after(steps: Vec<Step>) -> Self {
        let mut world = Self::default();
        world.go_on(steps);
        world
    }

    pub(super) fn go_on(&mut self, steps: Vec<Step>) {
        let mut changes = Vec::new();
        for step in steps {
            let (entity_ref, entity) = match step {
                Step::Put(entity) => (ref_of(&entity), Some(entity)),
                Step::Remove(entity_ref) => (entity_ref, None),
            };
            changes.push(Change {
                uid: uid_of(&entity_ref),
                json: entity
                    .as_ref()
                    .map(|entity| Bytes::from(entity.to_string())),
                entity_ref: entity_ref.clone(),
            });
            match entity {
                Some(entity) => self
                    .reference
                    .entities
                    .insert(entity_ref.to_string(), entity),
                None => self.reference.entities.remove(entity_ref.as_str()),
            };
        }
        self.revision += 1;
        self.index.apply(changes, self.revision);
    }
}

pub(super) fn ref_of(entity: &Value) -> EntityRef {
    let metadata = &entity["metadata"];
    EntityRef::new(
        entity["kind"].as_str().unwrap(),
        metadata["namespace"].as_str().unwrap_or("default"),
        metadata["name"].as_str().unwrap(),
    )
    .unwrap()
}

fn uid_of(entity_ref: &EntityRef) -> Uuid {
    let bytes = entity_ref
        .as_str()
        .bytes()
        .rev()
        .chain(std::iter::repeat(0));
    Uuid::from_slice(&bytes.take(16).collect::<Vec<_>>()).unwrap()
}

fn name() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "B", "b", "c", "cart", "Cart-2", "z", "ö"])
}

fn entity() -> impl Strategy<Value = Value> {
    let kind = select(vec!["Component", "component", "API", "User"]);
    let namespace = option::of(select(vec!["default", "ops"]));
    let scalar = select(vec![
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
    ]);
    let tags = subsequence(vec!["java", "Java", "go", "a.b"], 0..=4);
    let relations = subsequence(
        vec!["group:default/a", "group:default/b", "user:default/c"],
        0..=3,
    );
    (
        kind,
        namespace,
        name(),
        option::of(scalar),
        option::of(tags),
        relations,
        option::of(name()),
    )
        .prop_map(|(kind, namespace, name, scalar, tags, targets, title)| {
            let mut metadata = Map::new();
            metadata.insert("name".into(), json!(name));
            let mut put = |key: &str, value: Option<Value>| {
                if let Some(value) = value {
                    metadata.insert(key.into(), value);
                }
            };
            put("namespace", namespace.map(Value::from));
            put("tags", tags.map(|tags| json!(tags)));
            put("title", title.map(Value::from));
            put(
                "annotations",
                title.map(|title| json!({ "example.com/of": title, "plain": "yes" })),
            );
            let spec = scalar.map_or(json!({}), |scalar| json!({ "type": scalar }));
            let relations: Vec<Value> = targets
                .iter()
                .map(|target| json!({ "type": "ownedBy", "targetRef": target }))
                .collect();
            json!({ "kind": kind, "metadata": metadata, "spec": spec, "relations": relations })
        })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => entity().prop_map(Step::Put),
        1 => entity().prop_map(|entity| Step::Remove(ref_of(&entity))),
    ]
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(step(), 0..40)
}

pub(super) fn key() -> impl Strategy<Value = &'static str> {
    select(vec![
        "kind",
        "Kind",
        "metadata.name",
        "metadata.NAMESPACE",
        "metadata.title",
        "metadata.tags",
        "metadata.tags.java",
        "metadata.tags.a.b",
        "metadata.annotations.example.com/of",
        "spec.type",
        "spec.type.deep",
        "spec.type.deep.z",
        "spec.type.library",
        "relations.ownedBy",
        "nothing.here",
    ])
}

fn value() -> impl Strategy<Value = &'static str> {
    select(vec![
        "component",
        "api",
        "USER",
        "a",
        "b",
        "cart",
        "ö",
        "default",
        "java",
        "true",
        "",
        "1",
        "2.5",
        "service",
        "library",
        "group:default/a",
        "x",
    ])
}

fn statement() -> impl Strategy<Value = String> {
    (key(), option::weighted(0.8, value())).prop_map(|(key, value)| match value {
        Some(value) => format!(" {key} = {value} "),
        None => key.to_owned(),
    })
}

/// Values of `filter` parameters; often such as pages send, which name one kind.
pub(super) fn filters() -> impl Strategy<Value = Vec<String>> {
    let any = vec(
        vec(statement(), 0..4).prop_map(|statements| statements.join(",")),
        0..3,
    );
    let of_kind = option::of(statement()).prop_map(|statement| match statement {
        Some(statement) => vec![format!("kind=component,{statement}")],
        None => vec!["kind=Component".to_owned()],
    });
    prop_oneof![2 => any, 1 => of_kind]
}

/// Values of `orderField` parameters.
pub(super) fn order() -> impl Strategy<Value = Option<(&'static str, bool)>> {
    option::of((key(), any::<bool>()))
}

/// A text to look for and where.
pub(super) fn text() -> impl Strategy<Value = Option<(&'static str, Option<Vec<&'static str>>)>> {
    let term = select(vec!["a", "AR", " b ", "serv", "default", "%", "x", "  "]);
    option::of((term, option::of(vec(key(), 1..3))))
}
