//! Reads `file` locations from the disk: one file or a pattern, part by part (CAT-40).

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use callboard_model::kinds::Kinds;
use callboard_model::{Clock, Error, LocationRef, Problem, Result, parse, yaml};
use rayon::prelude::*;

use super::file_target::FileTarget;
use super::file_watch::FileWatch;
use crate::placeholder::DocumentKey;
use crate::processor::{
    DocumentRequest, FetchedDocument, LocationReader, Part, PartContent, PartSink, ReadRequest,
};

/// A file written this recently could change again without its time changing (milliseconds).
const YOUNG: u128 = 50;

/// A file that was emptied this recently is most likely about to be written: many programs save by emptying a
/// file and then filling it (milliseconds).
const EMPTY_FOR: u128 = 200;

/// How long a file that was only just written has to stay as it is to count as complete.
const GLANCE: Duration = Duration::from_millis(4);

/// How often a file is read that changes while it is read.
const ATTEMPTS: usize = 50;

/// Files read beside each other before they are handed on in their order.
const AT_ONCE: usize = 64;

/// Reads `file` locations and has them watched.
pub(crate) struct FileReader {
    shared: Arc<Shared>,
}

struct Shared {
    kinds: Arc<Kinds>,
    options: yaml::Options,
    clock: Clock,
    watch: FileWatch,
}

impl FileReader {
    pub(crate) fn new(
        kinds: Arc<Kinds>,
        options: yaml::Options,
        clock: Clock,
        watch: FileWatch,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                kinds,
                options,
                clock,
                watch,
            }),
        }
    }
}

#[async_trait]
impl LocationReader for FileReader {
    fn location_type(&self) -> &'static str {
        "file"
    }

    fn watches(&self) -> bool {
        true
    }

    fn aliases(&self) -> &[&str] {
        &["FileReaderProcessor"]
    }

    async fn read(&self, request: ReadRequest<'_>, parts: PartSink) -> Result<Vec<Problem>> {
        refuse_from_elsewhere(&request)?;
        let target = FileTarget::resolve(request.target, request.base)?;
        let origin = FileTarget::resolve(&request.origin.target, request.origin)?;
        // Watched before it is read, so that a change in between is not missed.
        self.shared.watch.follow(request.on_behalf_of, &target);
        let (shared, known, named) = (
            Arc::clone(&self.shared),
            request.known.clone(),
            request.target.to_owned(),
        );
        let optional = request.optional;
        let only: Option<Vec<PathBuf>> = request
            .only
            .map(|keys| keys.iter().filter_map(|key| path_of(key)).collect());
        let whole = only.is_none();
        tokio::task::spawn_blocking(move || {
            let files = match only {
                Some(paths) => target.files_among(paths),
                None => target.files()?,
            };
            if files.is_empty() && !whole {
                return Ok(Vec::new());
            }
            if files.is_empty() && !optional {
                return missing(&target, &named);
            }
            let root = origin
                .root()
                .canonicalize()
                .unwrap_or_else(|_| origin.root().to_owned());
            let read = |path: &PathBuf| {
                shared.read_file(path, &root, known.get(&key(path)).map(String::as_str))
            };
            for files in files.chunks(AT_ONCE) {
                let read: Vec<Part> = files.par_iter().map(read).collect();
                if !read.into_iter().all(|part| parts.give_blocking(part)) {
                    break;
                }
            }
            Ok(Vec::new())
        })
        .await
        .map_err(|error| Error::internal("file-reader", "while reading files").source(error))?
    }

    async fn fetch(&self, request: DocumentRequest<'_>) -> Result<FetchedDocument> {
        let path = PathBuf::from(&request.place.target);
        let key = DocumentKey {
            address: request.place.to_string(),
            root: request.root.to_owned(),
        };
        // Watched before it is read, so that a change in between is not missed.
        self.shared.watch.follow_document(key, &path);
        let (shared, root) = (Arc::clone(&self.shared), PathBuf::from(request.root));
        let known = request.known.to_owned();
        tokio::task::spawn_blocking(move || shared.fetch(&path, &root, &known))
            .await
            .map_err(|error| Error::internal("file-reader", "while reading a file").source(error))?
    }
}

