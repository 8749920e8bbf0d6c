//! The files and crates that are looked at: what git has, or would have with the next commit.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::program::Program;

/// The workspace's files and crates.
pub(super) struct Tree {
    /// Paths from the root, as text.
    pub(super) files: Vec<String>,
    /// The crates of the workspace.
    pub(super) crates: Vec<Package>,
}

/// A crate, as `cargo metadata` tells of it.
#[derive(Deserialize)]
pub(super) struct Package {
    name: String,
    manifest_path: PathBuf,
    pub(super) dependencies: Vec<Dependency>,
}

/// A dependency of a crate.
#[derive(Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev`, `build`, or nothing for an ordinary one.
    pub(super) kind: Option<String>,
    path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

impl Tree {
    /// Looks at the workspace.
    pub(super) fn read() -> Result<Self> {
        let listed =
            Program::new("git ls-files --cached --others --exclude-standard --deduplicate")
                .must()?;
        let exists = |path: &&str| crate::root().join(path).is_file();
        let files = listed.lines().filter(exists).map(str::to_owned).collect();
        let metadata =
            Program::new("cargo metadata --no-deps --offline --format-version 1").must()?;
        let metadata: Metadata =
            serde_json::from_str(&metadata).context("`cargo metadata` printed something else")?;
        Ok(Self {
            files,
            crates: metadata.packages,
        })
    }

    /// The files whose names end in one of `endings`; all when there are none.
    pub(super) fn ending_in<'a>(
        &'a self,
        endings: &'a [String],
    ) -> impl Iterator<Item = &'a String> {
        self.files.iter().filter(move |path| {
            let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
            endings.is_empty() || endings.iter().any(|wanted| wanted == ending)
        })
    }
}

impl Package {
    /// The name of the crate's folder.
    pub(super) fn folder(&self) -> String {
        let folder = self
            .manifest_path
            .parent()
            .and_then(|folder| folder.file_name());
        folder
            .unwrap_or(self.name.as_ref())
            .to_string_lossy()
            .into_owned()
    }
}

impl Dependency {
    /// The name of its folder when it is a crate of ours.
    pub(super) fn ours(&self) -> Option<String> {
        let folder = self.path.as_ref()?.file_name()?;
        Some(folder.to_string_lossy().into_owned())
    }
}

/// The text of a file; `None` for pictures and other bytes.
pub(super) fn text(path: &str) -> Result<Option<String>> {
    let bytes =
        fs::read(crate::root().join(path)).with_context(|| format!("cannot read {path}"))?;
    Ok(String::from_utf8(bytes).ok())
}
