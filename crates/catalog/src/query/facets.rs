//! How many entities have which value.

use std::collections::HashMap;

use roaring::RoaringBitmap;

use super::view::{Asked, is_relation};
use crate::index::{Index, Posting, SharedIndex};

/// Values that are looked at under one lock.
const SLICE: usize = if cfg!(any(test, fuzzing)) { 2 } else { 1_000 };

/// What is asked: facets, and who is counted.
pub(super) type Question = (Vec<String>, Asked);

/// The values of one facet as they are written, in order, each with its number of entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FacetCounts {
    /// The facet as it was asked for.
    pub(crate) facet: String,
    /// Value and count.
    pub(crate) values: Vec<(String, u64)>,
}

/// The last change of anything that the answer is made of.
pub(super) fn changed(index: &Index, (names, asked): &Question) -> u64 {
    let keys = names.iter().map(|name| index.changed(&name.to_lowercase()));
    let newest = keys.chain([asked.changed(index)]).max();
    newest.unwrap_or_default()
}

/// Counts the values of each facet among the entities that match; `None` when only the documents know the values
/// of one, which are not read while the index is held.
pub(super) fn facets(index: &Index, (names, asked): &Question) -> Option<Vec<FacetCounts>> {
    if names
        .iter()
        .any(|name| index.is_hashed(&name.to_lowercase()))
    {
        return None;
    }
    let matches = matches(index, asked);
    let names = distinct(names).into_iter();
    let counted = names.map(|name| {
        let key = name.to_lowercase();
        let mut values = counts(index, &key, matches.as_ref());
        keep_seen(index, (&key, asked), &mut values);
        let facet = name.to_owned();
        FacetCounts { facet, values }
    });
    Some(counted.collect())
}

/// Counts as [`facets`] does, and reads documents where it has to, without holding the index.
pub(super) fn facets_apart(shared: &SharedIndex, (names, asked): &Question) -> Vec<FacetCounts> {
    for key in asked.searched() {
        shared.gather(&key);
    }
    let mut counted = Vec::new();
    let mut read = Vec::new();
    let index = shared.read();
    let matching = matches(&index, asked);
    for name in distinct(names) {
        let key = name.to_lowercase();
        let mut values = Vec::new();
        if index.is_hashed(&key) {
            read.push((counted.len(), key));
        } else {
            values = counts(&index, &key, matching.as_ref());
            keep_seen(&index, (&key, asked), &mut values);
        }
        let facet = name.to_owned();
        counted.push(FacetCounts { facet, values });
    }
    drop(index);
    let keys: Vec<&str> = read.iter().map(|(_, key)| key.as_str()).collect();
    for ((place, key), mut values) in read.iter().zip(read_counts(shared, &keys, asked)) {
        keep_seen_apart(shared, (key, asked), &mut values);
        counted[*place].values = values;
    }
    counted
}

fn distinct(names: &[String]) -> Vec<&str> {
    let mut distinct: Vec<&str> = Vec::with_capacity(names.len());
    for name in names {
        if !distinct.contains(&name.as_str()) {
            distinct.push(name);
        }
    }
    distinct
}

/// Who is counted; `None` for everybody.
fn matches(index: &Index, asked: &Asked) -> Option<RoaringBitmap> {
    let is_narrow = !asked.is_everything();
    is_narrow.then(|| asked.evaluate(index).into_owned())
}

/// Whether some values of a key may be hidden from the one who asks.
fn hides((key, asked): (&str, &Asked)) -> bool {
    is_relation(key) && !asked.view().is_whole()
}

/// Leaves out relations to who is not in the view of the one who asks.
fn keep_seen(index: &Index, question: (&str, &Asked), values: &mut Vec<(String, u64)>) {
    if !hides(question) {
        return;
    }
    let (_, asked) = question;
    let entities = asked.view().entities(index);
    values.retain(|(value, _)| {
        let id = index.id_of(&value.to_lowercase());
        id.is_some_and(|id| entities.contains(id))
    });
}

/// The same for any number of values, without holding the index for all of them.
fn keep_seen_apart(
    shared: &SharedIndex,
    question: (&str, &Asked),
    values: &mut Vec<(String, u64)>,
) {
    if !hides(question) {
        return;
    }
    let mut rest = std::mem::take(values);
    while !rest.is_empty() {
        let mut slice = rest.split_off(rest.len().saturating_sub(SLICE));
        keep_seen(&shared.read(), question, &mut slice);
        values.append(&mut slice);
    }
    values.sort_unstable();
}

/// Of values that hardly two documents share only the documents know the texts. One look at each is enough for
/// all keys.
fn read_counts(shared: &SharedIndex, keys: &[&str], asked: &Asked) -> Vec<Vec<(String, u64)>> {
    let mut counts: Vec<HashMap<String, u64>> = vec![HashMap::new(); keys.len()];
    shared.read_apart(
        |index| {
            let mut having = RoaringBitmap::new();
            for key in keys {
                index.add_having(key, &mut having);
            }
            match matches(index, asked) {
                Some(matching) => having & matching,
                None => having,
            }
        },
        |rows| -> Vec<Vec<String>> {
            let spellings = |key: &&str| rows.spellings(key).map(str::to_owned).collect();
            keys.iter().map(spellings).collect()
        },
        |_, values| {
            for (counts, values) in counts.iter_mut().zip(values) {
                for value in values {
                    *counts.entry(value).or_default() += 1;
                }
            }
        },
    );
    let sorted = counts.into_iter().map(|counts| {
        let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
        counts.sort_unstable();
        counts
    });
    sorted.collect()
}

fn counts(index: &Index, key: &str, matches: Option<&RoaringBitmap>) -> Vec<(String, u64)> {
    let mut counts = Vec::new();
    let mut count = |value: &str, posting: &Posting| {
        let count = matches.map_or_else(|| posting.len(), |matches| posting.count_in(matches));
        if count > 0 {
            counts.push((value.to_owned(), count));
        }
    };
    match index.field(key) {
        Some(field) => field.each_spelling(count),
        None => {
            if let Some(flag) = index.flag(key) {
                count("true", &flag);
            }
        }
    }
    counts.sort_unstable();
    counts
}
