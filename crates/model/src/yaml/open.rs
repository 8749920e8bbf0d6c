//! A sequence or a mapping that has begun and not ended.

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::budget::Weight;
use super::complaint;
use super::compose::Object;
use crate::{Problem, Span};

/// A collection while its parts arrive.
#[derive(Default)]
pub(super) struct Open {
    parts: Parts,
    /// Its own node.
    pub(super) node: usize,
    /// Where its last part so far ends.
    pub(super) last_end: usize,
    /// Its anchor, 0 for none.
    pub(super) anchor: usize,
    /// Whether it ends with a bracket.
    pub(super) flow: bool,
    /// Whether it is a key of the mapping around it.
    pub(super) is_key: bool,
    /// What the text weighed where it began.
    pub(super) weight_before: Weight,
}

enum Parts {
    Sequence(Vec<Value>),
    Mapping {
        object: Object,
        /// Keys that came by merging only, which the mapping's own keys may replace.
        merged: FxHashSet<String>,
        key: Option<Key>,
    },
}

impl Default for Parts {
    fn default() -> Self {
        Self::Sequence(Vec::new())
    }
}

/// A key whose value is still to come.
pub(super) struct Key {
    pub(super) name: String,
    pub(super) span: Span,
    /// Whether its value is merged into the mapping.
    pub(super) merge: bool,
}

impl Open {
    pub(super) fn sequence() -> Self {
        Self::default()
    }

    pub(super) fn mapping() -> Self {
        let parts = Parts::Mapping {
            object: Object::new(),
            merged: FxHashSet::default(),
            key: None,
        };
        Self {
            parts,
            ..Self::default()
        }
    }

    pub(super) fn expects_key(&self) -> bool {
        matches!(&self.parts, Parts::Mapping { key: None, .. })
    }

    pub(super) fn key(&self) -> Option<&Key> {
        match &self.parts {
            Parts::Mapping { key, .. } => key.as_ref(),
            Parts::Sequence(_) => None,
        }
    }

    /// Whether the mapping itself, not a merged one, has the key already.
    pub(super) fn has_own(&self, name: &str) -> bool {
        match &self.parts {
            Parts::Mapping { object, merged, .. } => {
                object.contains_key(name) && !merged.contains(name)
            }
            Parts::Sequence(_) => false,
        }
    }

    pub(super) fn expect_value(&mut self, next: Key) {
        if let Parts::Mapping { key, .. } = &mut self.parts {
            *key = Some(next);
        }
    }

    pub(super) fn add(&mut self, value: Value) -> Result<(), Problem> {
        match &mut self.parts {
            Parts::Sequence(items) => items.push(value),
            Parts::Mapping {
                object,
                merged,
                key,
            } => match key.take() {
                Some(Key { merge: true, .. }) => return merge_into(object, merged, value),
                Some(Key { name, .. }) => {
                    merged.remove(&name);
                    object.insert(name, value);
                }
                None => {}
            },
        }
        Ok(())
    }

    pub(super) fn into_value(self) -> Value {
        match self.parts {
            Parts::Sequence(items) => Value::Array(items),
            Parts::Mapping { object, .. } => Value::Object(object),
        }
    }
}

fn merge_into(
    object: &mut Object,
    merged: &mut FxHashSet<String>,
    value: Value,
) -> Result<(), Problem> {
    let sources = match value {
        Value::Array(items) => items,
        other => vec![other],
    };
    for source in sources {
        let Value::Object(source) = source else {
            return Err(complaint::merge_source());
        };
        for (name, value) in source {
            if !object.contains_key(&name) {
                merged.insert(name.clone());
                object.insert(name, value);
            }
        }
    }
    Ok(())
}
