//! How many entities have which value.

use std::collections::HashMap;

use roaring::RoaringBitmap;

use super::expression::Expression;
use crate::index::{Field, Index, Posting};

/// The values of one facet as they are written, in order, each with its number of entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FacetCounts {
    /// The facet as it was asked for.
    pub(crate) facet: String,
    /// Value and count.
    pub(crate) values: Vec<(String, u64)>,
}

/// Counts the values of each facet among the entities that match.
pub(crate) fn facets(index: &Index, names: &[String], expression: &Expression) -> Vec<FacetCounts> {
    let matches = (*expression != Expression::EVERYTHING).then(|| expression.evaluate(index));
    let mut counted: Vec<FacetCounts> = Vec::with_capacity(names.len());
    for facet in names {
        if counted.iter().all(|earlier| earlier.facet != *facet) {
            let values = counts(index, &facet.to_lowercase(), matches.as_deref());
            counted.push(FacetCounts {
                facet: facet.clone(),
                values,
            });
        }
    }
    counted
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
        Some(field) if field.has_texts() => field.each_spelling(count),
        Some(field) => counts = counts_in_documents(index, key, field, matches),
        None => {
            if let Some(flag) = index.flag(key) {
                count("true", &flag);
            }
        }
    }
    counts.sort_unstable();
    counts
}

/// Of values that hardly two documents share only the documents know the texts.
fn counts_in_documents(
    index: &Index,
    key: &str,
    field: &Field,
    matches: Option<&RoaringBitmap>,
) -> Vec<(String, u64)> {
    let mut having = RoaringBitmap::new();
    field.add_all_to(&mut having);
    if let Some(matches) = matches {
        having &= matches;
    }
    let spellings = index.read(&having, |rows| -> Vec<String> {
        rows.spellings(key).map(str::to_owned).collect()
    });
    let mut counts: HashMap<String, u64> = HashMap::new();
    for value in spellings.into_iter().flat_map(|(_, values)| values) {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().collect()
}
