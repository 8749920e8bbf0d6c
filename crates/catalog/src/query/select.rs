//! Cuts pages out of a set of documents, in order.
//!
//! There are two ways: walk the order and take what is in the set, or gather the set and pick the
//! first few. Walking is nearly free when the set is a good part of everything, gathering when it is
//! small. So a walk starts, and gives up once it has cost as much as gathering.

use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::order::Direction;
use crate::index::{Column, Index, Posting};

/// Steps of a walk that cost as much as gathering one document.
const STEPS_PER_DOCUMENT: u64 = if cfg!(test) { 1 } else { 3 };
/// Steps that are too few to think about. The catalogs of tests are small, and have to give up too.
const FREE_STEPS: u64 = if cfg!(test) { 2 } else { 64 };

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
    let of_kind = span
        .kind
        .and_then(|kind| index.field("kind")?.posting(kind));
    let wanted = wanted(matches, span);
    let mut steps = steps(
        matches,
        wanted,
        of_kind.map_or(index.live().len(), Posting::len),
    )?;
    let (lower, upper) = bounds(span);
    let mut found = Vec::with_capacity(wanted);
    if is_empty(&lower, &upper) {
        return Some(found);
    }
    let mut take = |id: u32| {
        if matches.contains(id) {
            found.push(id);
        }
        steps -= 1;
        found.len() < wanted && steps > 0
    };
    let mut range = index.by_ref().range((lower, upper)).map(|(_, id)| *id);
    let stopped = match span.direction {
        Direction::Asc => range.any(|id| !take(id)),
        Direction::Desc => range.rev().any(|id| !take(id)),
    };
    (!stopped || found.len() == wanted).then_some(found)
}

fn bounds(span: Span<'_>) -> (Bound<Arc<str>>, Bound<Arc<str>>) {
    let after = span.after.map(|after| Bound::Excluded(Arc::from(after)));
    // `;` is the character behind `:`.
    let of_kind = |end: char| match span.kind {
        Some(kind) => Bound::Included(Arc::from(format!("{kind}{end}"))),
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
    position: Option<Bound<Arc<str>>>,
    kind: Bound<Arc<str>>,
    wanted: Ordering,
) -> Bound<Arc<str>> {
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

/// `BTreeMap::range` panics on these.
fn is_empty(lower: &Bound<Arc<str>>, upper: &Bound<Arc<str>>) -> bool {
    match (lower, upper) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        (Bound::Included(lower), Bound::Included(upper)) => lower > upper,
        (
            Bound::Included(lower) | Bound::Excluded(lower),
            Bound::Included(upper) | Bound::Excluded(upper),
        ) => lower >= upper,
    }
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
    let mut steps = steps(matches, wanted, column.groups().len() as u64)?;
    let mut found = Vec::with_capacity(wanted);
    let mut take = |group: (&Arc<str>, &Posting)| {
        let (group_value, posting) = group;
        let after = span.after.filter(|_| value == Some(group_value));
        let rest = Span {
            after,
            count: span.count - found.len(),
            ..span
        };
        take_group(index, matches, posting, rest, &mut found);
        steps -= 1;
        found.len() < wanted && steps > 0
    };
    let start = value.map_or(Bound::Unbounded, Bound::Included);
    let groups = column.groups();
    let stopped = match span.direction {
        Direction::Asc => groups
            .range::<str, _>((start, Bound::Unbounded))
            .any(|group| !take(group)),
        Direction::Desc => groups
            .range::<str, _>((Bound::Unbounded, start))
            .rev()
            .any(|group| !take(group)),
    };
    (!stopped || found.len() == wanted).then_some(found)
}

/// Within one value the order is that of references.
fn take_group(
    index: &Index,
    matches: &RoaringBitmap,
    group: &Posting,
    span: Span<'_>,
    found: &mut Vec<u32>,
) {
    match group.few() {
        Ok(few) => {
            let behind = |id: &u32| matches.contains(*id) && span.is_behind(index.entity_ref(*id));
            let start = found.len();
            found.extend(few.iter().copied().filter(behind));
            found[start..].sort_unstable_by(|left, right| {
                in_direction(
                    index.entity_ref(*left).cmp(index.entity_ref(*right)),
                    span.direction,
                )
            });
            found.truncate(start + span.count);
        }
        Err(set) => found.extend(by_ref(index, &(matches & set), span)),
    }
}

/// A field to sort by in [`by_fields`]: without a column nobody has the field.
pub(crate) type FieldOrder = (Option<Arc<Column>>, Direction);

/// The first documents of `matches` by several fields, then by reference. Whoever lacks a field comes
/// last, whichever way round it is sorted.
pub(crate) fn by_fields(
    index: &Index,
    orders: &[FieldOrder],
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
