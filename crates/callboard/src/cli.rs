//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use callboard_config::{Config, ConfigErrors, Environment, Sources, Watch};
use callboard_telemetry::{SpanCounts, TraceSettings, Traces};
use clap::{Args, Parser, Subcommand};

use crate::commands::{config, openapi, serve, validate};
use crate::logging::{self, LogFormat};
use crate::{Failure, VERSION};

/// PostgreSQL notices, such as a table that is there already, are no news.
const DEFAULT_LOG: &str = "info,sqlx::postgres::notice=warn";

/// How long sending the last spans may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A software catalog, its pages and its API in one program.
///
/// Without a command it starts the portal, configured by `app-config.yaml` in this folder.
#[derive(Debug, Parser)]
#[command(name = "callboard", version = VERSION, propagate_version = false)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    global: Global,
    #[command(flatten)]
    serve: serve::Flags,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// A configuration file; repeat it to lay several over each other, the last on top.
    ///
    /// Without it: `app-config.yaml`, `app-config.<name>.yaml` for each name in BACKSTAGE_ENV, and
    /// the `.local.yaml` of each.
    #[arg(long, value_name = "FILE", global = true)]
    config: Vec<PathBuf>,
    /// What to log: a level, or pairs such as `info,callboard_catalog=debug`.
    #[arg(
        long,
        value_name = "FILTER",
        env = "CALLBOARD_LOG",
        default_value = DEFAULT_LOG,
        global = true
    )]
    log: String,
    /// What a line of the log looks like.
    #[arg(
        long,
        value_name = "FORMAT",
        env = "CALLBOARD_LOG_FORMAT",
        default_value = "text",
        global = true
    )]
    log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the portal (this is what happens without a command)
    Serve(serve::Flags),
    /// Look at the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Check entity files
    Validate(validate::Flags),
    /// Print the description of the API (OpenAPI 3.1)
    Openapi,
}

impl Cli {
    fn serves(&self) -> bool {
        matches!(self.command, None | Some(Command::Serve(_)))
    }
}

impl Global {
    /// Reads the configuration.
    pub(crate) fn load(&self) -> Result<Config, ConfigErrors> {
        Config::load(&self.sources(), &Environment::of_process())
    }

    /// Follows the files that `config` was read from.
    pub(crate) fn watch(&self, config: &Config) -> Watch {
        Watch::new(self.sources(), Environment::of_process(), config)
    }

    fn sources(&self) -> Sources {
        if self.config.is_empty() {
            Sources::defaults_in(".")
        } else {
            Sources::files(&self.config)
        }
    }
}

/// Runs the program: the command line in, an exit code out.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = if cli.serves() {
        run_traced(cli)
    } else {
        logging::start(&cli.global.log, cli.global.log_format, None)
            .map_err(Failure::from)
            .and_then(|()| run(cli, None))
    };
    outcome.unwrap_or_else(|failure| {
        failure.print();
        ExitCode::FAILURE
    })
}

/// Runs the portal, and tells a collector what it does where the environment names one.
fn run_traced(cli: Cli) -> Result<ExitCode, Failure> {
    let (settings, passed_over) = TraceSettings::of(&Environment::of_process());
    let traces = settings
        .map(|settings| Traces::start(settings.version(VERSION)))
        .transpose()?;
    logging::start(&cli.global.log, cli.global.log_format, traces.as_ref())?;
    for variable in passed_over {
        tracing::warn!("{variable}");
    }
    let outcome = run(cli, traces.as_ref().map(|traces| traces.counts().clone()));
    if let Some(traces) = traces {
        traces.end(PATIENCE);
    }
    outcome
}

fn run(cli: Cli, spans: Option<SpanCounts>) -> Result<ExitCode, Failure> {
    match cli.command {
        None => serve::run(&cli.global, &cli.serve, spans),
        Some(Command::Serve(flags)) => serve::run(&cli.global, &flags, spans),
        Some(Command::Config(command)) => config::run(&cli.global, &command),
        Some(Command::Validate(flags)) => validate::run(&cli.global, &flags),
        Some(Command::Openapi) => openapi::run(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
