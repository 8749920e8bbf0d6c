//! Facets that were counted already.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::facets::{FacetCounts, Question};

/// Pages ask for the same few facets again and again.
const MOST: usize = 128;
/// Values in all kept answers: about 100 bytes each.
const MOST_VALUES: usize = if cfg!(any(test, fuzzing)) {
    40
} else {
    300_000
};

/// Answers, each for as long as nothing changes that it was made of.
#[derive(Debug, Default)]
pub(crate) struct FacetCache(Mutex<HashMap<Question, Kept>>);

#[derive(Debug)]
struct Kept {
    /// The last change of anything that was looked at, before it was.
    changed: u64,
    counts: Weak<Vec<FacetCounts>>,
    /// The same, unless it is so much that it is kept for as long only as somebody else holds it.
    held: Option<Arc<Vec<FacetCounts>>>,
}

impl FacetCache {
    /// The answer, if one is there that has every change up to `changed`.
    pub(super) fn get(&self, asked: &Question, changed: u64) -> Option<Arc<Vec<FacetCounts>>> {
        let answers = self.lock();
        let kept = answers.get(asked).filter(|kept| kept.changed >= changed);
        kept.and_then(|kept| kept.counts.upgrade())
    }

    /// Keeps an answer that has every change up to `changed`.
    pub(super) fn keep(
        &self,
        asked: Question,
        changed: u64,
        counts: Vec<FacetCounts>,
    ) -> Arc<Vec<FacetCounts>> {
        let counts = Arc::new(counts);
        let kept = Kept {
            changed,
            counts: Arc::downgrade(&counts),
            held: (values(&counts) <= MOST_VALUES).then(|| Arc::clone(&counts)),
        };
        let mut answers = self.lock();
        let all = kept.values() + answers.values().map(Kept::values).sum::<usize>();
        if answers.len() >= MOST || all > MOST_VALUES {
            answers.clear();
        }
        answers.insert(asked, kept);
        counts
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Question, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn values(&self) -> usize {
        self.held.as_deref().map_or(0, |counts| values(counts))
    }
}

fn values(counts: &[FacetCounts]) -> usize {
    counts.iter().map(|facet| facet.values.len()).sum()
}
