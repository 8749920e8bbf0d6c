//! What a `file` target means: one file, or every file that a pattern matches (CAT-40).

use std::path::{Component, Path, PathBuf};

use callboard_model::{Error, LocationRef, Result, shortened};
use globset::{GlobBuilder, GlobSet};
use ignore::WalkBuilder;

/// Longer paths could not be a key in every database.
const LONGEST_PATH: usize = 1_024;
/// Files that one pattern may match.
const MOST_FILES: usize = 500_000;
const DEEPEST: usize = 64;

/// A target with its place made absolute.
#[derive(Clone, Debug)]
pub(crate) enum FileTarget {
    /// One file.
    One(PathBuf),
    /// Every file below `folder` that `glob` matches.
    Many {
        folder: PathBuf,
        /// The pattern as it is written, made absolute.
        pattern: String,
        glob: GlobSet,
        /// How deep below `folder` a match can be.
        depth: usize,
        /// Whether the pattern asks for names that start with a dot.
        hidden: bool,
    },
}

impl FileTarget {
    /// Reads `target`, relative to the folder of `base`.
    pub(crate) fn resolve(target: &str, base: &LocationRef) -> Result<Self> {
        let path = absolute(target, base);
        let text = path.to_str().ok_or_else(|| {
            Error::invalid(
                "file-target-encoding",
                format!("`{target}` is not a path in UTF-8"),
            )
        })?;
        if text.len() > LONGEST_PATH {
            return Err(Error::invalid(
                "file-target-too-long",
                format!(
                    "the path `{}…` is longer than {LONGEST_PATH} bytes",
                    head(text)
                ),
            ));
        }
        if !text.contains(['*', '?', '[', '{']) {
            return Ok(Self::One(path));
        }
        let glob = GlobBuilder::new(text)
            .literal_separator(true)
            .build()
            // A set of one refuses what is nested too deeply, where a matcher by itself panics.
            .and_then(|glob| GlobSet::builder().add(glob).build())
            .map_err(|error| no_pattern(target, &error))?;
        let folder = fixed_folder(&path);
        let rest = path.strip_prefix(&folder).unwrap_or(&path);
        let depth = if text.contains("**") {
            DEEPEST
        } else {
            rest.components().count()
        };
        Ok(Self::Many {
            folder,
            pattern: text.to_owned(),
            glob,
            depth,
            hidden: rest
                .to_string_lossy()
                .split('/')
                .any(|name| name.starts_with('.')),
        })
    }

    /// The folder that everything read on behalf of this target, and of what it leads to, stays in.
    pub(crate) fn root(&self) -> &Path {
        match self {
            Self::One(path) => path.parent().unwrap_or(path),
            Self::Many { folder, .. } => folder,
        }
    }

    /// The files in order; none when nothing matches.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        match self {
            Self::One(path) => Ok(if path.exists() {
                vec![path.clone()]
            } else {
                Vec::new()
            }),
            Self::Many {
                folder,
                glob,
                depth,
                hidden,
                ..
            } => walk(folder, glob, *depth, *hidden),
        }
    }
}

impl FileTarget {
    /// Those of `paths` that [`FileTarget::files`] would find, without looking at any others.
    pub(crate) fn files_among(&self, paths: impl IntoIterator<Item = PathBuf>) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = paths
            .into_iter()
            .filter(|path| self.names(path) && path.is_file())
            .collect();
        files.sort_unstable();
        files
    }

    /// Whether a file at `path` is part of the target.
    pub(crate) fn names(&self, path: &Path) -> bool {
        match self {
            Self::One(file) => file == path,
            Self::Many {
                folder,
                glob,
                depth,
                hidden,
                ..
            } => {
                let below = path.strip_prefix(folder).ok();
                let fits = |below: &Path| {
                    let names = || below.components().map(Component::as_os_str);
                    names().count() <= *depth
                        && (*hidden
                            || !names().any(|name| name.as_encoded_bytes().starts_with(b".")))
                };
                glob.is_match(path) && below.is_some_and(fits)
            }
        }
    }
}