fn as_error(path: &Path, problem: Problem) -> Error {
    let message = format!("`{}`: {}", path.display(), problem.message);
    let error = Error::invalid(problem.code, message);
    match problem.hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// What somebody wrote on another machine names no file of this one.
fn refuse_from_elsewhere(request: &ReadRequest<'_>) -> Result<()> {
    let from = [request.base, request.origin];
    match from.into_iter().find(|place| place.kind != "file") {
        None => Ok(()),
        Some(place) => {
            let message = format!("`{place}` may not name files of this machine");
            Err(Error::invalid("file-from-elsewhere", message)
                .hint("give the file an entry of its own in `catalog.locations`"))
        }
    }
}

fn missing(target: &FileTarget, named: &str) -> Result<Vec<Problem>> {
    match target {
        FileTarget::One(path) => {
            let message = format!("`{}` does not exist", path.display());
            Err(Error::not_found("file-missing", message)
                .hint("correct the target, make the file, or say `presence: optional`"))
        }
        FileTarget::Many { folder, .. } => {
            let message = format!("no file below `{}` matches `{named}`", folder.display());
            Ok(vec![Problem::new("pattern-without-match", message)])
        }
    }
}

/// The key of the part that the file at `path` is.
pub(super) fn key(path: &Path) -> String {
    format!("file:{}", path.display())
}

fn path_of(key: &str) -> Option<PathBuf> {
    key.strip_prefix("file:").map(PathBuf::from)
}

impl Shared {
    fn read_file(&self, path: &Path, root: &Path, known: Option<&str>) -> Part {
        let location = LocationRef::file(path.display().to_string());
        let part = |fingerprint, content| Part {
            location: location.clone(),
            fingerprint,
            content,
        };
        match self.read_settled(path, root, known) {
            Ok((fingerprint, None)) => part(fingerprint, PartContent::Unchanged),
            Ok((fingerprint, Some(bytes))) => part(
                fingerprint,
                PartContent::Read(parse::entities(&bytes, &self.kinds, &self.options)),
            ),
            Err(problem) => part(String::new(), PartContent::Unreadable(problem)),
        }
    }

    fn fetch(&self, path: &Path, root: &Path, known: &str) -> Result<FetchedDocument> {
        if !path.exists() {
            let message = format!("`{}` does not exist", path.display());
            return Err(Error::not_found("file-missing", message)
                .hint("correct the path, or put the file there"));
        }
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let read = || {
            let (fingerprint, content) = self.read_settled(path, &root, Some(known))?;
            Ok(match content {
                None => FetchedDocument::Unchanged,
                Some(content) => FetchedDocument::Read {
                    fingerprint,
                    content,
                },
            })
        };
        read().map_err(|problem| as_error(path, problem))
    }

    /// The fingerprint of a file, and its bytes when the fingerprint is not `known`. A file that somebody is
    /// writing is read again, so that half a file does not take the entities of the other half away; after
    /// [`ATTEMPTS`] the last that was not empty has to do, and the watch tells when there is more.
    fn read_settled(
        &self,
        path: &Path,
        root: &Path,
        known: Option<&str>,
    ) -> Result<(String, Option<Vec<u8>>), Problem> {
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let (real, before) = self.look(path, root)?;
            let fingerprint = self.fingerprint(&before);
            // Most files are not opened: they are as they were.
            if known == Some(fingerprint.as_str()) {
                return Ok((fingerprint, None));
            }
            let file = File::open(&real).map_err(|error| unreadable(&error))?;
            let bytes = self.read_bytes(&file)?;
            if self.age(&before) < YOUNG {
                thread::park_timeout(GLANCE);
            }
            let after = file.metadata().map_err(|error| unreadable(&error))?;
            let same = |one: &fs::Metadata| (one.len(), written(one));
            let changes = bytes.len() as u64 != before.len() || same(&before) != same(&after);
            let emptied = bytes.is_empty() && self.age(&before) < EMPTY_FOR;
            if !changes && !emptied {
                return Ok((fingerprint, Some(bytes)));
            }
            if emptied {
                thread::park_timeout(GLANCE);
            }
            if last.is_none() || !bytes.is_empty() {
                last = Some((fingerprint, bytes));
            }
        }
        let (fingerprint, bytes) = last.unwrap_or_default();
        Ok((fingerprint, Some(bytes)))
    }

    /// Where a file really is, and its time and size.
    fn look(&self, path: &Path, root: &Path) -> Result<(PathBuf, fs::Metadata), Problem> {
        let real = path.canonicalize().map_err(|error| unreadable(&error))?;
        if !real.starts_with(root) {
            let message = format!(
                "the file lies outside of `{}`, the folder of the location that leads to it",
                root.display()
            );
            return Err(Problem::new("file-outside", message)
                .hint("give it an entry of its own in `catalog.locations`"));
        }
        let metadata = fs::metadata(&real).map_err(|error| unreadable(&error))?;
        if !metadata.is_file() {
            return Err(Problem::new("not-a-file", "it is not a regular file"));
        }
        if metadata.len() > self.options.max_bytes as u64 {
            return Err(self.too_large());
        }
        Ok((real, metadata))
    }

    fn read_bytes(&self, file: &File) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        // The file may have grown since it was measured.
        let limit = self.options.max_bytes as u64;
        file.take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 > limit {
            Err(self.too_large())
        } else {
            Ok(bytes)
        }
    }

    fn too_large(&self) -> Problem {
        let mebibytes = self.options.max_bytes / (1024 * 1024);
        Problem::new(
            "file-too-large",
            format!("it is larger than {mebibytes} MiB"),
        )
        .hint("split it into several files")
    }

    /// Time, size and how it is read. A file that was only just written counts as changed next time too.
    fn fingerprint(&self, metadata: &fs::Metadata) -> String {
        let young = if self.age(metadata) < YOUNG {
            "+young"
        } else {
            ""
        };
        let merge = if self.options.merge_keys {
            "+merge"
        } else {
            ""
        };
        format!(
            "{}-{}-{}{merge}{young}",
            env!("CARGO_PKG_VERSION"),
            written(metadata).as_nanos(),
            metadata.len()
        )
    }

    /// Milliseconds since it was last written.
    fn age(&self, metadata: &fs::Metadata) -> u128 {
        u128::from(self.clock.unix_millis()).saturating_sub(written(metadata).as_millis())
    }
}

