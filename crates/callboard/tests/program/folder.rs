//! The program as a process, in a folder of its own.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder to start the program in.
pub(crate) struct Folder(TempDir);

/// What a process left behind.
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    /// A folder whose configuration takes a free port.
    pub(crate) fn new() -> Self {
        let folder = Self(TempDir::new().unwrap());
        folder.configure("backend: { listen: ':0' }");
        folder
    }

    pub(crate) fn configure(&self, yaml: &str) {
        self.write("app-config.yaml", yaml);
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The names of the files in the folder `name`, sorted.
    pub(crate) fn files(&self, name: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.0.path().join(name)) else {
            return Vec::new();
        };
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<_> = entries.map(|entry| name(entry.unwrap())).collect();
        names.sort();
        names
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        Output {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callboard"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        #[expect(
            clippy::disallowed_methods,
            reason = "what the tests run in must not leak into the program"
        )]
        let variables = std::env::vars_os();
        for (name, _) in variables {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("APP_CONFIG_")
                || name.starts_with("CALLBOARD_")
                || name.starts_with("OTEL_")
                || name == "BACKSTAGE_ENV"
            {
                command.env_remove(name);
            }
        }
        command
    }
}

impl Output {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}
