//! Readers of locations, one file each.

mod file;
mod file_target;
mod file_watch;

pub(crate) use file::FileReader;
pub(crate) use file_watch::FileWatch;
