//! Cuts pages out of a set of documents, in order.
//!
//! There are two ways: walk the order and take what is in the set, or gather the set and pick the
//! first few. Walking is nearly free when the set is a good part of everything, gathering when it is
//! small. So a walk starts, and gives up once it has cost as much as gathering.

use std::cmp::Ordering;
use std::ops::Bound;

use roaring::RoaringBitmap;

use super::order::Direction;
use crate::index::{Column, ColumnRef, Index};

/// Steps of a walk that cost as much as gathering one document.
const STEPS_PER_DOCUMENT: u64 = if cfg!(any(test, fuzzing)) { 1 } else { 3 };
/// Steps that are too few to think about. The catalogs of tests are small, and have to give up too.
const FREE_STEPS: u64 = if cfg!(any(test, fuzzing)) { 2 } else { 64 };

/// Which part of an order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    /// Which way round.
    pub(crate) direction: Direction,
    /// Starts behind the document with this reference, which need not exist any more.
    pub(crate) after: Option<&'a str>,
    /// Takes this many.
    pub(crate) count: usize,
    /// Every document in the set has this kind.
    pub(crate) kind: Option<&'a str>,
}

impl Span<'_> {
    /// Whether a document with this reference comes after the start.
    fn is_behind(&self, entity_ref: &str) -> bool {
        match (self.after, self.direction) {
            (None, _) => true,
            (Some(after), Direction::Asc) => entity_ref > after,
            (Some(after), Direction::Desc) => entity_ref < after,
        }
    }
}

/// The first documents of `matches` in the order of references.
pub(crate) fn by_ref(index: &Index, matches: &RoaringBitmap, span: Span<'_>) -> Vec<u32> {
    if span.count == 0 {
        return Vec::new();
    }
    if let Some(found) = walk_refs(index, matches, span) {
        return found;
    }
    let gathered = matches
        .iter()
        .map(|id| (index.entity_ref(id), id))
        .filter(|(entity_ref, _)| span.is_behind(entity_ref));
    first(gathered.collect(), span.count, |left, right| {
        in_direction(left.0.cmp(right.0), span.direction)
    })
}

/// How many there can be at most.
fn wanted(matches: &RoaringBitmap, span: Span<'_>) -> usize {
    span.count
        .min(usize::try_from(matches.len()).unwrap_or(usize::MAX))
}

/// How many steps a walk over `all` may take; `None` when it would need more, were the matches spread
/// evenly. They are not always, hence the limit.
fn steps(matches: &RoaringBitmap, wanted: usize, all: u64) -> Option<u64> {
    let steps = FREE_STEPS + matches.len() * STEPS_PER_DOCUMENT;
    let expected = (wanted as u64).saturating_mul(all) / matches.len().max(1);
    (expected <= steps).then_some(steps)
}

/// `None` when it turns out to cost more than gathering.
fn walk_refs(index: &Index, matches: &RoaringBitmap, span: Span<'_>) -> Option<Vec<u32>> {
    let of_kind = span.kind.and_then(|kind| index.posting("kind", kind));
    let wanted = wanted(matches, span);
    let all = of_kind.map_or(index.live().len(), |posting| posting.len());
    let steps = steps(matches, wanted, all)?;
    let (start, end) = bounds(span);
    let range = index.by_ref(as_text(&start), as_text(&end));
    walk(range, matches, span.direction, wanted, steps)
}

/// Takes what is in the set until there is enough; `None` when that takes too many steps.
fn walk(
    mut range: impl DoubleEndedIterator<Item = u32>,
    matches: &RoaringBitmap,
    direction: Direction,
    wanted: usize,
    mut steps: u64,
) -> Option<Vec<u32>> {
    let mut found = Vec::with_capacity(wanted);
    let mut take = |id: u32| {
        if matches.contains(id) {
            found.push(id);
        }
        steps -= 1;
        found.len() < wanted && steps > 0
    };
    let stopped = match direction {
        Direction::Asc => range.any(|id| !take(id)),
        Direction::Desc => range.rev().any(|id| !take(id)),
    };
    (!stopped || found.len() == wanted).then_some(found)
}

