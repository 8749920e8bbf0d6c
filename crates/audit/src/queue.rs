//! Events on their way to the table.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::row::EventRow;

/// The most events that wait, and the most bytes that they have together.
const MOST_EVENTS: usize = 20_000;
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Events that wait, the oldest first. They stay until they are stored, so that one who fails to store them tries
/// again.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    rows: VecDeque<Arc<EventRow>>,
    bytes: usize,
}

impl Queue {
    /// Adds an event; `false` when there is no room for it.
    pub(crate) fn push(&self, row: EventRow) -> bool {
        let mut waiting = self.waiting();
        let bytes = waiting.bytes + row.bytes();
        if waiting.rows.len() >= MOST_EVENTS || bytes > MOST_BYTES {
            return false;
        }
        waiting.rows.push_back(Arc::new(row));
        waiting.bytes = bytes;
        drop(waiting);
        self.arrived.notify_one();
        true
    }

    /// The oldest events, at most so many. They go on waiting.
    pub(crate) fn front(&self, most: usize) -> Vec<Arc<EventRow>> {
        self.waiting().rows.iter().take(most).cloned().collect()
    }

    /// The oldest `count` events wait no longer.
    pub(crate) fn done(&self, count: usize) {
        let mut waiting = self.waiting();
        for _ in 0..count {
            if let Some(row) = waiting.rows.pop_front() {
                waiting.bytes -= row.bytes();
            }
        }
    }

    /// How many events wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting().rows.len()
    }

    /// Waits until an event arrives; returns at once when one did since the last time.
    pub(crate) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(details: &str) -> EventRow {
        EventRow {
            details: details.to_owned(),
            ..EventRow::default()
        }
    }

    #[test]
    fn it_is_bounded_by_number_and_by_size() {
        let (many, large) = (Queue::default(), Queue::default());
        let taken = (0..=MOST_EVENTS).filter(|_| many.push(row("{}"))).count();
        assert_eq!(taken, MOST_EVENTS);

        let megabyte = "x".repeat(1024 * 1024);
        let taken = (0..20).filter(|_| large.push(row(&megabyte))).count();
        assert_eq!(taken, 15);
        large.done(15);
        assert!(large.push(row(&megabyte)));
    }
}
