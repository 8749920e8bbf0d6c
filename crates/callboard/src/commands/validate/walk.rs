//! Which files to check.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use callboard_model::{Error, Result};
use ignore::WalkBuilder;

/// A file to check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    /// Named on the command line, so that it is checked whatever it holds.
    pub(super) named: bool,
}

/// The files that `paths` name or hold, in their order, each once.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<Candidate>> {
    let mut files = Vec::new();
    for path in paths {
        if path == Path::new("-") || path.is_file() {
            files.push(Candidate {
                path: path.clone(),
                named: true,
            });
        } else if path.is_dir() {
            files.extend(in_folder(path)?);
        } else {
            let message = format!("there is no file or folder `{}`", path.display());
            return Err(Error::invalid("no-such-path", message).hint("check the spelling"));
        }
    }
    files.sort();
    // A file that is named and found counts as named, which sorts last.
    files.reverse();
    files.dedup_by(|other, kept| other.path == kept.path);
    files.reverse();
    if files.is_empty() {
        return Err(Error::invalid(
            "no-entity-files",
            "there is no entity file in what was given",
        )
        .hint("name a file, or a folder with a `catalog-info.yaml` in it"));
    }
    Ok(files)
}

fn in_folder(folder: &Path) -> Result<Vec<Candidate>> {
    let mut files = Vec::new();
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false)
        .filter_entry(|entry| entry.file_name() != OsStr::new("node_modules"));
    for entry in walk.build() {
        let entry = entry.map_err(|error| {
            let message = format!("`{}` cannot be searched", folder.display());
            Error::unavailable("unreadable-folder", message).source(error)
        })?;
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file
            && is_yaml(entry.path())
            && (is_catalog_info(entry.path()) || looks_like_entities(entry.path()))
        {
            files.push(Candidate {
                path: entry.into_path(),
                named: false,
            });
        }
    }
    Ok(files)
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn is_catalog_info(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "catalog-info")
}

/// Whether a line at the margin says `apiVersion: …backstage.io/…`: that holds for broken files too,
/// and for nothing that Kubernetes or another program reads.
fn looks_like_entities(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return true;
    };
    let lines = BufReader::new(file).split(b'\n');
    lines
        .map_while(Result::<_, std::io::Error>::ok)
        .any(|line| names_our_api(&line))
}

fn names_our_api(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    let Some((key, value)) = line.split_once(':') else {
        return false;
    };
    let unquoted = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    !key.starts_with(char::is_whitespace)
        && unquoted(key) == "apiVersion"
        && unquoted(value)
            .split_once('/')
            .is_some_and(|(group, _)| group == "backstage.io" || group.ends_with(".backstage.io"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_api_of_entities_counts() {
        for line in [
            "apiVersion: backstage.io/v1alpha1",
            "\"apiVersion\": 'scaffolder.backstage.io/v1beta3'\r",
        ] {
            assert!(names_our_api(line.as_bytes()), "{line}");
        }
        for line in [
            "apiVersion: apps/v1",
            "  apiVersion: backstage.io/v1alpha1",
            "# apiVersion",
            "site_name: x",
        ] {
            assert!(!names_our_api(line.as_bytes()), "{line}");
        }
    }
}
