//! Predicates against the obvious evaluation.

use std::sync::Arc;

use callboard_model::Result;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::lists::{answered, readable, refs};
use super::sample::{World, key, ref_of, steps};
use crate::query::reference::{matches, rows};
use crate::query::{Cursor, FacetCache, Listing, Page, Predicate};

/// Values as clients send them: in any case, as numbers and as truth values.
fn value() -> impl Strategy<Value = Value> {
    select(vec![
        json!("component"),
        json!("API"),
        json!("a"),
        json!("B"),
        json!("Default"),
        json!("service"),
        json!(""),
        json!(1),
        json!(2.5),
        json!(1.0),
        json!(true),
        json!("true"),
        json!("group:default/a"),
    ])
}

fn field() -> impl Strategy<Value = Value> {
    let condition = prop_oneof![
        3 => value(),
        1 => any::<bool>().prop_map(|exists| json!({ "$exists": exists })),
        1 => vec(value(), 0..3).prop_map(|values| json!({ "$in": values })),
        1 => select(vec!["", "s", "SER", "group:", "%"]).prop_map(|prefix| json!({ "$hasPrefix": prefix })),
        1 => value().prop_map(|value| json!({ "$contains": value })),
    ];
    let relation = prop_oneof![
        Just(json!({ "type": "ownedBy" })),
        Just(json!({ "type": "OwnedBy", "targetRef": "Group:default/a" })),
        Just(json!({ "type": "ownedBy", "targetRef": { "$in": ["user:default/c", "x"] } })),
        Just(json!({ "type": "other" })),
    ];
    prop_oneof![
        4 => (key(), condition).prop_map(|(key, condition)| json!({ key: condition })),
        1 => relation.prop_map(|relation| json!({ "relations": { "$contains": relation } })),
        1 => Just(json!({})),
    ]
}

pub(super) fn predicate() -> impl Strategy<Value = Value> {
    field().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|all| json!({ "$all": all })),
            vec(inner.clone(), 0..3).prop_map(|any| json!({ "$any": any })),
            inner.prop_map(|not| json!({ "$not": not })),
        ]
    })
}

fn page(world: &World, query: &Value, limit: usize, at: Option<Cursor>) -> Result<Page> {
    let first = || Cursor {
        query: Some(Predicate::parse(query.clone()).unwrap()),
        ..Cursor::default()
    };
    let listing = Listing {
        cursor: at.unwrap_or_else(first),
        limit,
        offset: 0,
        count: true,
    };
    readable(world).page(&listing)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn a_predicate_means_what_it_says(before in steps(), after in steps(), query in predicate()) {
        let mut world = World::after(before);
        page(&world, &query, 1, None).unwrap();
        world.go_on(after);
        let expected: Vec<&Value> = world.reference.entities.values().filter(|entity| matches(&rows(entity), &query)).collect();

        let found = page(&world, &query, 1_000, None).unwrap();
        let names: Vec<String> = expected.iter().map(|entity| ref_of(entity).to_string()).collect();
        prop_assert_eq!(refs(&found), names.clone());

        let condition = Some(Predicate::parse(query.clone()).unwrap().expression());
        let cache = Arc::new(FacetCache::default());
        let counted = answered(readable(&world).facets(vec!["kind".into()], condition.clone(), &cache)).unwrap();
        let count: u64 = counted[0].values.iter().map(|(_, count)| count).sum();
        prop_assert_eq!(count, expected.len() as u64);

        let asked: Vec<String> = world.reference.entities.keys().cloned().collect();
        let by_refs = readable(&world).by_refs(&asked, condition).unwrap();
        let found: Vec<&String> = asked.iter().zip(by_refs).filter_map(|(asked, found)| found.map(|_| asked)).collect();
        prop_assert_eq!(found, names.iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_cursor_carries_its_predicate(steps in steps(), query in predicate(), limit in 1usize..5) {
        let world = World::after(steps);
        let whole = refs(&page(&world, &query, 1_000, None).unwrap());
        let (mut walked, mut cursor) = (Vec::new(), None);
        loop {
            let found = page(&world, &query, limit, cursor).unwrap();
            walked.extend(refs(&found));
            let Some(next) = found.next else { break };
            cursor = Some(Cursor::parse(&next.print().unwrap()).unwrap());
        }
        prop_assert_eq!(walked, whole);
    }
}
