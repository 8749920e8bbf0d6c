//! Which documents have what, by hash alone.

/// Entries in a bucket, on average: few enough to be looked through, many enough to cost nothing more.
const PER_BUCKET: usize = if cfg!(any(test, fuzzing)) { 2 } else { 48 };

/// The two halves of a hash, and a document.
type Entry = [u32; 3];

/// Pairs of a hash and a document, 12 bytes each, in a table that grows by one bucket at a time.
///
/// The hashes are of 64 bits under a key that nobody outside knows, so they stand for what was hashed.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    buckets: Vec<Vec<Entry>>,
    len: usize,
}

impl Pairs {
    /// Adds a pair.
    pub(super) fn insert(&mut self, hash: u64, id: u32) {
        if self.len >= self.buckets.len() * PER_BUCKET {
            self.grow();
        }
        let place = self.place(hash);
        let bucket = &mut self.buckets[place];
        let entry = entry(hash, id);
        if let Err(at) = bucket.binary_search(&entry) {
            if bucket.len() == bucket.capacity() {
                bucket.reserve_exact(4 + bucket.len() / 8);
            }
            bucket.insert(at, entry);
            self.len += 1;
        }
    }

    /// Removes a pair.
    pub(super) fn remove(&mut self, hash: u64, id: u32) {
        if self.len == 0 {
            return;
        }
        let place = self.place(hash);
        let bucket = &mut self.buckets[place];
        if let Ok(at) = bucket.binary_search(&entry(hash, id)) {
            bucket.remove(at);
            self.len -= 1;
        }
    }

    /// Every document of a hash, in order.
    pub(super) fn documents(&self, hash: u64) -> impl ExactSizeIterator<Item = u32> {
        let bucket = match self.len {
            0 => &[],
            _ => self.buckets[self.place(hash)].as_slice(),
        };
        let start = bucket.partition_point(|other| *other < entry(hash, 0));
        let count = bucket[start..].partition_point(|other| *other <= entry(hash, u32::MAX));
        bucket[start..start + count].iter().map(|[.., id]| *id)
    }

    /// How many pairs there are.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.len
    }

    /// Linear hashing: the buckets before the last power of two that were split already take one bit more.
    fn place(&self, hash: u64) -> usize {
        let buckets = self.buckets.len() as u64;
        let wide = buckets.next_power_of_two();
        let place = hash & (wide - 1);
        let place = if place < buckets {
            place
        } else {
            place - wide / 2
        };
        usize::try_from(place).unwrap_or_default()
    }

    fn grow(&mut self) {
        let new = self.buckets.len();
        self.buckets.push(Vec::new());
        if new == 0 {
            return;
        }
        let parent = new - (new + 1).next_power_of_two() / 2;
        let entries = std::mem::take(&mut self.buckets[parent]);
        let (moved, kept): (Vec<Entry>, Vec<Entry>) = entries
            .into_iter()
            .partition(|entry| self.place(hash_of(entry)) == new);
        self.buckets[parent] = kept;
        self.buckets[new] = moved;
    }
}

fn entry(hash: u64, id: u32) -> Entry {
    [(hash >> 32) as u32, hash as u32, id]
}

fn hash_of([high, low, _]: &Entry) -> u64 {
    u64::from(*high) << 32 | u64::from(*low)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pairs_are_what_a_plain_set_of_them_is(steps in proptest::collection::vec((any::<bool>(), 0u64..12, 0u32..4), 0..120)) {
            let mut plain = BTreeSet::new();
            let mut pairs = Pairs::default();
            for (insert, number, id) in steps {
                let hash = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                if insert {
                    plain.insert((hash, id));
                    pairs.insert(hash, id);
                } else {
                    plain.remove(&(hash, id));
                    pairs.remove(hash, id);
                }
            }
            prop_assert_eq!(pairs.len(), plain.len());
            for hash in (0..12u64).map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15)) {
                let expected: Vec<u32> = plain.iter().filter(|(other, _)| *other == hash).map(|(_, id)| *id).collect();
                prop_assert_eq!(pairs.documents(hash).collect::<Vec<_>>(), expected);
            }
        }
    }
}
