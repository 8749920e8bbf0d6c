//! Bounded reading of files, and the list of those that were read.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::budget::{MAX_BYTES, MAX_FILES};

/// The files that the configuration was read from so far.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) read: Vec<PathBuf>,
    reads: usize,
    bytes: u64,
}

/// All files together may be this many times as large as one.
const TOTAL: u64 = 8;

impl Files {
    /// The text of `path`, `None` when there is no such file, or why it cannot be read.
    pub(crate) fn text(&mut self, path: &Path) -> Result<Option<String>, String> {
        self.reads += 1;
        if self.reads > MAX_FILES {
            return Err(format!("more than {MAX_FILES} files are included"));
        }
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| error.to_string())?;
        let size = bytes.len() as u64;
        self.bytes += size;
        if size > MAX_BYTES || self.bytes > TOTAL * MAX_BYTES {
            let limit = if size > MAX_BYTES {
                MAX_BYTES
            } else {
                TOTAL * MAX_BYTES
            } / (1024 * 1024);
            let what = if size > MAX_BYTES {
                "a file"
            } else {
                "the configuration"
            };
            return Err(format!("{what} may have {limit} MiB at most"));
        }
        let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
        if !self.read.iter().any(|known| known == path) {
            self.read.push(path.to_owned());
        }
        Ok(Some(
            text.strip_prefix('\u{feff}')
                .map(str::to_owned)
                .unwrap_or(text),
        ))
    }
}
