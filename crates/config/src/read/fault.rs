//! Why serde could not read a value, in parts that can be explained.

use std::fmt;

use serde::de::{self, Expected, Unexpected};
use serde_json::Value;

use super::wording;
use crate::key_path::Step;

/// What was wrong.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reason {
    /// Something else was expected.
    Expected(String),
    /// One of these was expected.
    OneOf(&'static [&'static str]),
    /// A value is required here.
    Missing(String),
    /// There is no such key.
    UnknownKey {
        key: String,
        known: &'static [&'static str],
    },
    /// A type's own rule, in its own words.
    Rule(String),
}

/// A failure and its place.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) reason: Reason,
    /// From the top to the value.
    pub(super) steps: Vec<Step>,
    /// The culprit as serde saw it.
    pub(super) found: Option<Value>,
}

impl Fault {
    pub(super) fn new(reason: Reason, found: Option<Value>) -> Self {
        Self {
            reason,
            steps: Vec::new(),
            found,
        }
    }

    /// This fault, seen from one step higher.
    pub(super) fn below(mut self, step: Step) -> Self {
        self.steps.insert(0, step);
        self
    }
}

fn value_of(unexpected: Unexpected<'_>) -> Option<Value> {
    match unexpected {
        Unexpected::Bool(flag) => Some(flag.into()),
        Unexpected::Unsigned(number) => Some(number.into()),
        Unexpected::Signed(number) => Some(number.into()),
        Unexpected::Float(number) => Some(number.into()),
        Unexpected::Str(text) => Some(text.into()),
        _ => None,
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Reason::Rule(message.to_string()), None)
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(
            Reason::Expected(wording::plain(&expected.to_string())),
            value_of(found),
        )
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let expected = wording::plain(&expected.to_string());
        Self::new(
            Reason::Rule(format!("expected {expected}, found {length} items")),
            None,
        )
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Reason::OneOf(expected), Some(variant.into()))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::new(
            Reason::UnknownKey {
                key: field.to_owned(),
                known,
            },
            None,
        )
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Reason::Missing(field.to_owned()), None)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(
            Reason::Rule(format!("`{field}` is there twice, under two names")),
            None,
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.reason)
    }
}

impl std::error::Error for Fault {}
