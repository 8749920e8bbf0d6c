//! Answers that take long, while the catalog changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::lists::{answered, readable};
use super::sample::World;
use crate::index::{Change, SharedIndex};
use crate::query::{FacetCache, Filter, Slice};

/// Ten services, each with a note of its own.
const SERVICES: u8 = 10;

fn change(kind: &str, number: u8, lives: bool) -> Change {
    let name = format!("e{number}");
    let entity = json!({ "kind": kind, "metadata": { "name": name }, "spec": { "note": format!("{kind} {number}") } });
    Change {
        entity_ref: format!("{kind}:{name}").parse().unwrap(),
        uid: Uuid::from_u128(u128::from(number) + 1_000 * kind.len() as u128),
        json: lives.then(|| Bytes::from(entity.to_string())),
    }
}

fn services() -> World {
    let world = World::default();
    let changes = (0..SERVICES).map(|number| change("Component", number, true));
    world.index.apply(changes.collect(), 1);
    assert!(world.index.read().is_hashed("spec.note"));
    world
}

/// An entity goes, and another one, of another kind, gets its number.
fn replace(index: &SharedIndex, number: u8) {
    index.apply(vec![change("Component", number, false)], 2);
    index.apply(vec![change("API", number, true)], 3);
}

fn components() -> Option<Filter> {
    Filter::parse(["kind=component"]).unwrap()
}

fn counted(world: &World, cache: &Arc<FacetCache>) -> BTreeMap<String, u64> {
    let condition = components().as_ref().map(Filter::expression);
    let readable = readable(world);
    let facets = readable.facets(vec!["spec.note".into()], condition, cache);
    answered(facets).unwrap()[0]
        .values
        .iter()
        .cloned()
        .collect()
}

#[test]
fn facets_are_counted_in_documents_while_others_change_them() {
    let world = services();
    let cache = Arc::default();
    let mut next = 0..SERVICES;
    world.index.between_slices(move |index| {
        // This would wait for ever if the index were held.
        if let Some(number) = next.next_back().filter(|number| *number >= 5) {
            replace(index, number);
        }
    });

    let first = counted(&world, &cache);
    let all: BTreeSet<String> = (0..SERVICES).map(|n| format!("Component {n}")).collect();
    assert!(first.keys().all(|note| all.contains(note)), "{first:?}");
    for number in 0..5 {
        assert_eq!(first[&format!("Component {number}")], 1);
    }
    assert!(first.len() < all.len());

    // All changes are in now, and no answer from before them is given.
    while world.index.read().id_of("component:default/e5").is_some() {
        counted(&world, &cache);
    }
    let last = counted(&world, &cache);
    assert_eq!(last.len(), 5, "{last:?}");
    assert_eq!(counted(&world, &cache), last);
}

proptest! {
    #[test]
    fn a_list_that_is_sent_while_entities_come_and_go_has_nobody_twice(
        steps in vec(vec((select_kind(), 0..SERVICES, any::<bool>()), 0..6), 1..8), piece in 1usize..4,
    ) {
        let world = services();
        let slice = Slice { filter: components(), ..Slice::default() };
        let (mut listed, _) = readable(&world).slice(&slice).unwrap();
        let mut steps = steps.into_iter();
        let mut touched = BTreeSet::new();
        let mut seen = Vec::new();
        while !listed.is_done() {
            for json in listed.fetch(&world.index, piece) {
                let entity: Value = serde_json::from_slice(&json).unwrap();
                prop_assert_eq!(&entity["kind"], "Component");
                let name = entity["metadata"]["name"].as_str().unwrap().to_owned();
                // It was there at the moment that it was fetched.
                let entity_ref = format!("component:default/{name}");
                prop_assert!(world.index.read().id_of(&entity_ref).is_some());
                seen.push(name);
            }
            for (kind, number, lives) in steps.next().unwrap_or_default() {
                touched.insert(format!("e{number}"));
                world.index.apply(vec![change(kind, number, lives)], 2);
            }
        }
        let names: BTreeSet<&String> = seen.iter().collect();
        prop_assert_eq!(names.len(), seen.len(), "{:?}", seen);
        for number in 0..SERVICES {
            let name = format!("e{number}");
            prop_assert!(touched.contains(&name) || names.contains(&name));
        }
    }
}

fn select_kind() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["Component", "API"])
}
