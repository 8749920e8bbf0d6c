//! How long requests wait in a queue, told from what a worker sees when it looks anyway.
//!
//! The queues do not store when a request came: that would be a column in every row. Each look at a queue tells the
//! oldest and the newest number in it, and numbers only grow. So a request that an earlier look saw has waited since
//! then, and one that no look saw has waited at most since the worker was woken.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::sql::queue::Request;

/// Looks remembered of a queue that does not get empty; beyond that every second one is forgotten.
const REMEMBERED: usize = 1_024;

/// The waiting in one queue; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct QueueWatch {
    delay: Histogram,
    length: Gauge,
    looks: Arc<Mutex<Looks>>,
}

#[derive(Debug, Default)]
struct Looks {
    /// The first time somebody asked since the last look.
    asked: Option<Instant>,
    /// When which number was the newest, oldest first.
    seen: VecDeque<(Instant, i64)>,
}

impl Default for QueueWatch {
    fn default() -> Self {
        Self {
            delay: Histogram::new([
                0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0,
            ]),
            length: Gauge::default(),
            looks: Arc::default(),
        }
    }
}

impl QueueWatch {
    /// There may be new requests.
    pub(crate) fn asked(&self) {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.asked.get_or_insert_with(Instant::now);
    }

    /// The oldest requests were read, and are worked on now.
    pub(crate) fn looked(&self, requests: &[Request]) {
        let Some((oldest, _, newest)) = requests.first() else {
            self.length.set(0);
            let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
            *looks = Looks::default();
            return;
        };
        self.length.set(newest - oldest + 1);
        let waited = {
            let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
            looks.look(Instant::now(), *oldest, *newest)
        };
        self.delay.observe(waited.as_secs_f64());
    }

    pub(super) fn register(self, step: &str, registry: &mut Registry) {
        registry.register(
            format!("catalog_{step}_queue_delay"),
            "Seconds that the oldest entity of a batch had waited",
            self.delay,
        );
        registry.register(
            format!("catalog_{step}_queue_length"),
            "Requests in the queue when it was last looked at",
            self.length,
        );
    }
}

impl Looks {
    /// How long the request with the number `oldest` has waited at `now`, when `newest` is the newest.
    fn look(&mut self, now: Instant, oldest: i64, newest: i64) -> Duration {
        // Numbers may begin anew after a queue was empty.
        if self.seen.back().is_some_and(|(_, known)| *known > newest) {
            self.seen.clear();
        }
        while self.seen.front().is_some_and(|(_, known)| *known < oldest) {
            self.seen.pop_front();
        }
        let asked = self.asked.take();
        let since = self.seen.front().map(|(at, _)| *at).or(asked);
        if self.seen.len() == REMEMBERED {
            let mut keep = false;
            self.seen.retain(|_| {
                keep = !keep;
                keep
            });
        }
        self.seen.push_back((now, newest));
        since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at a queue at the given seconds, and says how many seconds each oldest request had waited.
    fn waits(looks: &[(u64, i64, i64)]) -> Vec<u64> {
        let start = Instant::now();
        let mut all = Looks::default();
        looks
            .iter()
            .map(|(second, oldest, newest)| {
                let now = start + Duration::from_secs(*second);
                all.look(now, *oldest, *newest).as_secs()
            })
            .collect()
    }

    #[test]
    fn a_request_has_waited_since_the_first_look_that_saw_it() {
        assert_eq!(
            waits(&[
                (0, 1, 3_000),
                (4, 1_001, 3_000),
                (9, 2_001, 5_000),
                (12, 4_000, 5_000)
            ]),
            [0, 4, 9, 3]
        );
    }

    #[test]
    fn a_request_that_no_look_saw_has_waited_since_the_worker_was_woken() {
        let start = Instant::now();
        let mut looks = Looks {
            asked: Some(start),
            ..Looks::default()
        };

        let second = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(looks.look(second(2), 7, 7).as_secs(), 2);
        assert_eq!(looks.look(second(5), 8, 8).as_secs(), 0);
    }

    #[test]
    fn numbers_that_begin_anew_are_no_old_requests() {
        assert_eq!(waits(&[(0, 900, 1_000), (60, 1, 5)]), [0, 0]);
    }

    #[test]
    fn a_queue_that_never_gets_empty_is_remembered_in_bounds() {
        let start = Instant::now();
        let mut looks = Looks::default();
        for number in 0..10_000 {
            looks.look(start, 0, number);
        }
        assert!(looks.seen.len() <= REMEMBERED);
        assert_eq!(looks.seen.front().unwrap().1, 0);
    }
}
