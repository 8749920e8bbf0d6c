//! One layer over another.

use std::mem;

use crate::node::{Content, Node};

/// `upper` over `lower`: objects are merged, everything else replaces what is below, and null hides it.
/// Nulls in lists stay.
pub(crate) fn merge(upper: Node, lower: Option<Node>) -> Option<Node> {
    let entries = match upper.content {
        Content::Null => return None,
        Content::Object(entries) => entries,
        _ => return Some(upper),
    };
    let mut below = match lower.map(|lower| lower.content) {
        Some(Content::Object(entries)) => entries,
        _ => indexmap::IndexMap::new(),
    };
    let mut merged = indexmap::IndexMap::with_capacity(entries.len() + below.len());
    for (key, value) in entries {
        // What is taken leaves a null, which the loop below drops.
        let taken = below.get_mut(&key).map(|node| Node {
            content: mem::replace(&mut node.content, Content::Null),
            origin: node.origin.clone(),
        });
        if let Some(value) = merge(value, taken) {
            merged.insert(key, value);
        }
    }
    for (key, value) in below {
        if let Some(value) = merge(value, None) {
            merged.insert(key, value);
        }
    }
    Some(Node {
        content: Content::Object(merged),
        origin: upper.origin,
    })
}
