//! Documents in some order.

use std::cmp::Ordering;

/// Documents in one piece. Inserting moves half a piece, finding one looks at the firsts of all pieces.
const PIECE: usize = if cfg!(any(test, fuzzing)) { 4 } else { 512 };

/// A sorted list that a document is put into, or taken out of, without moving all others.
///
/// It knows neither texts nor numbers: whoever calls compares.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    pieces: Vec<Vec<u32>>,
}

impl Order {
    /// The order of documents that are sorted already.
    pub(super) fn of_sorted(ids: &[u32]) -> Self {
        // Not full, so that the first insertions do not split them all.
        let pieces = ids.chunks(PIECE * 3 / 4).map(<[u32]>::to_vec).collect();
        Self { pieces }
    }

    /// Puts a document in; `compare` says how another one stands to it.
    pub(super) fn insert(&mut self, id: u32, compare: impl Fn(u32) -> Ordering) {
        let Some((number, place)) = self.place(|other| compare(other) == Ordering::Less) else {
            self.pieces.push(vec![id]);
            return;
        };
        let piece = &mut self.pieces[number];
        if piece.len() == piece.capacity() {
            piece.reserve_exact(8 + piece.len() / 8);
        }
        piece.insert(place, id);
        if piece.len() > PIECE {
            let rest = piece.split_off(PIECE / 2);
            self.pieces.insert(number + 1, rest);
        }
    }

    /// Takes a document out.
    pub(super) fn remove(&mut self, id: u32, compare: impl Fn(u32) -> Ordering) {
        let Some((mut number, mut place)) = self.place(|other| compare(other) == Ordering::Less)
        else {
            return;
        };
        if place == self.pieces[number].len() {
            (number, place) = (number + 1, 0);
        }
        let Some(piece) = self.pieces.get_mut(number) else {
            return;
        };
        if piece.get(place) == Some(&id) {
            piece.remove(place);
            if piece.is_empty() {
                self.pieces.remove(number);
            }
        }
    }

    /// The documents from the first one that is not before the start, up to the first that is not before the
    /// end.
    pub(super) fn range(
        &self,
        before_start: impl Fn(u32) -> bool,
        before_end: impl Fn(u32) -> bool,
    ) -> impl DoubleEndedIterator<Item = u32> {
        let start = self.place(&before_start).unwrap_or_default();
        let end = self.place(&before_end).unwrap_or_default().max(start);
        let piece = |number: usize| self.pieces.get(number).map_or(&[][..], Vec::as_slice);
        let (first, middle, last) = if start.0 == end.0 {
            (&piece(start.0)[start.1..end.1], &[][..], &[][..])
        } else {
            (
                &piece(start.0)[start.1..],
                &self.pieces[start.0 + 1..end.0],
                &piece(end.0)[..end.1],
            )
        };
        first
            .iter()
            .chain(middle.iter().flatten())
            .chain(last)
            .copied()
    }

    /// Piece and place of the first document that does not stand before. The place may be behind the last
    /// one of the piece.
    fn place(&self, before: impl Fn(u32) -> bool) -> Option<(usize, usize)> {
        let is_before = |id: &u32| before(*id);
        let behind = self
            .pieces
            .partition_point(|piece| piece.first().is_some_and(is_before));
        let number = behind.saturating_sub(1);
        let piece = self.pieces.get(number)?;
        Some((number, piece.partition_point(is_before)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_order_is_what_a_sorted_set_is(first in proptest::collection::btree_set(0u32..40, 0..20), steps in proptest::collection::vec((any::<bool>(), 0u32..40), 0..80), start in 0u32..42, end in 0u32..42) {
            let mut plain: BTreeSet<u32> = first;
            let mut order = Order::of_sorted(&plain.iter().copied().collect::<Vec<_>>());
            for (insert, id) in steps {
                if insert && plain.insert(id) {
                    order.insert(id, |other| other.cmp(&id));
                } else if !insert {
                    plain.remove(&id);
                    order.remove(id, |other| other.cmp(&id));
                }
            }
            let all: Vec<u32> = order.range(|_| false, |_| true).collect();
            prop_assert_eq!(all, plain.iter().copied().collect::<Vec<_>>());
            let (from, to) = (start.min(end), start.max(end));
            let range: Vec<u32> = order.range(|id| id < start, |id| id < end).collect();
            let expected: Vec<u32> = if start < end { plain.range(from..to).copied().collect() } else { Vec::new() };
            prop_assert_eq!(&range, &expected);
            let back: Vec<u32> = order.range(|id| id < start, |id| id < end).rev().collect();
            prop_assert_eq!(back, expected.into_iter().rev().collect::<Vec<_>>());
        }
    }
}
