//! Facets that were counted already.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::expression::Expression;
use super::facets::FacetCounts;

/// Pages ask for the same few facets again and again.
const MOST: usize = 128;
/// Larger answers are not kept: nobody shows that many values.
const MOST_VALUES: usize = 5_000;

/// What was asked: facets, and who is counted.
type Asked = (Vec<String>, Expression);

/// The answers of one generation of the index.
#[derive(Debug, Default)]
pub(crate) struct FacetCache(Mutex<Generation>);

#[derive(Debug, Default)]
struct Generation {
    number: u64,
    answers: HashMap<Asked, Arc<Vec<FacetCounts>>>,
}

impl FacetCache {
    /// The answer that was kept in this generation, or the one that `count` gives.
    pub(super) fn get_or_count(
        &self,
        generation: u64,
        asked: Asked,
        count: impl FnOnce(&Asked) -> Vec<FacetCounts>,
    ) -> Arc<Vec<FacetCounts>> {
        let kept = self.lock(generation).answers.get(&asked).cloned();
        kept.unwrap_or_else(|| {
            let counted = Arc::new(count(&asked));
            let values: usize = counted.iter().map(|facet| facet.values.len()).sum();
            let answers = &mut self.lock(generation).answers;
            if values <= MOST_VALUES && answers.len() < MOST {
                answers.insert(asked, Arc::clone(&counted));
            }
            counted
        })
    }

    /// The answers of `generation`; those of another one are gone. Whoever asks holds the index's lock,
    /// so that all who ask at one time are of one generation.
    fn lock(&self, generation: u64) -> MutexGuard<'_, Generation> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.number != generation {
            kept.number = generation;
            kept.answers.clear();
        }
        kept
    }
}
