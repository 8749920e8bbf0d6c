//! What is asked of the index, by whom and when: all that an answer depends on.

use callboard_http::Validator;

use super::view::View;
use crate::index::{Fingerprint, Index};

/// Another version of the program may answer in other words.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A question. Two that are equal have the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(super) address: String,
    /// What the caller sees.
    pub(super) view: View,
    /// The index, and its last change.
    pub(super) identity: (u64, u64),
    /// The same as long as the entities are.
    pub(super) fingerprint: Fingerprint,
}

impl Question {
    /// The validator of the answer.
    pub(crate) fn validator(&self) -> Validator {
        Validator::of((VERSION, self.fingerprint, &self.view, &self.address))
    }

    /// The validator of an answer that is made while the index may change: it is known only for as long as nothing did.
    pub(crate) fn fleeting(&self) -> Validator {
        Validator::of((VERSION, self.identity, &self.view, &self.address))
    }

    /// Both.
    pub(crate) fn validators(&self) -> impl Iterator<Item = Validator> {
        [Self::validator, Self::fleeting]
            .into_iter()
            .map(|of| of(self))
    }

    /// Whether nothing has changed since it was asked.
    pub(crate) fn holds_in(&self, index: &Index) -> bool {
        index.identity() == self.identity
    }

    /// How many bytes it takes, roughly.
    pub(crate) fn size(&self) -> usize {
        size_of::<Self>() + self.address.len() + self.view.size()
    }
}
