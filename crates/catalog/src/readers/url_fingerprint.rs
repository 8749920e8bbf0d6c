//! How a file of another machine is known again.

use std::fmt;

use callboard_model::yaml;
use callboard_source::Validators;
use serde::{Deserialize, Serialize};

use crate::hash;

/// What the server said about the file, what was in it, and how it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fingerprint {
    reading: String,
    hash: String,
    etag: Option<String>,
    last_modified: Option<String>,
}

impl Fingerprint {
    pub(super) fn new(content: &[u8], validators: Validators, options: &yaml::Options) -> Self {
        Self {
            reading: reading(options),
            hash: hash::hex(content),
            etag: validators.etag,
            last_modified: validators.last_modified,
        }
    }

    /// Reads one back; nothing when the file would be read in another way today.
    pub(super) fn parse(text: &str, options: &yaml::Options) -> Option<Self> {
        let known: Self = serde_json::from_str(text).ok()?;
        (known.reading == reading(options)).then_some(known)
    }

    pub(super) fn validators(&self) -> Validators {
        Validators {
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
        }
    }
}

fn reading(options: &yaml::Options) -> String {
    let merge = if options.merge_keys { "+merge" } else { "" };
    format!("{}{merge}", env!("CARGO_PKG_VERSION"))
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Plain texts, so writing them cannot fail.
        f.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}
