//! Cursors: there and back again, also while the catalog changes.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::lists::{listing, questions, readable, refs};
use super::sample::{Step, World, ref_of, steps};
use crate::query::reference::Question;
use crate::query::{Cursor, Listing, Page};

/// The page that a cursor leads to, after the cursor was text.
fn follow(world: &World, cursor: &Cursor, limit: usize) -> Page {
    let cursor = Cursor::parse(&cursor.print().unwrap()).unwrap();
    readable(world)
        .page(&Listing {
            cursor,
            limit,
            offset: 0,
            count: false,
        })
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn walking_there_and_back_meets_everybody_once(
        steps in steps(), question in questions(), limit in 1usize..5,
    ) {
        let world = World::after(steps);
        let list = world.reference.list(&question);

        let mut page = readable(&world).page(&listing(&question, limit, 0)).unwrap();
        let mut there = refs(&page);
        while let Some(next) = &page.next {
            prop_assert!(there.len() <= list.len(), "going in circles: {:?}", there);
            page = follow(&world, next, limit);
            there.extend(refs(&page));
        }
        prop_assert_eq!(&there, &list);
        prop_assert_eq!(page.total, list.len() as u64);

        let mut back = refs(&page);
        while let Some(previous) = &page.previous {
            prop_assert!(back.len() <= list.len(), "going in circles: {:?}", back);
            page = follow(&world, previous, limit);
            let mut earlier = refs(&page);
            earlier.extend(back);
            back = earlier;
            prop_assert!(page.next.is_some());
        }
        prop_assert_eq!(&back, &list);
    }

    #[test]
    fn who_does_not_change_is_met_once_while_others_come_and_go(
        before in steps(), meanwhile in proptest::collection::vec(steps(), 12), question in questions(), limit in 1usize..5,
    ) {
        let mut world = World::after(before);
        let mut stayed: BTreeSet<String> = world.reference.list(&question).into_iter().collect();
        let mut page = readable(&world).page(&listing(&question, limit, 0)).unwrap();
        let mut met = refs(&page);
        let mut meanwhile = meanwhile.into_iter();
        while let Some(next) = page.next.clone() {
            prop_assert!(met.len() < 1_000, "going in circles: {:?}", met);
            if let Some(steps) = meanwhile.next() {
                for step in &steps {
                    let touched = match step {
                        Step::Put(entity) => ref_of(entity),
                        Step::Remove(entity_ref) => entity_ref.clone(),
                    };
                    stayed.remove(touched.as_str());
                }
                world.go_on(steps);
            }
            page = follow(&world, &next, limit);
            met.extend(refs(&page));
        }
        for entity_ref in stayed {
            prop_assert_eq!(met.iter().filter(|met| **met == entity_ref).count(), 1, "{}", entity_ref);
        }
    }
}

#[test]
fn a_page_before_that_has_emptied_leads_back_to_the_start() {
    let entity =
        |name: &str| Step::Put(serde_json::json!({ "kind": "User", "metadata": { "name": name } }));
    let mut world = World::after(["a", "b", "c", "d"].map(entity).to_vec());
    let first = readable(&world)
        .page(&listing(&Question::default(), 2, 0))
        .unwrap();
    let second = follow(&world, &first.next.unwrap(), 2);
    world.go_on(
        ["a", "b"]
            .map(|name| Step::Remove(format!("user:default/{name}").parse().unwrap()))
            .to_vec(),
    );

    let emptied = follow(&world, &second.previous.unwrap(), 2);
    assert_eq!(emptied.items.len(), 0);
    assert!(emptied.previous.is_none());

    let start = follow(&world, &emptied.next.unwrap(), 2);
    assert_eq!(refs(&start), ["user:default/c", "user:default/d"]);
}
