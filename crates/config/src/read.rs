//! A tree of values becomes a feature's struct, or a list of everything that is wrong with it.

use std::cell::OnceCell;
use std::collections::HashSet;

use schemars::{JsonSchema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::diagnostic::{ConfigErrors, Diagnostic};
use crate::key_path::{KeyPath, Step};
use crate::node::Node;
use crate::resolve::Unset;
use fault::{Fault, Reason};
use values::Values;

mod explain;
mod fault;
mod parts;
mod values;
mod wording;

pub(crate) use explain::nearest;

/// After this many errors the rest is not worth reading.
const MAX_ERRORS: usize = 32;

/// Values that are left out, by their address in the tree.
type Skipped = HashSet<*const Node>;

/// Reads `node`, which is at `path`, as a `T`.
///
/// A wrong value is noted and left out, then everything is read again, until nothing new is wrong.
pub(crate) fn read<T: DeserializeOwned + JsonSchema>(
    node: &Node,
    path: &KeyPath,
    unset: &[Unset],
) -> Result<T, ConfigErrors> {
    let reading = Reading {
        node,
        path,
        unset,
        schema: OnceCell::new(),
        describe: schema_of::<T>,
    };
    let mut skipped = Skipped::new();
    let mut faults: Vec<Diagnostic> = Vec::new();
    loop {
        let fault = match T::deserialize(Values {
            node,
            skipped: &skipped,
        }) {
            Ok(value) => return ConfigErrors::unless_empty(faults).map(|()| value),
            Err(fault) => reading.locate(fault),
        };
        let culprit = node.at(&KeyPath(fault.steps.clone())).unwrap_or(node);
        if !reading.is_consequence(culprit, &skipped) {
            faults.push(reading.explain(&fault, culprit));
        }
        let is_new = skipped.insert(culprit);
        if std::ptr::eq(culprit, node) || !is_new || faults.len() >= MAX_ERRORS {
            faults.sort_by_key(|fault| {
                let span = fault.place.as_ref().and_then(|place| place.span);
                span.map(|span| span.start)
            });
            // Something failed, so this is an error even if every fault followed from another.
            return Err(ConfigErrors::of(faults, || reading.whole(node)));
        }
    }
}

fn schema_of<T: JsonSchema>() -> Value {
    SchemaGenerator::default()
        .into_root_schema_for::<T>()
        .into()
}

/// What explanations need to know.
struct Reading<'a> {
    node: &'a Node,
    path: &'a KeyPath,
    unset: &'a [Unset],
    schema: OnceCell<Value>,
    describe: fn() -> Value,
}

impl Reading<'_> {
    /// Moves a fault down to the value that it is about.
    ///
    /// Enums and flattened structs are read from a copy, so that a fault inside them is only known to be
    /// somewhere in the whole; it is found again when exactly one value below equals the culprit.
    fn locate(&self, mut fault: Fault) -> Fault {
        let Some(found) = fault.found.clone() else {
            return fault;
        };
        let Some(node) = self.node.at(&KeyPath(fault.steps.clone())) else {
            return fault;
        };
        let mut matches = Vec::new();
        search(node, &found, &mut Vec::new(), &mut matches);
        if let [steps] = matches.as_slice() {
            fault.steps.extend(steps.iter().cloned());
        }
        fault
    }

    /// Whether a value below `culprit` was left out, so that its failure is no news.
    fn is_consequence(&self, culprit: &Node, skipped: &Skipped) -> bool {
        let skips = |(_, child): &(Step, &Node)| {
            skipped.contains(&std::ptr::from_ref(*child)) || self.is_consequence(child, skipped)
        };
        !skipped.is_empty() && culprit.children().iter().any(skips)
    }

    fn schema(&self) -> &Value {
        self.schema.get_or_init(self.describe)
    }
}

/// The paths of the values below `node` that equal `found`.
fn search(node: &Node, found: &Value, at: &mut Vec<Step>, matches: &mut Vec<Vec<Step>>) {
    for (step, child) in node.children() {
        at.push(step);
        if child.children().is_empty() && child.to_value() == *found {
            matches.push(at.clone());
        }
        search(child, found, at, matches);
        at.pop();
    }
}

/// Why reading failed, when the reason names a key that is missing or unknown.
impl Reason {
    fn key(&self) -> Option<&str> {
        match self {
            Self::Missing(key) | Self::UnknownKey { key, .. } => Some(key),
            _ => None,
        }
    }
}
