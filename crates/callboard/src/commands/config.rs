//! Checks, prints and describes the configuration.

use std::process::ExitCode;

use annotate_snippets::Level;
use callboard_config::{Format, Registry};
use clap::{Subcommand, ValueEnum};

use super::print;
use crate::cli::Global;
use crate::failure::print_diagnostic;
use crate::{Failure, features};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check every value, and look for keys that nobody knows
    Check {
        /// Fail on warnings too.
        #[arg(long)]
        strict: bool,
    },
    /// Print the configuration as it is after all layers, without its secrets
    Print {
        /// How to print it.
        #[arg(long, value_name = "FORMAT", default_value = "yaml")]
        format: PrintFormat,
    },
    /// Print the JSON Schema of the configuration
    Schema,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PrintFormat {
    /// YAML, like the files themselves.
    Yaml,
    /// JSON, for programs.
    Json,
    /// YAML that says beside each value where it is written.
    Origins,
}

impl From<PrintFormat> for Format {
    fn from(format: PrintFormat) -> Self {
        match format {
            PrintFormat::Yaml => Self::Yaml,
            PrintFormat::Json => Self::Json,
            PrintFormat::Origins => Self::YamlWithOrigins,
        }
    }
}

pub(crate) fn run(global: &Global, command: &Command) -> Result<ExitCode, Failure> {
    let registry = Registry::new(features::sections());
    match command {
        Command::Check { strict } => check(global, &registry, *strict),
        Command::Print { format } => {
            print(&registry.print(&global.load()?, (*format).into()))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema => {
            print(&format!("{:#}\n", registry.schema()))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn check(global: &Global, registry: &Registry, strict: bool) -> Result<ExitCode, Failure> {
    let config = global.load()?;
    let report = registry.check(&config);
    report
        .errors
        .iter()
        .for_each(|error| print_diagnostic(error, Level::ERROR));
    report
        .warnings
        .iter()
        .for_each(|warning| print_diagnostic(warning, Level::WARNING));
    if report.errors.is_empty() && (report.warnings.is_empty() || !strict) {
        let files = config.files().len();
        print(&format!(
            "The configuration is right ({}).\n",
            count(files, "file")
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    let errors = count(report.errors.len(), "error");
    print(&format!(
        "{errors}, {}.\n",
        count(report.warnings.len(), "warning")
    ))?;
    Ok(ExitCode::FAILURE)
}

fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
