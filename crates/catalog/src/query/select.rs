//! Cuts pages out of a set of documents, in order.
//!
//! There are two ways: walk the order and take what is in the set, or gather the set and pick the
//! first few. Walking is nearly free when the set is a good part of everything, gathering when it is
//! small. So a walk starts, and gives up once it has cost as much as gathering. A small set of which pages
//! are asked for is put in order whole, and kept so until something changes: the next page is asked for soon.

use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::order::Direction;
use super::view::Asked;
use crate::index::{Column, ColumnRef, Index, Place};

/// Sets that are larger are not put in order whole: that would keep changes waiting.
const MOST_SORTED: u64 = if cfg!(any(test, fuzzing)) { 5 } else { 20_000 };

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

/// What makes a set and its order what they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    /// What everything in the set matches.
    pub(crate) asked: &'a Asked,
    /// What it is sorted by, before the reference.
    pub(crate) key: Option<&'a str>,
}

impl Origin<'_> {
    /// All of `matches` in the order that `compare` gives; `None` when they are too many.
    fn in_order(
        self,
        index: &Index,
        matches: &RoaringBitmap,
        compare: impl Fn(u32, u32) -> Ordering,
    ) -> Option<Arc<[u32]>> {
        if matches.len() > MOST_SORTED {
            return None;
        }
        let changed = self.key.map_or(0, |key| index.changed(key));
        let changed = changed.max(self.asked.changed(index));
        let sort = || {
            let mut ids: Vec<u32> = matches.iter().collect();
            ids.sort_unstable_by(|left, right| compare(*left, *right));
            ids
        };
        Some(index.in_order((self.asked, self.key), changed, sort))
    }
}

/// The part of a list in order that a span takes; `behind` says whether somebody stands behind the start.
fn part(list: &[u32], span: Span<'_>, behind: impl Fn(u32) -> bool) -> Vec<u32> {
    match span.direction {
        Direction::Asc => {
            let start = list.partition_point(|id| !behind(*id));
            list[start..].iter().take(span.count).copied().collect()
        }
        Direction::Desc => {
            let end = list.partition_point(|id| behind(*id));
            list[..end].iter().rev().take(span.count).copied().collect()
        }
    }
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
pub(crate) fn by_ref(
    index: &Index,
    matches: &RoaringBitmap,
    span: Span<'_>,
    origin: Option<Origin<'_>>,
) -> Vec<u32> {
    if span.count == 0 {
        return Vec::new();
    }
    if let Some(found) = walk_refs(index, matches, span) {
        return found;
    }
    let compare = |left, right| index.entity_ref(left).cmp(index.entity_ref(right));
    if let Some(list) = origin.and_then(|origin| origin.in_order(index, matches, compare)) {
        return part(&list, span, |id| span.is_behind(index.entity_ref(id)));
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
/// All of them have a value there.
pub(crate) fn by_column(
    index: &Index,
    column: &Column,
    matches: &RoaringBitmap,
    span: Span<'_>,
    (value, origin): (Option<&str>, Origin<'_>),
) -> Vec<u32> {
    if span.count == 0 {
        return Vec::new();
    }
    if let Some(found) = walk_column(index, column, matches, value, span) {
        return found;
    }
    let position = value.zip(span.after);
    let is_behind = |place: Place<'_>| match (position, span.direction) {
        (None, _) => true,
        (Some(position), Direction::Asc) => place > position,
        (Some(position), Direction::Desc) => place < position,
    };
    let place = |id| (column.value(id).unwrap_or_default(), index.entity_ref(id));
    let compare = |left, right| place(left).cmp(&place(right));
    if let Some(list) = origin.in_order(index, matches, compare) {
        return part(&list, span, |id| is_behind(place(id)));
    }
    let gathered = matches
        .iter()
        .filter_map(|id| Some(((column.value(id)?, index.entity_ref(id)), id)))
        .filter(|(place, _)| is_behind(*place));
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
