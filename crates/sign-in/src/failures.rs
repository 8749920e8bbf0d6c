//! Attempts to sign in that failed, for whoever has to find out why.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::resolvers::Comparison;

/// The most attempts that are remembered; the oldest are forgotten first.
const MOST: usize = 200;

/// The latest attempts that failed in this process.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<VecDeque<Failure>>);

/// An attempt that failed. It holds no secrets.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// In Unix milliseconds.
    pub(crate) at: u64,
    pub(crate) provider: &'static str,
    pub(crate) request_id: Option<String>,
    /// A stable word for why.
    pub(crate) code: String,
    /// Why, in a sentence.
    pub(crate) reason: String,
    /// What to do about it.
    pub(crate) hint: Option<String>,
    /// What the resolvers compared, when it came to that.
    pub(crate) comparisons: Vec<Comparison>,
}

impl Failures {
    /// Remembers one.
    pub(crate) fn add(&self, failure: Failure) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.pop_back();
        }
        all.push_front(failure);
    }

    /// All that are remembered, the latest first.
    pub(crate) fn all(&self) -> Vec<Failure> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_are_remembered() {
        let failures = Failures::default();
        for at in 0..=MOST as u64 {
            failures.add(Failure {
                at,
                provider: "github",
                request_id: None,
                code: String::new(),
                reason: String::new(),
                hint: None,
                comparisons: Vec::new(),
            });
        }

        let all = failures.all();

        assert_eq!(
            (all.len(), all[0].at, all[MOST - 1].at),
            (MOST, MOST as u64, 1)
        );
    }
}
