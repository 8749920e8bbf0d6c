//! Refusals of people whom nobody knows: anybody can cause them, as many as they like.

use std::sync::{Mutex, PoisonError};

/// The most in a minute that come to the table, where they would push out what matters.
const MOST: u32 = 600;
const OVER: u32 = MOST + 1;
const MINUTE: u64 = 60_000;

/// What becomes of one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It comes to the table.
    ToTheTable,
    /// It is the first of the minute that does not.
    First,
    /// It is one more.
    No,
}

/// Counts them minute by minute.
#[derive(Debug, Default)]
pub(crate) struct Flood(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    number: u64,
    count: u32,
}

impl Flood {
    /// Whether one more at `unix_millis` comes to the table.
    pub(crate) fn take(&self, unix_millis: u64) -> Taken {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = unix_millis / MINUTE;
        if minute.number != number {
            *minute = Minute { number, count: 0 };
        }
        minute.count = minute.count.saturating_add(1);
        match minute.count {
            ..=MOST => Taken::ToTheTable,
            OVER => Taken::First,
            _ => Taken::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_minute_takes_so_many() {
        let flood = Flood::default();
        let count = |at, what| (0..MOST * 2).filter(|_| flood.take(at) == what).count();

        assert_eq!(count(0, Taken::ToTheTable), MOST as usize);
        assert_eq!(count(MINUTE - 1, Taken::ToTheTable), 0);
        assert_eq!(count(MINUTE, Taken::First), 1);
    }
}
