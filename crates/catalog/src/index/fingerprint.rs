//! What the whole index is like, as one number.

use std::hash::BuildHasher;

use bytes::Bytes;
use foldhash::quality::FixedState;

/// The sum of the hashes of documents: the same for the same documents, in whatever order and however often changed
/// they came in, and in every process of one version of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u128);

impl Fingerprint {
    /// What replacing `former` by `next` adds.
    pub(super) fn shift(former: Option<&Bytes>, next: Option<&Bytes>) -> Self {
        let hash = |json: Option<&Bytes>| json.map_or(0, |json| hash(json));
        Self(hash(next).wrapping_sub(hash(former)))
    }

    pub(super) fn add(&mut self, shift: Self) {
        self.0 = self.0.wrapping_add(shift.0);
    }
}

/// It detects change; nothing's safety rests on it.
fn hash(json: &[u8]) -> u128 {
    let half = |seed| u128::from(FixedState::with_seed(seed).hash_one(json));
    half(1) << 64 | half(2)
}
