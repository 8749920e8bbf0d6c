//! The project's own commands: test, measure, check the layout, generate.
//!
//! Each command is one module with a clap struct and a `run`.
//!
//! Never here: the portal's crates; a command that needs the portal starts its binary, so that
//! `cargo xtask` itself compiles in seconds.
//! Adding a command: one module, one line in [`Command`].
//! Start reading at [`Command`].

mod bench;
mod codegen;
mod fuzz;
mod gen_catalog;
mod http;
mod portal;
mod program;
mod screenshots;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

/// The project's own commands
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Test(test::Test),
    Tidy(tidy::Tidy),
    Bench(bench::Bench),
    Codegen(codegen::Codegen),
    Fuzz(fuzz::Fuzz),
    GenCatalog(gen_catalog::GenCatalog),
    Screenshots(screenshots::Screenshots),
}

fn main() -> ExitCode {
    let result = match Xtask::parse().command {
        Command::Test(command) => command.run(),
        Command::Tidy(command) => command.run(),
        Command::Bench(command) => command.run(),
        Command::Codegen(command) => command.run(),
        Command::Fuzz(command) => command.run(),
        Command::GenCatalog(command) => command.run(),
        Command::Screenshots(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own).to_owned()
}
