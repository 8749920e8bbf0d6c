//! Node.js and npm, as far as building the UI needs them.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Looks for Node.js in the version that `package.json` asks for, and npm; says what to install
/// when one is missing.
pub(crate) fn find(ui: &Path) -> Result<(), String> {
    let wanted = wanted_version(ui).unwrap_or((20, 19));
    let install = format!(
        "install Node.js {}.{} or newer (https://nodejs.org)",
        wanted.0, wanted.1
    );
    let Some(given) = version_of("node") else {
        return Err(format!(
            "Node.js was not found; {install}, then build again"
        ));
    };
    if parse(&given).is_none_or(|given| given < wanted) {
        return Err(format!(
            "Node.js {} is too old; {install}, then build again",
            given.trim()
        ));
    }
    if version_of("npm").is_none() {
        return Err(
            "npm was not found; install the npm that comes with Node.js, then build again".into(),
        );
    }
    Ok(())
}

/// Runs npm in `ui`; an error holds what it printed.
pub(crate) fn run(ui: &Path, arguments: &[&str]) -> Result<(), String> {
    let spelled = format!("npm {}", arguments.join(" "));
    let output = Command::new(program("npm"))
        .args(arguments)
        .current_dir(ui)
        .output()
        .map_err(|error| format!("error: `{spelled}` cannot start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "error: `{spelled}` failed in `ui/`\n{}{}\nhint: mend what it says, or set \
         CALLBOARD_SKIP_UI_BUILD=1 to build the server without new pages",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    ))
}

fn version_of(name: &str) -> Option<String> {
    let output = Command::new(program(name)).arg("--version").output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn program(name: &str) -> String {
    if cfg!(windows) && name == "npm" {
        "npm.cmd".to_owned()
    } else {
        name.to_owned()
    }
}

/// The `"node": ">=20.19"` under `engines`.
fn wanted_version(ui: &Path) -> Option<(u32, u32)> {
    let package = fs::read_to_string(ui.join("package.json")).ok()?;
    let (_, after) = package.split_once("\"node\": \">=")?;
    parse(after.split('"').next()?)
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(str::parse);
    let major = numbers.next()?.ok()?;
    let minor = numbers.next().and_then(Result::ok).unwrap_or(0);
    Some((major, minor))
}
