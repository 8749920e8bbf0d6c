//! How much one text may become.

use std::ops::Sub;

use serde_json::Value;

use super::{Options, complaint};
use crate::Problem;

/// The size of a value: how many values it holds, and how many bytes of text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Weight {
    nodes: usize,
    bytes: usize,
}

impl Weight {
    pub(super) fn of_scalar(value: &Value) -> Self {
        Self {
            nodes: 1,
            bytes: value.as_str().map_or(0, str::len),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

impl Sub for Weight {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_sub(other.nodes),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }
}

/// What a text has used of its limits.
///
/// A small text can ask for a huge value by repeating aliases of aliases, so values count as often
/// as they appear in the result; so do the copies that wait for an alias.
pub(super) struct Budget {
    limit: Weight,
    spent: Weight,
    kept: Weight,
}

impl Budget {
    pub(super) fn new(options: &Options) -> Self {
        let limit = Weight {
            nodes: options.max_nodes,
            bytes: options.max_bytes.saturating_mul(2),
        };
        Self {
            limit,
            spent: Weight::default(),
            kept: Weight::default(),
        }
    }

    /// What the text has become so far.
    pub(super) fn spent(&self) -> Weight {
        self.spent
    }

    /// One more value, with `bytes` of text.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), Problem> {
        self.repeat(Weight { nodes: 1, bytes })
    }

    /// A value once more.
    pub(super) fn repeat(&mut self, weight: Weight) -> Result<(), Problem> {
        self.spent = self.spent.plus(weight);
        self.check(self.spent)
    }

    /// A copy that waits for an alias.
    pub(super) fn keep(&mut self, weight: Weight) -> Result<(), Problem> {
        self.kept = self.kept.plus(weight);
        self.check(self.kept)
    }

    fn check(&self, used: Weight) -> Result<(), Problem> {
        if used.nodes > self.limit.nodes {
            return Err(complaint::too_many_nodes(self.limit.nodes));
        }
        if used.bytes > self.limit.bytes {
            return Err(complaint::too_much_text(self.limit.bytes));
        }
        Ok(())
    }
}
