//! What the steps need from the machine: installed where that is allowed, and otherwise asked for.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::program::{Program, installed};

/// The oldest Node.js that the UI's tools run on.
const NODE: u32 = 20;

/// Makes sure that a program is there, from Debian's `package` if it must be.
pub(crate) fn program(name: &str, package: &str) -> Result<()> {
    if installed(name) {
        return Ok(());
    }
    debian_package(package).with_context(|| format!("the program `{name}` is missing"))
}

/// Installs a Debian package, when there is apt-get and we are root.
pub(super) fn debian_package(package: &str) -> Result<()> {
    let root = Program::new("id -u").must()?.trim() == "0";
    if !root || !installed("apt-get") {
        bail!(
            "install it and run this again; on Debian and Ubuntu: sudo apt-get install {package}"
        );
    }
    Program::new("apt-get update -qq").must()?;
    Program::new("apt-get install -qq --yes --no-install-recommends")
        .with(package)
        .set("DEBIAN_FRONTEND", "noninteractive")
        .must()?;
    Ok(())
}

/// Makes sure that Node.js is there and recent.
pub(super) fn node() -> Result<()> {
    const HOW: &str = "install Node.js 20 or newer, with npm: https://nodejs.org/en/download";
    ensure!(
        installed("node") && installed("npm"),
        "Node.js or npm is missing; {HOW}"
    );
    let version = Program::new("node --version").must()?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default();
    let recent = major.parse::<u32>().is_ok_and(|major| major >= NODE);
    ensure!(recent, "Node.js is {}; {HOW}", version.trim());
    Ok(())
}

/// Makes sure that the npm packages of `folder` are those of its lock file.
pub(crate) fn npm_packages(folder: &str) -> Result<()> {
    node()?;
    let folder_path = crate::root().join(folder);
    if !is_newer(
        &folder_path.join("node_modules/.package-lock.json"),
        &folder_path.join("package-lock.json"),
    ) {
        Program::new("npm ci --no-audit --no-fund --loglevel=error")
            .inside(folder)
            .must()?;
    }
    Ok(())
}

fn is_newer(made: &Path, from: &Path) -> bool {
    let time = |path: &Path| {
        std::fs::metadata(path)
            .and_then(|data| data.modified())
            .ok()
    };
    matches!((time(made), time(from)), (Some(made), Some(from)) if made >= from)
}
