//! `tidy.toml`, as types.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

/// All rules.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    /// By the name of the crate's folder.
    #[serde(rename = "crate")]
    pub(super) crates: BTreeMap<String, Crate>,
    #[serde(rename = "home")]
    pub(super) homes: Vec<Home>,
    pub(super) banned: Vec<Banned>,
    pub(super) size: Size,
}

/// A crate's place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Crate {
    pub(super) level: u8,
    #[serde(default)]
    pub(super) uses: Vec<String>,
    /// Crates that only its tests use; these may be of any level.
    #[serde(default)]
    pub(super) tests_use: Vec<String>,
}

/// A dependency that has one home.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Home {
    pub(super) dependency: String,
    pub(super) crates: Vec<String>,
    pub(super) instead: String,
}

/// Words that no source may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Banned {
    pub(super) words: Vec<String>,
    /// The file name endings that the rule is about; all text files when empty.
    #[serde(rename = "in", default)]
    pub(super) endings: Vec<String>,
    /// Paths that the rule leaves out.
    #[serde(default)]
    pub(super) except: Vec<String>,
    pub(super) instead: String,
}

/// How large things may be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Size {
    /// Lines of a source file.
    pub(super) lines: usize,
    /// Files that others make, which may have more lines.
    pub(super) generated: Vec<String>,
    /// Kilobytes of any file.
    pub(super) kilobytes: u64,
    /// Files that may be larger.
    pub(super) large: Vec<String>,
    /// Lines of the documentation at the head of a `lib.rs`.
    pub(super) header: usize,
}

impl Rules {
    /// Reads the rules of this workspace.
    pub(super) fn read() -> Result<Self> {
        let path = crate::root().join("crates/xtask/tidy.toml");
        let text = std::fs::read_to_string(&path).context("cannot read crates/xtask/tidy.toml")?;
        toml::from_str(&text).context("crates/xtask/tidy.toml is not what the check expects")
    }
}
