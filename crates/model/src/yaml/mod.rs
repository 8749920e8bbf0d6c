//! YAML as JavaScript's `yaml` package reads it by default, with the place of every value.
//!
//! YAML 1.2 core schema: `yes` and `on` are strings, dates are strings, `017` is 17, infinities become
//! null as they do in JSON. Duplicate keys are errors, and `<<` is an ordinary key unless
//! [`Options::merge_keys`] says otherwise. Different on purpose: control characters are refused, two keys
//! that JSON would spell alike are duplicates whatever their types, `!!binary` stays text, and
//! aliases are limited by what they grow to instead of by how many there are.
//!
//! The parser's events pass through `compose` one document at a time; `budget` counts what they grow to.
//! Never here: what an entity is. Start reading at [`parse()`].

use serde_json::Value;

use crate::{Problem, Span};

mod budget;
mod complaint;
mod compose;
mod explain;
mod keys;
mod open;
mod read;
mod scalar;
mod spans;

pub use spans::Spans;

/// How to read, and how much of it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether `<<` merges the mapping that it names.
    pub merge_keys: bool,
    /// The largest text.
    pub max_bytes: usize,
    /// The deepest nesting.
    pub max_depth: usize,
    /// The most keys and values in one text, each use of an alias counted in full.
    pub max_nodes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            merge_keys: false,
            max_bytes: 10 * 1024 * 1024,
            max_depth: 100,
            max_nodes: 1_000_000,
        }
    }
}

/// One document of a stream.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it says; an empty document is null.
    pub value: Value,
    /// Where it is.
    pub span: Span,
    /// Where its parts are.
    pub spans: Spans,
}

/// The readable documents of a text, and what is wrong with the others.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// In the order of the text.
    pub documents: Vec<Document>,
    /// In the order of the text, each with its place.
    pub problems: Vec<Problem>,
}

/// Reads every document in `text`.
pub fn parse(text: &str, options: &Options) -> Stream {
    read::stream(text, options)
}

#[cfg(test)]
mod tests;
