//! Checks entity files.
use crate::Failure;
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Flags {}

pub(crate) fn run(_: &Flags) -> Result<ExitCode, Failure> {
    Ok(ExitCode::SUCCESS)
}
