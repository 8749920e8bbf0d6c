//! Checks entity files: for people, for a commit hook, and for CI.

mod check;
mod finding;
mod human;
mod json;
mod sarif;
mod walk;

use std::path::PathBuf;
use std::process::ExitCode;

use callboard_catalog::CatalogConfig;
use callboard_model::yaml;
use clap::{Args, ValueEnum};

use super::{print, working_directory};
use crate::Failure;
use crate::cli::Global;

/// The exit code of a command that was called wrongly.
const USAGE: u8 = 2;

#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// Files, or folders in which to look for entity files; `-` reads standard input.
    ///
    /// A file is checked whatever it holds. In a folder, `catalog-info.yaml` is checked, and every
    /// other YAML file that names `backstage.io` as the API of an entity; what Git ignores and the
    /// skeletons of templates are left out.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print what is wrong.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Let `<<` merge mappings, as `catalog.enableYamlMerge` does.
    #[arg(long)]
    yaml_merge: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: each problem with the lines it is in.
    Human,
    /// For programs.
    Json,
    /// For code scanners: SARIF 2.1.0.
    Sarif,
}

pub(crate) fn run(global: &Global, flags: &Flags) -> Result<ExitCode, Failure> {
    let settings: CatalogConfig = match global.load().and_then(|config| config.read("catalog")) {
        Ok(settings) => settings,
        Err(errors) => return wrong(&errors.into()),
    };
    let kinds = match callboard_catalog::model(&settings, &working_directory()?) {
        Ok(kinds) => kinds,
        Err(error) => return wrong(&error.into()),
    };
    let files = match walk::files(&flags.paths) {
        Ok(files) => files,
        Err(error) => return wrong(&error.into()),
    };
    let options = yaml::Options {
        merge_keys: flags.yaml_merge || settings.enable_yaml_merge,
        ..yaml::Options::default()
    };
    let outcome = check::all(&files, &kinds, &options);
    print(&match flags.format {
        Format::Human => human::render(&outcome),
        Format::Json => json::render(&outcome),
        Format::Sarif => sarif::render(&outcome),
    })?;
    Ok(if outcome.findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Says why nothing could be checked.
fn wrong(failure: &Failure) -> Result<ExitCode, Failure> {
    failure.print();
    Ok(ExitCode::from(USAGE))
}