/// When it was last written, since 1970.
fn written(metadata: &fs::Metadata) -> Duration {
    let modified = metadata.modified().ok();
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.unwrap_or_default()
}

fn unreadable(error: &std::io::Error) -> Problem {
    let hint = match error.kind() {
        std::io::ErrorKind::PermissionDenied => "give the portal's user read permission",
        _ => "check the file and the disk",
    };
    Problem::new("file-unreadable", format!("it cannot be read: {error}")).hint(hint)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    const SAVES: usize = 200;

    fn reader() -> FileReader {
        let kinds = Arc::clone(Kinds::built_in());
        FileReader::new(
            kinds,
            yaml::Options::default(),
            Clock::system(),
            FileWatch::new(),
        )
    }

    /// `fs::write` empties a file before it fills it.
    #[test]
    fn a_file_is_not_read_between_being_emptied_and_filled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.yaml");
        let root = folder.path().canonicalize().unwrap();
        let text = "kind: Component\n".repeat(1000);
        fs::write(&path, &text).unwrap();
        let (reader, together) = (reader(), Barrier::new(2));
        let mut lengths = Vec::new();
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..SAVES {
                    together.wait();
                    fs::write(&path, &text).unwrap();
                }
            });
            for _ in 0..SAVES {
                together.wait();
                let read = reader.shared.read_settled(&path, &root, None);
                lengths.push(read.map(|(_, bytes)| bytes.unwrap_or_default().len()));
            }
        });
        for length in lengths {
            assert_eq!(length.unwrap(), text.len());
        }
    }

    #[test]
    fn a_file_that_stays_empty_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.yaml");
        fs::write(&path, "").unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (_, bytes) = reader().shared.read_settled(&path, &root, None).unwrap();
        assert_eq!(bytes, Some(Vec::new()));
    }
}
