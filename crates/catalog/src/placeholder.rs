//! The port that fills placeholders: a [`PlaceholderResolver`] says what `{ $key: target }` stands for (CAT-41).
//!
//! Resolving is pure, as all processing is. What a placeholder names is a *document*: the resolver asks
//! [`Documents`] for it, and when it is not there yet, it is fetched, and the entity is processed again then.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use callboard_model::{Error, LocationRef, Problem};
use callboard_source::Source;
use serde_json::Value;

use crate::readers::absolute_path;

/// Documents that one entity may name.
const MOST_DOCUMENTS: usize = 500;
/// Bytes that documents may bring into one entity.
const MOST_BYTES: usize = 10 * 1024 * 1024;

/// Fills the placeholders with one key, such as `$text`.
pub trait PlaceholderResolver: Send + Sync + 'static {
    /// Its key without the `$`.
    fn key(&self) -> &str;

    /// The value that takes the place of `{ $key: target }`. It comes from nothing but `documents`.
    fn resolve(&self, target: &str, documents: &mut Documents<'_>) -> Result<Value, Unresolved>;
}

/// Why a placeholder cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// A document that it needs is not there yet, and was noted.
    Waiting,
    /// It is wrong, or a document that it needs is.
    Broken(Problem),
}

impl From<Problem> for Unresolved {
    fn from(problem: Problem) -> Self {
        Self::Broken(problem)
    }
}

/// What a document is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DocumentKey {
    /// A location such as `url:https://example.com/api.yaml`.
    pub(crate) address: String,
    /// The folder that a file has to lie in; empty for others.
    pub(crate) root: String,
}

/// A document as it was fetched.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The last good content.
    pub(crate) content: Option<Arc<str>>,
    /// Why it cannot be read now.
    pub(crate) problem: Option<Problem>,
    /// Changes with both.
    pub(crate) hash: String,
}

/// The documents that were fetched for some entities.
pub(crate) type Fetched = HashMap<DocumentKey, Document>;

/// What an entity asked for, each with the hash that it saw; empty when it was not there.
pub(crate) type Asked = BTreeMap<DocumentKey, String>;

/// The documents that one entity may name, and which of them it did name.
pub struct Documents<'a> {
    source: &'a Source,
    fetched: &'a Fetched,
    base: &'a LocationRef,
    /// The folder that files may be named in; none when the entity is not from a file.
    root: Option<&'a Path>,
    asked: Asked,
    bytes: usize,
    outdated: Vec<Problem>,
}

impl<'a> Documents<'a> {
    /// Those that an entity written at `base` may name.
    pub(crate) fn new(
        source: &'a Source,
        fetched: &'a Fetched,
        base: &'a LocationRef,
        root: Option<&'a Path>,
    ) -> Self {
        Self {
            source,
            fetched,
            base,
            root,
            asked: Asked::new(),
            bytes: 0,
            outdated: Vec::new(),
        }
    }

    /// Where the entity itself is written down.
    pub fn base(&self) -> &LocationRef {
        self.base
    }

    /// The place that `target` means in a file at `base`: a path beside it, or an address of the web.
    pub fn locate(&self, target: &str, base: &LocationRef) -> Result<LocationRef, Problem> {
        if base.kind == "file" && !target.contains("://") {
            let path = absolute_path(target, base);
            let path = path.to_str().filter(|path| path.len() <= 1_024);
            return path.map(LocationRef::file).ok_or_else(|| {
                Problem::new("placeholder-path", "the path is too long, or not in UTF-8")
            });
        }
        let url = match base.kind.as_str() {
            "url" => {
                Source::parse(&base.target).and_then(|base| self.source.resolve(target, &base))
            }
            _ => Source::parse(target),
        };
        url.map(|url| LocationRef::new("url", url))
            .map_err(|error| told(&error))
    }

    /// Refuses a place that lies in another repository than the entity, when both addresses tell which.
    pub fn in_same_repository(&self, place: &LocationRef) -> Result<(), Problem> {
        let repository = |location: &LocationRef| {
            let url = (location.kind == "url").then(|| Source::parse(&location.target).ok())??;
            self.source.repository(&url)
        };
        match (repository(place), repository(self.base)) {
            (Some(there), Some(here)) if there != here => {
                let message = format!(
                    "`{}` lies in the repository `{}`, and only files of `{}`, where the entity is, may be named",
                    place.target, there.full_name, here.full_name
                );
                Err(Problem::new("placeholder-other-repository", message)
                    .hint("copy the file into the entity's repository"))
            }
            _ => Ok(()),
        }
    }

    /// The text at `place`.
    pub fn text(&mut self, place: &LocationRef) -> Result<Arc<str>, Unresolved> {
        let key = self.key(place)?;
        let fetched = self
            .fetched
            .get(&key)
            .filter(|document| !document.hash.is_empty());
        if self.asked.len() >= MOST_DOCUMENTS && !self.asked.contains_key(&key) {
            let message = format!("the entity names more than {MOST_DOCUMENTS} documents");
            return Err(Problem::new("placeholder-too-many", message).into());
        }
        let hash = fetched
            .map(|document| document.hash.clone())
            .unwrap_or_default();
        self.asked.insert(key, hash);
        let Some(document) = fetched else {
            return Err(Unresolved::Waiting);
        };
        if let Some(problem) = &document.problem {
            let Some(content) = &document.content else {
                return Err(problem.clone().into());
            };
            self.outdated.push(kept(problem));
            return self.count(content);
        }
        document
            .content
            .as_ref()
            .map_or(Err(Unresolved::Waiting), |content| self.count(content))
    }

    fn count(&mut self, content: &Arc<str>) -> Result<Arc<str>, Unresolved> {
        self.bytes += content.len();
        if self.bytes > MOST_BYTES {
            let mebibytes = MOST_BYTES / (1024 * 1024);
            let message =
                format!("what the placeholders name is larger than {mebibytes} MiB together");
            return Err(Problem::new("placeholder-too-large", message).into());
        }
        Ok(Arc::clone(content))
    }

    fn key(&self, place: &LocationRef) -> Result<DocumentKey, Problem> {
        let root = match (place.kind.as_str(), self.root) {
            ("file", Some(root)) => root.display().to_string(),
            ("file", None) => {
                let message = format!("`{}` may not be named from `{}`", place.target, self.base);
                return Err(Problem::new("file-from-elsewhere", message));
            }
            _ => String::new(),
        };
        Ok(DocumentKey {
            address: place.to_string(),
            root,
        })
    }

    /// What was asked for, and what was given although it cannot be read any more.
    pub(crate) fn into_asked(self) -> (Asked, Vec<Problem>) {
        (self.asked, self.outdated)
    }
}

/// The last good text stays in use, and the entity tells why.
fn kept(problem: &Problem) -> Problem {
    let message = format!("{}; its last good version is used", problem.message);
    let kept = Problem::new(problem.code.clone(), message);
    match &problem.hint {
        Some(hint) => kept.hint(hint.clone()),
        None => kept,
    }
}

/// An error of reading, as a problem of what named the place.
pub(crate) fn told(error: &Error) -> Problem {
    let problem = Problem::new(error.code(), error.message());
    match error.hint_text() {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}
