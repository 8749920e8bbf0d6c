//! Fuzzing of what reads text from outside: the targets in `fuzz/`, run by cargo-fuzz.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail, ensure};

use crate::program::{Program, installed};

/// Where the targets are, from the repository's root.
const FOLDER: &str = "fuzz";
/// The longest input, the seconds that one may take, and the memory.
const LIMITS: [&str; 3] = ["-max_len=65536", "-timeout=5", "-rss_limit_mb=2048"];

/// Fuzz what reads text from outside, beginning with the inputs in fuzz/seeds
#[derive(clap::Args)]
pub(crate) struct Fuzz {
    /// The targets; all of them when none is named
    targets: Vec<String>,
    /// How long to run each
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only compile the targets
    #[arg(long)]
    build: bool,
}

impl Fuzz {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        ensure!(
            installed("cargo-fuzz"),
            "cargo-fuzz is not installed: `cargo install cargo-fuzz`"
        );
        let all = targets()?;
        if let Some(unknown) = self.targets.iter().find(|name| !all.contains(*name)) {
            let known: Vec<_> = all.into_iter().collect();
            bail!("there is no target `{unknown}`: {}", known.join(", "));
        }
        watched(&cargo_fuzz("build"))?;
        if self.build {
            return Ok(());
        }
        let chosen = match self.targets.is_empty() {
            true => all,
            false => self.targets.into_iter().collect(),
        };
        for target in chosen {
            // What is found on the way is kept here, beside the seeds that everybody has.
            let corpus = format!("{FOLDER}/corpus/{target}");
            fs::create_dir_all(crate::root().join(&corpus))?;
            let run = cargo_fuzz("run")
                .with(&target)
                .with(corpus)
                .with(format!("{FOLDER}/seeds/{target}"))
                .with("--")
                .with(format!("-max_total_time={}", self.seconds));
            let run = LIMITS.iter().fold(run, |run, limit| run.with(*limit));
            watched(&run).with_context(|| found(&target))?;
        }
        Ok(())
    }
}

/// The names of the targets.
fn targets() -> Result<BTreeSet<String>> {
    let folder = crate::root().join(FOLDER).join("fuzz_targets");
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".rs").map(str::to_owned));
    }
    Ok(names)
}

/// A command of cargo-fuzz. Without a sanitizer, which is for `unsafe` code, the stable compiler does; it only has to
/// be told that it may count what runs.
fn cargo_fuzz(command: &str) -> Program {
    Program::new("cargo fuzz")
        .with(command)
        .with("--sanitizer=none")
        .set("RUSTC_BOOTSTRAP", "1")
}

/// Runs a program whose output is for whoever waits for it.
fn watched(program: &Program) -> Result<()> {
    let status = program
        .command()
        .status()
        .with_context(|| format!("cannot start `{program}`"))?;
    ensure!(status.success(), "`{program}` failed");
    Ok(())
}

fn found(target: &str) -> String {
    format!(
        "`{target}` found an input that breaks a property; it is in {FOLDER}/artifacts/{target}. \
         Make it small with `RUSTC_BOOTSTRAP=1 cargo fuzz tmin --sanitizer=none {target} FILE`, put it into \
         {FOLDER}/seeds/{target} under a name that says what it is, and mend what it found"
    )
}
