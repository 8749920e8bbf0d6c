//! Other programs: how they are run, what they said, and how a person repeats the same thing.

use std::fmt;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// A program with its arguments, ready to run.
#[derive(Clone)]
pub(crate) struct Program {
    name: String,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    folder: PathBuf,
}

/// What a program did.
pub(crate) struct Outcome {
    /// Whether it ended well.
    pub(crate) ok: bool,
    /// All that it printed, in the order in which it was printed.
    pub(crate) text: String,
}

impl Program {
    /// `line` split at blanks, to run in the workspace's root.
    pub(crate) fn new(line: &str) -> Self {
        let mut words = line.split_whitespace().map(str::to_owned);
        let name = words.next().unwrap_or_default();
        Self {
            name,
            arguments: words.collect(),
            variables: Vec::new(),
            folder: crate::root(),
        }
    }

    /// Adds one argument, which may have blanks.
    pub(crate) fn with(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets an environment variable.
    pub(crate) fn set(mut self, variable: &str, value: &str) -> Self {
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// Runs in `folder`, named from the workspace's root.
    pub(crate) fn inside(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = crate::root().join(folder);
        self
    }

    /// Runs the program to its end and keeps what it prints.
    pub(crate) fn run(&self) -> Result<Outcome> {
        let mut log = tempfile::tempfile().context("cannot make a temporary file")?;
        let status = self
            .command()
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?)
            .status()
            .with_context(|| format!("cannot start `{}`: is it installed?", self.name))?;
        let mut bytes = Vec::new();
        log.rewind()?;
        log.read_to_end(&mut bytes)?;
        Ok(Outcome {
            ok: status.success(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }

    /// Runs the program and fails when it does, with the last lines of what it said.
    pub(crate) fn must(&self) -> Result<String> {
        let outcome = self.run()?;
        anyhow::ensure!(outcome.ok, "`{self}` failed:\n{}", tail(&outcome.text, 40));
        Ok(outcome.text)
    }

    /// The program as the standard library starts it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.name);
        command.args(&self.arguments).current_dir(&self.folder);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// As a person types it in the workspace's root.
impl fmt::Display for Program {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self
            .folder
            .strip_prefix(crate::root())
            .unwrap_or(&self.folder);
        let inside = !folder.as_os_str().is_empty();
        if inside {
            write!(out, "(cd {} && ", folder.display())?;
        }
        for (name, value) in &self.variables {
            write!(out, "{name}={} ", quoted(value))?;
        }
        write!(out, "{}", self.name)?;
        for argument in &self.arguments {
            write!(out, " {}", quoted(argument))?;
        }
        if inside { write!(out, ")") } else { Ok(()) }
    }
}

fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@,+%".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// The last `count` lines of `text`.
pub(crate) fn tail(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Whether a program of that name can be started.
pub(crate) fn installed(name: &str) -> bool {
    Program::new("sh -c")
        .with(format!("command -v {name}"))
        .run()
        .is_ok_and(|outcome| outcome.ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_shown_as_a_person_types_it() {
        let program = Program::new("cargo doc")
            .with("a b")
            .set("FLAGS", "-D warnings")
            .inside("ui");
        assert_eq!(
            program.to_string(),
            "(cd ui && FLAGS='-D warnings' cargo doc 'a b')"
        );
    }

    #[test]
    fn what_a_program_prints_is_kept_in_order() {
        let outcome = Program::new("sh -c")
            .with("echo one; echo two >&2; exit 3")
            .run()
            .unwrap();
        assert!(!outcome.ok);
        assert_eq!(outcome.text, "one\ntwo\n");
    }

    #[test]
    fn a_program_that_is_missing_is_named() {
        let error = Program::new("no-such-program-here").run().err().unwrap();
        assert_eq!(
            error.to_string(),
            "cannot start `no-such-program-here`: is it installed?"
        );
    }
}
