//! Where roles come from, each in a file of its own, and what becomes of them together.

pub(crate) mod built_in;
pub(crate) mod conditions_file;
pub(crate) mod configuration;
pub(crate) mod csv_file;
pub(crate) mod files;
pub(crate) mod merge;
pub(crate) mod roles_file;

use std::fmt;

use callboard_model::Error;

use crate::model::{Place, Role};
use crate::snapshot::Direct;

/// What one source says, as far as it could be understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) roles: Vec<Role>,
    pub(crate) direct: Vec<Direct>,
    pub(crate) problems: Vec<Wrong>,
}

/// Something in a source that does not count, because it is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) place: Place,
    pub(crate) message: String,
}

impl Wrong {
    pub(crate) fn new(place: &Place, message: impl Into<String>) -> Self {
        Self {
            place: Place::clone(place),
            message: message.into(),
        }
    }

    pub(crate) fn of(place: &Place, error: &Error) -> Self {
        Self::new(place, error.message())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}
