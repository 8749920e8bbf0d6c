//! What the program can be told to do, one command a file.

pub(crate) mod config;
pub(crate) mod openapi;
pub(crate) mod serve;
pub(crate) mod validate;

use callboard_model::{Error, Result};

/// Prints to standard output; a reader that stopped reading is no failure.
pub(crate) fn print(text: &str) -> Result<()> {
    use std::io::Write;
    let mut stdout = anstream::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::unavailable("output", "the output cannot be written").source(error))
        }
        _ => Ok(()),
    }
}

/// The runtime that a command runs its asynchronous work on.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Error::unavailable("threads", "the system refuses more threads").source(error)
        })
}

/// The folder in which the program was started: relative paths in the configuration begin there.
pub(crate) fn working_directory() -> Result<std::path::PathBuf> {
    std::env::current_dir().map_err(|error| {
        Error::unavailable("working-directory", "the current folder cannot be read")
            .hint("start the program in a folder that exists")
            .source(error)
    })
}
