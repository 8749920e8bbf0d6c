//! Readers of locations, one file each.

mod file;
mod file_target;
mod file_watch;
mod followed_files;
mod touched;
mod url;
mod url_fingerprint;

pub(crate) use file::FileReader;
pub(crate) use file_target::{FileTarget, absolute as absolute_path};
pub(crate) use file_watch::FileWatch;
pub(crate) use url::UrlReader;
