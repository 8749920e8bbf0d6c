//! Where each value of a document is written.

use crate::Span;

/// The places of a document's keys and values, found by JSON pointer (`""` is the root).
#[derive(Clone, Debug, Default)]
pub struct Spans {
    nodes: Vec<Node>,
}

/// One value, in the order of the text; its children follow it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) key: Option<(Box<str>, Span)>,
    pub(super) span: Span,
    /// Index of the first node that is not inside this one.
    pub(super) end: usize,
    /// What is below an alias was written elsewhere, so the alias stands for all of it.
    pub(super) alias: bool,
}

impl Spans {
    pub(super) fn new(nodes: Vec<Node>) -> Self {
        Self { nodes }
    }

    /// The place of the value at `pointer`.
    pub fn value(&self, pointer: &str) -> Option<Span> {
        self.find(pointer).map(|node| node.span)
    }

    /// The place of the key that leads to the value at `pointer`.
    pub fn key(&self, pointer: &str) -> Option<Span> {
        self.find(pointer)?.key.as_ref().map(|(_, span)| *span)
    }

    fn find(&self, pointer: &str) -> Option<&Node> {
        let mut at = 0;
        if pointer.is_empty() {
            return self.nodes.first();
        }
        for part in pointer.strip_prefix('/')?.split('/') {
            let parent = self.nodes.get(at)?;
            if parent.alias {
                return Some(parent);
            }
            at = self.child(at, &part.replace("~1", "/").replace("~0", "~"))?;
        }
        self.nodes.get(at)
    }

    fn child(&self, parent: usize, name: &str) -> Option<usize> {
        let end = self.nodes.get(parent)?.end;
        let index = name.parse::<usize>().ok();
        let mut at = parent + 1;
        let mut count = 0;
        while at < end {
            let node = self.nodes.get(at)?;
            let found = match &node.key {
                Some((key, _)) => **key == *name,
                None => index == Some(count),
            };
            if found {
                return Some(at);
            }
            at = node.end;
            count += 1;
        }
        None
    }
}
