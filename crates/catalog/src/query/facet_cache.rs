//! Facets that were counted already.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::expression::Expression;
use super::facets::FacetCounts;

/// Pages ask for the same few facets again and again.
const MOST: usize = 128;
/// Values in all kept answers: about 100 bytes each.
const MOST_VALUES: usize = 300_000;

/// What was asked: facets, and who is counted.
type Asked = (Vec<String>, Expression);

/// Answers, each for as long as nothing changes that it was made of.
#[derive(Debug, Default)]
pub(crate) struct FacetCache(Mutex<HashMap<Asked, Kept>>);

#[derive(Debug)]
struct Kept {
    /// The last change of anything that was looked at.
    changed: u64,
    counts: Arc<Vec<FacetCounts>>,
}

impl FacetCache {
    /// The answer that was kept since the change `changed`, or the one that `count` gives. Whoever asks holds the
    /// index's lock, so that nothing changes meanwhile.
    pub(super) fn get_or_count(
        &self,
        changed: u64,
        asked: Asked,
        count: impl FnOnce(&Asked) -> Vec<FacetCounts>,
    ) -> Arc<Vec<FacetCounts>> {
        let current = |kept: &&Kept| kept.changed == changed;
        let kept = self.lock().get(&asked).filter(current).map(Kept::counts);
        kept.unwrap_or_else(|| {
            let counts = Arc::new(count(&asked));
            let kept = Kept { changed, counts };
            let answer = kept.counts();
            let mut answers = self.lock();
            let values = kept.values() + answers.values().map(Kept::values).sum::<usize>();
            if answers.len() >= MOST || values > MOST_VALUES {
                answers.clear();
            }
            if kept.values() <= MOST_VALUES {
                answers.insert(asked, kept);
            }
            answer
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Asked, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn counts(&self) -> Arc<Vec<FacetCounts>> {
        Arc::clone(&self.counts)
    }

    fn values(&self) -> usize {
        self.counts.iter().map(|facet| facet.values.len()).sum()
    }
}