fn walk(folder: &Path, glob: &GlobSet, depth: usize, hidden: bool) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    let entries = WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(!hidden)
        .follow_links(true)
        .max_depth(Some(depth))
        .build();
    for entry in entries {
        let entry = entry.map_err(|error| {
            Error::unavailable(
                "folder-unreadable",
                format!("`{}` cannot be listed: {error}", folder.display()),
            )
            .hint("give the portal's user read permission on the folder")
        })?;
        let is_file = entry.file_type().is_some_and(|kind| !kind.is_dir());
        if is_file && glob.is_match(entry.path()) {
            files.push(entry.into_path());
        }
        if files.len() > MOST_FILES {
            return Err(Error::invalid(
                "file-pattern-too-wide",
                format!(
                    "the pattern matches more than {MOST_FILES} files below `{}`",
                    folder.display()
                ),
            )
            .hint("name a folder further down, or several locations"));
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// The path without `.` and `..`, starting at the folder of `base` when it is relative.
pub(crate) fn absolute(target: &str, base: &LocationRef) -> PathBuf {
    let target = Path::new(target);
    let start = Path::new(&base.target)
        .parent()
        .filter(|_| base.kind == "file")
        .unwrap_or(Path::new("/"));
    let mut path = PathBuf::new();
    for component in start.join(target).components() {
        match component {
            Component::ParentDir => {
                path.pop();
            }
            Component::CurDir => {}
            other => path.push(other),
        }
    }
    path
}

/// The part of the path before the first name with a wildcard.
fn fixed_folder(path: &Path) -> PathBuf {
    path.components()
        .take_while(|component| {
            !component
                .as_os_str()
                .to_string_lossy()
                .contains(['*', '?', '[', '{'])
        })
        .collect()
}

fn no_pattern(target: &str, error: &globset::Error) -> Error {
    let why = error.kind().to_string();
    let (target, why) = (shortened(target, 200), shortened(&why, 200));
    Error::invalid(
        "file-pattern",
        format!("`{target}` is not a file pattern: {why}"),
    )
}

fn head(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(target: &str, base: &str) -> String {
        match FileTarget::resolve(target, &LocationRef::file(base)) {
            Ok(FileTarget::One(path)) => format!("one {}", path.display()),
            Ok(FileTarget::Many { folder, depth, .. }) => {
                format!("many in {} to depth {depth}", folder.display())
            }
            Err(error) => error.message().to_owned(),
        }
    }

    #[test]
    fn a_target_starts_at_the_folder_of_the_file_that_names_it() {
        assert_eq!(resolve("./a.yaml", "/srv/all.yaml"), "one /srv/a.yaml");
        assert_eq!(
            resolve("../x/a.yaml", "/srv/org/all.yaml"),
            "one /srv/x/a.yaml"
        );
        assert_eq!(resolve("/etc/a.yaml", "/srv/all.yaml"), "one /etc/a.yaml");
    }

    #[test]
    fn a_pattern_walks_no_deeper_than_it_can_match() {
        assert_eq!(
            resolve("*/catalog-info.yaml", "/srv/all.yaml"),
            "many in /srv to depth 2"
        );
        assert_eq!(
            resolve("teams/**/*.yaml", "/srv/all.yaml"),
            "many in /srv/teams to depth 64"
        );
        assert_eq!(
            resolve("[a.yaml", "/srv/all.yaml"),
            "`[a.yaml` is not a file pattern: unclosed character class; missing ']'"
        );
    }

    #[test]
    fn a_pattern_that_is_nested_too_deeply_is_refused() {
        let nested = format!("{}b{}", "{a,".repeat(240), "}".repeat(240));
        let refused = resolve(&nested, "/srv/all.yaml");
        assert!(refused.contains(" … "), "{refused}");
        assert!(refused.contains("` is not a file pattern: "), "{refused}");
        assert!(refused.len() < 1_000, "{refused}");
    }

    #[test]
    fn hidden_files_match_only_when_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.yaml", ".b.yaml", "c.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let names = |pattern: &str| -> Vec<String> {
            let base = LocationRef::file(folder.path().join("all").display().to_string());
            let files = FileTarget::resolve(pattern, &base)
                .unwrap()
                .files()
                .unwrap();
            files
                .iter()
                .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
                .collect()
        };
        assert_eq!(names("*.yaml"), ["a.yaml"]);
        assert_eq!(names(".*.yaml"), [".b.yaml"]);
        assert_eq!(names("*.json"), Vec::<String>::new());
    }
}
