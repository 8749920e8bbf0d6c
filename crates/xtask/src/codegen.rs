//! The API's description and the types that the UI has from it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::program::Program;

/// The description of the API, from the code.
const DESCRIPTION: &str = "ui/src/api/openapi.json";
/// The types of the UI's client, from the description.
const TYPES: &str = "ui/src/api/schema.d.ts";

/// Write the API's description and the UI's types anew
#[derive(clap::Args)]
pub(crate) struct Codegen {
    /// Change nothing; fail when something would change
    #[arg(long)]
    check: bool,
}

impl Codegen {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        if self.check {
            check()
        } else {
            write(DESCRIPTION, &description()?)?;
            write(TYPES, &types(&crate::root().join(DESCRIPTION))?)
        }
    }
}

/// Fails when a generated file is not what the code says.
pub(crate) fn check() -> Result<()> {
    let description = description()?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("openapi.json");
    fs::write(&path, &description)?;
    for (file, wanted) in [(DESCRIPTION, description), (TYPES, types(&path)?)] {
        let kept = fs::read_to_string(crate::root().join(file)).unwrap_or_default();
        ensure!(
            kept == wanted,
            "{file} is not what the code says: run `cargo xtask codegen` and commit it"
        );
    }
    Ok(())
}

/// What the portal says of its own API.
fn description() -> Result<String> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("openapi.json");
    // Only standard output is the description, so Cargo's own words must not be with it.
    let line = "cargo run --package callboard --locked --quiet -- openapi";
    let output = Program::new(line)
        .command()
        .output()
        .context("cannot start cargo")?;
    ensure!(
        output.status.success(),
        "`{line}` failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::write(&path, &output.stdout)?;
    let text = String::from_utf8(output.stdout).context("the description is not text")?;
    Ok(text.trim_end().to_owned() + "\n")
}

/// The types that openapi-typescript makes of a description.
fn types(description: &Path) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("schema.d.ts");
    Program::new("npx --no-install openapi-typescript")
        .with(description.display().to_string())
        .with("--output")
        .with(path.display().to_string())
        .inside("ui")
        .must()?;
    Ok(fs::read_to_string(path)?)
}

fn write(file: &str, text: &str) -> Result<()> {
    fs::write(crate::root().join(file), text).with_context(|| format!("cannot write {file}"))?;
    println!("{file}");
    Ok(())
}
