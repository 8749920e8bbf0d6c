//! How many entities have which value.

use roaring::RoaringBitmap;

use super::expression::Expression;
use crate::index::Index;

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
    if let Some(field) = index.field(key) {
        field.each_spelling(|value, posting| {
            let count = matches.map_or_else(|| posting.len(), |matches| posting.count_in(matches));
            if count > 0 {
                counts.push((value.to_owned(), count));
            }
        });
    }
    counts.sort_unstable();
    counts
}
