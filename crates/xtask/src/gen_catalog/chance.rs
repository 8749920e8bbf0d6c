//! Repeatable chance: every entity draws from its own stream, so that its text depends on the
//! seed and on its number, and not on what was written before it.
//!
//! Only whole-number arithmetic: floating-point powers and logarithms differ between machines.

use fastrand::Rng;

/// A stream of random numbers that belongs to one thing in the catalog.
pub(super) struct Chance(Rng);

impl Chance {
    /// The stream of thing `number` within the family `topic`.
    pub(super) fn of(seed: u64, topic: u64, number: usize) -> Self {
        let mixed = mix(seed ^ mix(topic ^ mix(number as u64)));
        Self(Rng::with_seed(mixed))
    }

    /// A number in `0..bound`, each as likely as the next; 0 for an empty range.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { self.0.usize(..bound) }
    }

    /// A number in `0..bound` where small numbers are far more likely: half of all draws fall
    /// into the first quarter.
    pub(super) fn popular(&mut self, bound: usize) -> usize {
        const STEPS: u128 = 1 << 20;
        let draw = u128::from(self.0.u64(..STEPS as u64));
        (draw * draw * bound as u128 / (STEPS * STEPS)) as usize
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`, each as likely as the next.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// One of `choices` by weight.
    pub(super) fn weighted<'a>(&mut self, choices: &[(&'a str, usize)]) -> &'a str {
        let total = choices.iter().map(|(_, weight)| weight).sum();
        let mut rest = self.below(total);
        for (choice, weight) in choices {
            if rest < *weight {
                return choice;
            }
            rest -= weight;
        }
        choices[0].0
    }
}

/// Spreads the bits of a number (the finaliser of SplitMix64).
fn mix(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_quarter_takes_half_of_the_popular_draws() {
        let mut chance = Chance::of(1, 2, 3);
        let hits = (0..10_000).filter(|_| chance.popular(800) < 200).count();
        assert!((4_800..5_200).contains(&hits), "{hits} of 10,000");
    }

    #[test]
    fn popular_stays_below_its_bound() {
        let mut chance = Chance::of(1, 2, 4);
        assert!((0..10_000).all(|_| chance.popular(3) < 3));
        assert_eq!(chance.popular(0), 0);
    }
}
