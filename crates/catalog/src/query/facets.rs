//! How many entities have which value.

use std::collections::HashMap;

use roaring::RoaringBitmap;

use super::expression::Expression;
use crate::index::{Index, Posting, SharedIndex};

/// What is asked: facets, and who is counted.
pub(super) type Asked = (Vec<String>, Expression);

/// The values of one facet as they are written, in order, each with its number of entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FacetCounts {
    /// The facet as it was asked for.
    pub(crate) facet: String,
    /// Value and count.
    pub(crate) values: Vec<(String, u64)>,
}

/// The last change of anything that the answer is made of.
pub(super) fn changed(index: &Index, (names, expression): &Asked) -> u64 {
    let keys = names.iter().map(|name| index.changed(&name.to_lowercase()));
    let newest = keys.chain([expression.changed(index)]).max();
    newest.unwrap_or_default()
}

/// Counts the values of each facet among the entities that match; `None` when only the documents know the values
/// of one, which are not read while the index is held.
pub(super) fn facets(index: &Index, (names, expression): &Asked) -> Option<Vec<FacetCounts>> {
    if names
        .iter()
        .any(|name| index.is_hashed(&name.to_lowercase()))
    {
        return None;
    }
    let matches = matches(index, expression);
    let names = distinct(names).into_iter();
    let counted = names.map(|name| FacetCounts {
        facet: name.to_owned(),
        values: counts(index, &name.to_lowercase(), matches.as_ref()),
    });
    Some(counted.collect())
}

/// Counts as [`facets`] does, and reads documents where it has to, without holding the index.
pub(super) fn facets_apart(shared: &SharedIndex, (names, expression): &Asked) -> Vec<FacetCounts> {
    for key in expression.searched() {
        shared.gather(&key);
    }
    let mut counted = Vec::new();
    let mut read = Vec::new();
    let index = shared.read();
    let matching = matches(&index, expression);
    for name in distinct(names) {
        let key = name.to_lowercase();
        let mut values = Vec::new();
        if index.is_hashed(&key) {
            read.push((counted.len(), key));
        } else {
            values = counts(&index, &key, matching.as_ref());
        }
        let facet = name.to_owned();
        counted.push(FacetCounts { facet, values });
    }
    drop(index);
    let keys: Vec<&str> = read.iter().map(|(_, key)| key.as_str()).collect();
    for ((place, _), values) in read.iter().zip(read_counts(shared, &keys, expression)) {
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
fn matches(index: &Index, expression: &Expression) -> Option<RoaringBitmap> {
    let is_narrow = *expression != Expression::EVERYTHING;
    is_narrow.then(|| expression.evaluate(index).into_owned())
}

/// Of values that hardly two documents share only the documents know the texts. One look at each is enough for
/// all keys.
fn read_counts(
    shared: &SharedIndex,
    keys: &[&str],
    expression: &Expression,
) -> Vec<Vec<(String, u64)>> {
    let mut counts: Vec<HashMap<String, u64>> = vec![HashMap::new(); keys.len()];
    shared.read_apart(
        |index| {
            let mut having = RoaringBitmap::new();
            for key in keys {
                index.add_having(key, &mut having);
            }
            match matches(index, expression) {
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
