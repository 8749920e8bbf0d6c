//! How often to look again at what nothing watches (CAT-29).

use std::time::Duration;

use crate::hash;

/// A pause that is drawn anew each time between its length and half as much again, so that what was read together
/// at a start is not asked for together for ever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Polling(Duration);

impl Default for Polling {
    fn default() -> Self {
        Self(Duration::from_secs(100))
    }
}

impl Polling {
    pub(crate) fn every(pause: Duration) -> Self {
        Self(pause)
    }

    /// In how many milliseconds `what` is due again, after its read number `number`.
    pub(super) fn next(self, what: &str, number: i64) -> i64 {
        let shortest = i64::try_from(self.0.as_millis())
            .unwrap_or(i64::MAX / 4)
            .clamp(1, i64::MAX / 4);
        let draw = hash::number(format!("{what} {number}").as_bytes());
        shortest + draw % (shortest / 2 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_differ_and_stay_within_half_as_much_again() {
        let polling = Polling::every(Duration::from_secs(100));
        let pauses: Vec<i64> = (0..100)
            .map(|number| polling.next("location:default/a", number))
            .collect();
        assert!(
            pauses
                .iter()
                .all(|pause| (100_000..=150_000).contains(pause))
        );
        assert!(
            pauses.iter().any(|pause| *pause < 115_000)
                && pauses.iter().any(|pause| *pause > 135_000)
        );
    }

    #[test]
    fn the_shortest_and_the_longest_pause_are_fine() {
        assert_eq!(Polling::every(Duration::ZERO).next("a", 1), 1);
        assert!(Polling::every(Duration::MAX).next("a", 1) > 0);
    }
}
