//! Documents that change while they are read.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::index::Change;

const KEY: &str = "spec.note";

/// The entity with this number has these notes, or is gone.
type Step = (u8, Option<Vec<u8>>);

fn change((number, notes): &Step) -> Change {
    let notes = notes.as_ref().map(|notes| match notes.as_slice() {
        [] => json!({ "type": "plain" }),
        notes => {
            let notes = notes.iter().map(|note| json!({ "note": text(*note) }));
            json!(notes.collect::<Vec<_>>())
        }
    });
    Change {
        entity_ref: format!("Component:c{number}").parse().unwrap(),
        uid: Uuid::from_u128(u128::from(*number)),
        json: notes.map(|spec| {
            let metadata = json!({ "name": format!("c{number}") });
            let entity = json!({ "kind": "Component", "metadata": metadata, "spec": spec });
            Bytes::from(entity.to_string())
        }),
    }
}

fn text(note: u8) -> String {
    format!("Note {note:03}")
}

fn step() -> impl Strategy<Value = Step> {
    (0u8..12, option::weighted(0.8, vec(any::<u8>(), 0..3)))
}

/// What the column of the key must have: everybody's notes in lower case and in order.
fn expected(steps: &[Step]) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for (number, notes) in steps {
        let mut notes: Vec<String> = notes
            .iter()
            .flatten()
            .map(|note| text(*note).to_lowercase())
            .collect();
        notes.sort();
        notes.dedup();
        all.insert(format!("component:default/c{number}"), notes);
    }
    all.retain(|_, notes| !notes.is_empty());
    all
}

fn found(index: &Index) -> BTreeMap<String, Vec<String>> {
    let column = index.column(KEY).unwrap();
    let all = column.documents().iter().map(|id| {
        let mut notes = Vec::new();
        for note in 0..=u8::MAX {
            let note = text(note).to_lowercase();
            if column.has(id, |value| value == note) {
                assert!(column.containing(&note).contains(id));
                notes.push(note);
            }
        }
        assert_eq!(column.value(id), notes.first().map(String::as_str));
        (index.entity_ref(id).to_owned(), notes)
    });
    all.collect()
}

/// Twelve entities with a note of their own, so that the texts are in the documents only.
fn hashed() -> (SharedIndex, Vec<Step>) {
    let steps: Vec<Step> = (0..12).map(|number| (number, Some(vec![number]))).collect();
    let index = SharedIndex::default();
    index.apply(steps.iter().map(change).collect(), 1);
    assert!(index.read().lacks_column(KEY));
    (index, steps)
}

#[test]
fn others_change_the_index_while_all_documents_are_read() {
    let (index, _) = hashed();
    index.between_slices(|index| {
        let generation = index.read().generation();
        index.apply(vec![change(&(0, Some(vec![100])))], 2);
        index.apply(vec![change(&(11, None))], 3);
        assert!(index.read().generation() > generation);
    });
    let first = AtomicBool::new(true);
    let mut read = Vec::new();

    index.read_apart(
        |index| index.live().clone(),
        |rows| {
            // Once only: two that try at the same time would be in each other's way.
            assert!(!first.swap(false, Ordering::Relaxed) || index.is_free());
            values(rows, KEY)
        },
        |id, values| read.push((id, values)),
    );

    let expected = (0..11).map(|number| (u32::from(number), vec![text(number).to_lowercase()]));
    assert_eq!(read, expected.collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn a_column_that_is_made_while_values_change_has_the_new_ones(
        meanwhile in vec(vec(step(), 0..5), 0..12), afterwards in vec(step(), 0..8),
    ) {
        let (index, mut steps) = hashed();
        steps.extend(meanwhile.iter().flatten().cloned());
        let rest = Arc::new(Mutex::new(meanwhile.into_iter()));
        let later = Arc::clone(&rest);
        index.between_slices(move |index| {
            let next = later.lock().unwrap().next().unwrap_or_default();
            index.apply(next.iter().map(change).collect(), 2);
        });

        index.gather(KEY);
        let made = !index.read().lacks_column(KEY);
        prop_assert!(made);
        // What was not due while documents were read comes afterwards.
        let rest: Vec<Step> = rest.lock().unwrap().by_ref().flatten().collect();
        index.apply(rest.iter().map(change).collect(), 3);
        if index.read().is_hashed(KEY) {
            prop_assert_eq!(found(&index.read()), expected(&steps));
        }
        index.apply(afterwards.iter().map(change).collect(), 4);
        steps.extend(afterwards);
        if index.read().is_hashed(KEY) {
            prop_assert_eq!(found(&index.read()), expected(&steps));
        }
    }
}
