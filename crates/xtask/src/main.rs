//! The project's own commands: test, measure, check the layout, generate.
//!
//! Each command is one module with a clap struct and a `run`.
//!
//! Never here: the portal's crates; a command that needs the portal starts its binary, so that
//! `cargo xtask` itself compiles in seconds.
//! Adding a command: one module, one line in [`Command`].
//! Start reading at [`Command`].

mod gen_catalog;

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
    GenCatalog(gen_catalog::GenCatalog),
}

fn main() -> ExitCode {
    let result = match Xtask::parse().command {
        Command::GenCatalog(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
