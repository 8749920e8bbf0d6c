//! What the program writes to its log: standard error, as lines for people or for machines.

use std::io::IsTerminal;

use callboard_model::{Error, Result};
use tracing_subscriber::EnvFilter;

/// What a line of the log looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// A JSON object on each line.
    Json,
}

/// Starts logging what `filter` lets through, such as `info` or `warn,callboard_catalog=debug`.
pub(crate) fn start(filter: &str, format: LogFormat) -> Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Error::invalid("log-filter", format!("`{filter}` is not a log filter: {error}"))
            .hint("use a level (error, warn, info, debug, trace), or pairs such as `info,callboard_catalog=debug`")
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    started.map_err(|error| Error::internal("logging", format!("logging cannot start: {error}")))
}
