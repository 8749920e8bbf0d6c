//! Builds the UI when it is missing or older than its sources, and embeds it.
//!
//! Without Node.js the server still builds: its pages then say what to install. With
//! `CALLBOARD_SKIP_UI_BUILD=1` nothing is built and what lies in `ui/dist` is embedded.

mod embed;
mod npm;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;
use std::{env, fs, io};

/// What the built pages are made from, beside what npm installs.
const SOURCES: [&str; 8] = [
    "index.html",
    "package.json",
    "package-lock.json",
    "public",
    "scripts",
    "src",
    "tsconfig.json",
    "vite.config.ts",
];

const SKIP: &str = "CALLBOARD_SKIP_UI_BUILD";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let ui = folder("CARGO_MANIFEST_DIR")?.join("../../ui");
    let out = folder("OUT_DIR")?;
    println!("cargo:rerun-if-env-changed={SKIP}");
    println!("cargo:rerun-if-changed=build");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", ui.join(source).display());
    }
    let missing = bring_up_to_date(&ui)?;
    let dist = ui.join("dist");
    let dist = dist.join("index.html").exists().then_some(dist);
    embed::write(
        dist.as_deref(),
        missing.as_deref().unwrap_or_default(),
        &out,
    )
    .map_err(|error| format!("error: the built UI cannot be embedded: {error}"))
}

/// Builds what is out of date; `Some` says why there is nothing to build it with.
fn bring_up_to_date(ui: &Path) -> Result<Option<String>, String> {
    let index = ui.join("dist/index.html");
    if variable(SKIP).is_some_and(|value| !value.is_empty() && value != "0") {
        // Whoever skips the build here made it elsewhere: take it when it changes.
        println!("cargo:rerun-if-changed={}", index.display());
        return Ok(Some(format!(
            "The UI was left out by {SKIP}. Build the server without it."
        )));
    }
    if !is_older(&index, SOURCES.map(|source| ui.join(source))) {
        return Ok(None);
    }
    if let Err(missing) = npm::find(ui) {
        // A file that does not exist counts as changed: look again at the next build.
        println!(
            "cargo:rerun-if-changed={}",
            ui.join("dist/.not-built").display()
        );
        println!("cargo:warning=the UI is not built: {missing}");
        return Ok(Some(missing));
    }
    if is_older(
        &ui.join("node_modules/.package-lock.json"),
        [ui.join("package-lock.json")],
    ) {
        npm::run(ui, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm::run(ui, &["run", "build"])?;
    Ok(None)
}

/// Whether `product` is missing or older than any file of `sources`.
fn is_older(product: &Path, sources: impl IntoIterator<Item = PathBuf>) -> bool {
    let Ok(made) = fs::metadata(product).and_then(|metadata| metadata.modified()) else {
        return true;
    };
    sources
        .into_iter()
        .filter_map(|source| newest(&source).ok())
        .any(|changed| changed > made)
}

fn newest(path: &Path) -> io::Result<SystemTime> {
    let metadata = fs::metadata(path)?;
    let mut newest_so_far = metadata.modified()?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            newest_so_far = newest_so_far.max(newest(&entry?.path())?);
        }
    }
    Ok(newest_so_far)
}

fn folder(name: &str) -> Result<PathBuf, String> {
    variable(name)
        .map(PathBuf::from)
        .ok_or_else(|| format!("error: `{name}` is not set\nhint: build with Cargo"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "Cargo talks to build scripts by the environment"
)]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}
