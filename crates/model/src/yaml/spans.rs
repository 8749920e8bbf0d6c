//! Where each value of a document is written.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::Span;

/// The places of a document's keys and values, found by JSON pointer (`""` is the root).
#[derive(Clone, Debug, Default)]
pub struct Spans {
    nodes: Box<[Node]>,
}

/// One value, in the order of the text; its children follow it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The key that leads to it, as a hash: a text would cost an allocation for every key of a
    /// catalog, and a place is asked for only when something is wrong.
    name: Option<u64>,
    key: Place,
    value: Place,
    /// Index of the first node that is not inside this one.
    pub(super) end: u32,
    /// What is below an alias was written elsewhere, so the alias stands for all of it.
    alias: bool,
}

/// A span in half the bytes; [`MAX_BYTES`] keeps it exact.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: u32,
    end: u32,
    line: u32,
    column: u32,
}

/// The largest text whose places can be kept.
pub(super) const MAX_BYTES: usize = u32::MAX as usize;

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            start: narrow(span.start),
            end: narrow(span.end),
            line: narrow(span.line),
            column: narrow(span.column),
        }
    }
}

impl From<Place> for Span {
    fn from(place: Place) -> Self {
        Self {
            start: place.start as usize,
            end: place.end as usize,
            line: place.line as usize,
            column: place.column as usize,
        }
    }
}

impl Node {
    /// A value without children so far, the one after `before` others.
    pub(super) fn new(key: Option<(&str, Span)>, value: Span, before: usize, alias: bool) -> Self {
        Self {
            name: key.map(|(name, _)| hash(name)),
            key: key.map(|(_, span)| span.into()).unwrap_or_default(),
            value: value.into(),
            end: u32::try_from(before + 1).unwrap_or(u32::MAX),
            alias,
        }
    }

    pub(super) fn value(&self) -> Span {
        self.value.into()
    }

    /// Ends a collection: where in the text, and before which node.
    pub(super) fn close(&mut self, text_end: usize, node_end: usize) {
        self.value.end = u32::try_from(text_end)
            .unwrap_or(u32::MAX)
            .max(self.value.end);
        self.end = u32::try_from(node_end).unwrap_or(u32::MAX);
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// The child called `name` of the mapping at `parent`, whose children end before `end`.
fn child_named(nodes: &[Node], parent: usize, end: usize, name: &str) -> Option<usize> {
    let name = Some(hash(name));
    children(nodes, parent, end).find(|at| nodes.get(*at).is_some_and(|node| node.name == name))
}

/// Where the unfinished mapping at `parent` has the key already.
pub(super) fn first_key(nodes: &[Node], parent: usize, name: &str) -> Option<Span> {
    let at = child_named(nodes, parent, nodes.len(), name)?;
    nodes.get(at).map(|node| node.key.into())
}

fn children(nodes: &[Node], parent: usize, end: usize) -> impl Iterator<Item = usize> {
    let next = move |at: &usize| nodes.get(*at).map(|node| node.end as usize);
    std::iter::successors(Some(parent + 1), next).take_while(move |at| *at < end)
}

impl Spans {
    pub(super) fn new(nodes: Vec<Node>) -> Self {
        Self {
            nodes: nodes.into_boxed_slice(),
        }
    }

    /// The place of the value at `pointer`.
    pub fn value(&self, pointer: &str) -> Option<Span> {
        self.find(pointer).map(Node::value)
    }

    /// The place of the key that leads to the value at `pointer`.
    pub fn key(&self, pointer: &str) -> Option<Span> {
        let node = self.find(pointer)?;
        node.name.map(|_| node.key.into())
    }

    fn find(&self, pointer: &str) -> Option<&Node> {
        let mut at = 0;
        if !pointer.is_empty() {
            for part in pointer.strip_prefix('/')?.split('/') {
                if self.nodes.get(at)?.alias {
                    break;
                }
                at = self.child(at, &part.replace("~1", "/").replace("~0", "~"))?;
            }
        }
        self.nodes.get(at)
    }

    fn child(&self, parent: usize, name: &str) -> Option<usize> {
        let end = self.nodes.get(parent)?.end as usize;
        let in_list = self.nodes.get(parent + 1)?.name.is_none();
        if in_list {
            children(&self.nodes, parent, end).nth(name.parse().ok()?)
        } else {
            child_named(&self.nodes, parent, end, name)
        }
    }
}
