//! How much configuration there may be: a mistake, or somebody else's file, must not exhaust the machine.

use crate::diagnostic::{Diagnostic, Place};
use crate::node::{Content, Node};

/// The largest file.
pub(crate) const MAX_BYTES: u64 = 8 * 1024 * 1024;
/// The most files, each inclusion counted.
pub(crate) const MAX_FILES: usize = 1_000;
/// How many files may include one another in a row.
pub(crate) const MAX_INCLUDES: usize = 16;
/// The deepest nesting of the finished tree.
pub(crate) const MAX_DEPTH: usize = 128;
/// The most values, those of included files counted at each inclusion.
pub(crate) const MAX_VALUES: usize = 500_000;

/// What is left of the values that may be read.
#[derive(Debug)]
pub(crate) struct Budget {
    values: usize,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self { values: MAX_VALUES }
    }

    /// Takes the values of `node` out of what is left.
    pub(crate) fn spend(&mut self, node: &Node) -> Result<(), Diagnostic> {
        match self.values.checked_sub(count(node)) {
            Some(rest) => {
                self.values = rest;
                Ok(())
            }
            None => {
                let message = format!("the configuration has more than {MAX_VALUES} values");
                Err(Diagnostic::new("config-too-large", message)
                    .place(Place::of_value(&node.origin))
                    .hint("include less, or the same file less often"))
            }
        }
    }
}

fn count(node: &Node) -> usize {
    match &node.content {
        Content::List(items) => 1 + items.iter().map(count).sum::<usize>(),
        Content::Object(entries) => 1 + entries.values().map(count).sum::<usize>(),
        _ => 1,
    }
}
