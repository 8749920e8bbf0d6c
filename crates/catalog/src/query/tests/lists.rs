//! Lists, orders, facets and projections.

use std::sync::Arc;

use callboard_auth::{AllowAll, Gate};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::sample::{self, World, filters, key, order, ref_of, steps, text};
use crate::query::reference::{Question, kept};
use crate::query::{
    Cursor, Direction, FacetCache, Fields, Filter, FullText, Listing, OrderField, Page, Readable,
    Slice,
};

pub(super) fn readable(world: &World) -> Readable<'_> {
    let scope = Gate::new(AllowAll).guest().scope();
    Readable::new(&world.index, &scope).unwrap()
}

/// What a question is answered with that documents may have to be read for.
pub(super) fn answered<T>(answer: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(answer)
}

pub(super) fn listing(question: &Question<'_>, limit: usize, offset: usize) -> Listing {
    let cursor = Cursor {
        filter: filter(&question.filters),
        order_fields: question.order.into_iter().map(order_field).collect(),
        full_text_filter: question.text.clone().map(|(term, fields)| FullText {
            term: term.to_owned(),
            fields: fields.map(|fields| fields.iter().map(|field| (*field).to_owned()).collect()),
        }),
        ..Cursor::default()
    };
    Listing {
        cursor,
        limit,
        offset,
        count: true,
    }
}

pub(super) fn refs(page: &Page) -> Vec<String> {
    let items = page.items.clone().flatten();
    let parsed = items.map(|json| serde_json::from_slice::<Value>(&json).unwrap());
    parsed.map(|entity| ref_of(&entity).to_string()).collect()
}

fn filter(filters: &[String]) -> Option<Filter> {
    Filter::parse(filters.iter().map(String::as_str)).unwrap()
}

fn order_field((field, descending): (&str, bool)) -> OrderField {
    OrderField {
        field: field.to_owned(),
        order: Direction::Asc.turned(descending),
    }
}

pub(super) fn questions() -> impl Strategy<Value = Question<'static>> {
    (filters(), order(), text()).prop_map(|(filters, order, text)| Question {
        filters,
        order,
        text,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn a_page_is_the_same_part_of_the_same_list(
        before in steps(), after in steps(), question in questions(), limit in 0usize..12, offset in 0usize..6,
    ) {
        let mut world = World::after(before);
        // Asking first makes the column, which then has to keep up.
        readable(&world).page(&listing(&question, 1, 0)).unwrap();
        world.go_on(after);

        let page = readable(&world).page(&listing(&question, limit, offset)).unwrap();

        let list = world.reference.list(&question);
        let expected: Vec<String> = list.iter().skip(offset).take(limit).cloned().collect();
        prop_assert_eq!(refs(&page), expected);
        prop_assert_eq!(page.total, list.len() as u64);
        prop_assert_eq!(page.next.is_some(), limit > 0 && list.len() > offset + limit);
        prop_assert!(page.previous.is_none());
    }

    #[test]
    fn the_plain_list_has_everybody_that_matches(
        before in steps(), after in steps(), filters in filters(), orders in vec((key(), any::<bool>()), 0..3),
        limit in proptest::option::of(1usize..12), offset in 0usize..6,
    ) {
        let mut world = World::after(before);
        let slice = Slice { filter: filter(&filters), orders: orders.iter().copied().map(order_field).collect(), offset, limit };
        readable(&world).slice(&slice).unwrap();
        world.go_on(after);

        let (mut listed, more) = readable(&world).slice(&slice).unwrap();
        let items = listed.fetch(&world.index, usize::MAX);

        let list = world.reference.plain(&filters, &orders);
        let limit = limit.unwrap_or(list.len());
        let expected: Vec<&String> = list.iter().skip(offset).take(limit).collect();
        let found: Vec<String> = items.iter().map(|json| ref_of(&serde_json::from_slice(json).unwrap()).to_string()).collect();
        prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected);
        prop_assert_eq!(more, list.len() > offset + limit);
    }

    #[test]
    fn facets_count_what_is_there(before in steps(), after in steps(), filters in filters(), facets in vec(key(), 1..4)) {
        let mut world = World::after(before);
        let names: Vec<String> = facets.iter().map(|facet| (*facet).to_owned()).collect();
        let cache = Arc::new(FacetCache::default());
        for steps in [Vec::new(), after] {
            world.go_on(steps);
            for _ in ["counted", "kept"] {
                let condition = filter(&filters).as_ref().map(Filter::expression);
                for counted in answered(readable(&world).facets(names.clone(), condition, &cache)).unwrap().iter() {
                    prop_assert_eq!(&counted.values, &world.reference.facet(&filters, &counted.facet), "{}", counted.facet);
                }
            }
        }
    }

    #[test]
    fn names_and_references_find_what_is_there(steps in steps(), asked in steps(), filters in filters()) {
        let world = World::after(steps);
        let asked: Vec<String> = asked.iter().map(|step| match step {
            sample::Step::Put(entity) => ref_of(entity).to_string().to_uppercase(),
            sample::Step::Remove(entity_ref) => entity_ref.to_string(),
        }).collect();
        let listed = world.reference.plain(&filters, &[]);

        let found = readable(&world).by_refs(&asked, filter(&filters).as_ref().map(Filter::expression)).unwrap();

        for (entity_ref, found) in asked.iter().map(|asked| asked.to_lowercase()).zip(found) {
            let expected = world.reference.entities.get(&entity_ref);
            prop_assert_eq!(readable(&world).by_ref(&entity_ref).is_some(), expected.is_some());
            let expected = expected.filter(|_| listed.contains(&entity_ref)).map(Value::to_string);
            prop_assert_eq!(found.map(|json| String::from_utf8(json.to_vec()).unwrap()), expected);
        }
    }

    #[test]
    fn fields_keep_the_same_parts(steps in steps(), fields in vec(prop_oneof![
        key(),
        Just("metadata"), Just("metadata.annotations"), Just("metadata.tags.1"), Just("metadata.tags.0"), Just("spec.type.1.x"),
        Just("relations.0.targetRef"), Just("metadata.annotations.example.com/of"), Just(".kind"), Just("kind."),
    ], 1..5)) {
        let world = World::after(steps);
        let parsed = Fields::parse(fields.iter().copied()).unwrap().unwrap();

        for entity in world.reference.entities.values() {
            let mut body = Vec::new();
            parsed.append(entity.to_string().as_bytes(), &mut body).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), kept(entity, &fields));
        }
    }
}

#[test]
fn a_text_is_found_in_every_value_of_a_list() {
    let tagged = |kind: &str, tags: &[&str]| {
        sample::Step::Put(json!({ "kind": kind, "metadata": { "name": tags[0], "tags": tags } }))
    };
    let mut world = World::after(vec![
        tagged("API", &["b"]),
        tagged("API", &["c"]),
        tagged("API", &["d"]),
    ]);
    let question = Question {
        filters: vec!["kind=user".to_owned()],
        order: Some(("metadata.tags", false)),
        text: Some(("zeb", None)),
    };
    readable(&world).page(&listing(&question, 5, 0)).unwrap();

    world.go_on(vec![tagged("User", &["a", "zebra"])]);

    assert_eq!(
        refs(&readable(&world).page(&listing(&question, 5, 0)).unwrap()),
        ["user:default/a"]
    );
}
