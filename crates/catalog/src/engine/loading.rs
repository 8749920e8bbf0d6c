//! While a large location is being read, putting entities together waits for a while.
//!
//! An entity that many others point at would otherwise be put together again for each window of them, and what was
//! put together told to everybody. What is due stays queued meanwhile, so a crash changes nothing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long people wait for the first entities of a large location; each further wait is twice as long, so that all
/// of them together cost little even when the location takes very long.
const FIRST: Duration = Duration::from_secs(2);

/// The large reads of this process; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Loading(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    reads: usize,
    /// When to put together what there is, and how long the wait for that is.
    next: Option<(Instant, Duration)>,
}

/// A large read that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct LargeRead(Loading);

impl Loading {
    /// A read turned out to be large.
    pub(super) fn begin(&self, now: Instant) -> LargeRead {
        let mut state = self.state();
        state.reads += 1;
        if state.next.is_none() {
            state.next = Some((now + FIRST, FIRST));
        }
        drop(state);
        LargeRead(self.clone())
    }

    /// Whether putting together has to wait now.
    pub(super) fn postpones(&self, now: Instant) -> bool {
        let state = self.state();
        state.next.is_some_and(|(next, _)| now < next)
    }

    /// Everything that was there has been put together.
    pub(super) fn caught_up(&self, now: Instant) {
        let mut state = self.state();
        if let Some((next, wait)) = state.next
            && now >= next
        {
            state.next = Some((now + 2 * wait, 2 * wait));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for LargeRead {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.reads -= 1;
        if state.reads == 0 {
            state.next = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_while_a_large_read_goes_on_and_end_with_it() {
        let loading = Loading::default();
        let start = Instant::now();
        assert!(!loading.postpones(start));
        let (first, second) = (loading.begin(start), loading.begin(start));
        loading.caught_up(start);
        assert!(loading.postpones(start));
        assert!(!loading.postpones(start + FIRST));
        loading.caught_up(start + FIRST);
        assert!(loading.postpones(start + 2 * FIRST));
        assert!(!loading.postpones(start + 3 * FIRST));
        drop(first);
        assert!(loading.postpones(start + 2 * FIRST));
        drop(second);
        assert!(!loading.postpones(start + 2 * FIRST));
    }
}