/// The references between which to look. Either may be past the other, and then there is nothing.
fn bounds(span: Span<'_>) -> (Bound<String>, Bound<String>) {
    let after = span.after.map(|after| Bound::Excluded(after.to_owned()));
    // `;` is the character behind `:`.
    let of_kind = |end: char| match span.kind {
        Some(kind) => Bound::Included(format!("{kind}{end}")),
        None => Bound::Unbounded,
    };
    match span.direction {
        Direction::Asc => (
            tighter(after, of_kind(':'), Ordering::Greater),
            of_kind(';'),
        ),
        Direction::Desc => (of_kind(':'), tighter(after, of_kind(';'), Ordering::Less)),
    }
}

/// Of two bounds at the same end, the one that lets through less.
fn tighter(
    position: Option<Bound<String>>,
    kind: Bound<String>,
    wanted: Ordering,
) -> Bound<String> {
    match (position, kind) {
        (None, kind) => kind,
        (Some(Bound::Excluded(position)), Bound::Included(kind))
            if position.cmp(&kind) != wanted =>
        {
            Bound::Included(kind)
        }
        (Some(position), _) => position,
    }
}

fn as_text(bound: &Bound<String>) -> Bound<&str> {
    bound.as_ref().map(String::as_str)
}

/// The first documents of `matches` in the order of `column`; `value` is where `span.after` stands.
/// Documents without a value are left out.
pub(crate) fn by_column(
    index: &Index,
    column: &Column,
    matches: &RoaringBitmap,
    value: Option<&str>,
    span: Span<'_>,
) -> Vec<u32> {
    if span.count == 0 {
        return Vec::new();
    }
    if let Some(found) = walk_column(index, column, matches, value, span) {
        return found;
    }
    let position = value.zip(span.after);
    let gathered = matches
        .iter()
        .filter_map(|id| Some(((column.value(id)?, index.entity_ref(id)), id)))
        .filter(|(key, _)| match (position, span.direction) {
            (None, _) => true,
            (Some(position), Direction::Asc) => *key > position,
            (Some(position), Direction::Desc) => *key < position,
        });
    first(gathered.collect(), span.count, |left, right| {
        in_direction(left.0.cmp(&right.0), span.direction)
    })
}

fn walk_column(
    index: &Index,
    column: &Column,
    matches: &RoaringBitmap,
    value: Option<&str>,
    span: Span<'_>,
) -> Option<Vec<u32>> {
    let wanted = wanted(matches, span);
    let steps = steps(matches, wanted, column.documents().len())?;
    let position = value
        .zip(span.after)
        .map_or(Bound::Unbounded, Bound::Excluded);
    let (start, end) = match span.direction {
        Direction::Asc => (position, Bound::Unbounded),
        Direction::Desc => (Bound::Unbounded, position),
    };
    let range = index.by_column(column, start, end);
    walk(range, matches, span.direction, wanted, steps)
}

/// A field to sort by in [`by_fields`]: without a column nobody has the field.
pub(crate) type FieldOrder<'a> = (Option<ColumnRef<'a>>, Direction);

/// The first documents of `matches` by several fields, then by reference. Whoever lacks a field comes
/// last, whichever way round it is sorted.
pub(crate) fn by_fields(
    index: &Index,
    orders: &[FieldOrder<'_>],
    matches: &RoaringBitmap,
    count: usize,
) -> Vec<u32> {
    let compare = |left: &((), u32), right: &((), u32)| {
        for (column, direction) in orders {
            let Some(column) = column else { continue };
            let order = match (column.value(left.1), column.value(right.1)) {
                (Some(left), Some(right)) => in_direction(left.cmp(right), *direction),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        index.entity_ref(left.1).cmp(index.entity_ref(right.1))
    };
    first(matches.iter().map(|id| ((), id)).collect(), count, compare)
}

fn in_direction(order: Ordering, direction: Direction) -> Ordering {
    match direction {
        Direction::Asc => order,
        Direction::Desc => order.reverse(),
    }
}

/// The `count` smallest, in order.
fn first<K>(
    mut gathered: Vec<(K, u32)>,
    count: usize,
    compare: impl Fn(&(K, u32), &(K, u32)) -> Ordering,
) -> Vec<u32> {
    if count == 0 {
        return Vec::new();
    }
    if gathered.len() > count {
        gathered.select_nth_unstable_by(count - 1, &compare);
        gathered.truncate(count);
    }
    gathered.sort_unstable_by(&compare);
    gathered.into_iter().map(|(_, id)| id).collect()
}
