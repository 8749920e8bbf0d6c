//! What the program writes to its log: standard error, as lines for people or for machines.

use std::io::IsTerminal;

use callboard_model::{Error, Result};
use callboard_telemetry::{Traces, WithTraceId};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, registry};

/// What a line of the log looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// A JSON object on each line.
    Json,
}

/// Starts logging what `filter` lets through, such as `info` or `warn,callboard_catalog=debug`; beside it goes to
/// `traces` what they tell, whatever is logged.
pub(crate) fn start(filter: &str, format: LogFormat, traces: Option<&Traces>) -> Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Error::invalid("log-filter", format!("`{filter}` is not a log filter: {error}"))
            .hint("use a level (error, warn, info, debug, trace), or pairs such as `info,callboard_catalog=debug`")
    })?;
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let log = match format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().map_event_format(WithTraceId).boxed(),
    };
    let started = match traces {
        // The filter of everything is cheaper than one of the log alone.
        None => registry().with(log).with(filter).try_init(),
        Some(traces) => registry()
            .with(log.with_filter(filter))
            .with(traces.layer())
            .try_init(),
    };
    started.map_err(|error| Error::internal("logging", format!("logging cannot start: {error}")))
}
