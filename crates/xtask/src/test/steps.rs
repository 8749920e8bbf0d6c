//! The steps, in their order: what fails fast comes first.

use std::fmt;

use anyhow::Result;

use super::counts::Counts;
use super::postgres::Server;
use super::{Test, needs};
use crate::program::{Program, installed, tail};

/// A step of the gate.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) run: fn(&Test) -> Result<Done>,
}

/// What a step that went well has to tell.
pub(super) struct Done {
    pub(super) counts: Counts,
    pub(super) note: String,
}

/// All steps.
pub(super) const ALL: [Step; 10] = [
    Step {
        name: "format",
        about: "Rust code is formatted",
        run: format,
    },
    Step {
        name: "tidy",
        about: "levels, homes, sizes, words, links",
        run: tidy,
    },
    Step {
        name: "licences",
        about: "licences and sources of dependencies",
        run: licences,
    },
    Step {
        name: "ui",
        about: "UI: lint, types, tests, build",
        run: ui,
    },
    Step {
        name: "lint",
        about: "clippy",
        run: lint,
    },
    Step {
        name: "docs",
        about: "documentation of the code",
        run: docs,
    },
    Step {
        name: "rust",
        about: "Rust tests on SQLite",
        run: rust,
    },
    Step {
        name: "postgres",
        about: "Rust tests on PostgreSQL",
        run: postgres,
    },
    Step {
        name: "generated",
        about: "generated files are current",
        run: generated,
    },
    Step {
        name: "browser",
        about: "browser, client, crash and fault tests",
        run: browser,
    },
];

/// A program of a step that failed: what it said, how to repeat it.
#[derive(Debug)]
struct Failed {
    text: String,
    repeat: String,
    counts: Counts,
}

impl fmt::Display for Failed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}\n\nthis alone: {}",
            tail(&self.text, 80),
            self.repeat
        )
    }
}

impl std::error::Error for Failed {}

/// The counts of a step that failed: at least one failure.
pub(super) fn failed_counts(error: &anyhow::Error) -> Counts {
    let counts = error
        .downcast_ref::<Failed>()
        .map_or(Counts::default(), |failed| failed.counts);
    Counts {
        failed: counts.failed.max(1),
        ..counts
    }
}

/// Runs programs that are one check altogether.
fn check(programs: &[Program]) -> Result<Done> {
    for program in programs {
        run(program)?;
    }
    Ok(Done {
        counts: Counts::ONE,
        note: String::new(),
    })
}

/// Runs a program and counts its tests.
fn run(program: &Program) -> Result<Counts> {
    let outcome = program.run()?;
    let counts = Counts::read(&outcome.text);
    if outcome.ok {
        return Ok(counts);
    }
    Err(Failed {
        text: outcome.text,
        repeat: program.to_string(),
        counts,
    }
    .into())
}

/// A failure that a check of our own found.
fn found(findings: &[String], repeat: &str) -> anyhow::Error {
    let counts = Counts {
        passed: 0,
        failed: findings.len(),
    };
    Failed {
        text: findings.join("\n"),
        repeat: repeat.to_owned(),
        counts,
    }
    .into()
}

fn format(_: &Test) -> Result<Done> {
    check(&[
        Program::new("cargo fmt --all -- --check"),
        Program::new("cargo fmt --manifest-path fuzz/Cargo.toml -- --check"),
    ])
}

fn tidy(_: &Test) -> Result<Done> {
    let findings = crate::tidy::findings()?;
    if !findings.is_empty() {
        return Err(found(&findings, "cargo xtask tidy"));
    }
    Ok(Done {
        counts: Counts::ONE,
        note: String::new(),
    })
}

fn licences(_: &Test) -> Result<Done> {
    if installed("cargo-deny") {
        let done = check(&[Program::new(
            "cargo deny --offline check licenses bans sources",
        )])?;
        return Ok(Done {
            note: "by cargo-deny".to_owned(),
            ..done
        });
    }
    let (findings, looked_at) = crate::tidy::check_licences()?;
    if !findings.is_empty() {
        return Err(found(&findings, "cargo xtask test licences"));
    }
    let note = format!("{looked_at} dependencies; without cargo-deny, so no bans");
    Ok(Done {
        counts: Counts::ONE,
        note,
    })
}

fn ui(_: &Test) -> Result<Done> {
    needs::npm_packages("ui")?;
    let checks = check(&[Program::new("npm run --silent check").inside("ui")])?.counts;
    let tests = run(&Program::new("npm run --silent test")
        .inside("ui")
        .set("CI", "true"))?;
    let build = check(&[Program::new("npm run --silent build").inside("ui")])?.counts;
    Ok(Done {
        counts: checks + tests + build,
        note: String::new(),
    })
}

fn lint(_: &Test) -> Result<Done> {
    check(&[Program::new(
        "cargo clippy --workspace --all-targets --locked --quiet -- --deny warnings",
    )])
}

fn docs(_: &Test) -> Result<Done> {
    let docs = Program::new("cargo doc --workspace --no-deps --locked --quiet");
    check(&[docs.set("RUSTDOCFLAGS", "--deny warnings")])
}

fn rust(_: &Test) -> Result<Done> {
    let tests = match installed("cargo-nextest") {
        true => Program::new(
            "cargo nextest run --workspace --locked --no-fail-fast --cargo-quiet --status-level fail",
        ),
        false => {
            Program::new("cargo test --workspace --all-targets --locked --no-fail-fast --quiet")
        }
    };
    let counts = run(&tests)?
        + run(&Program::new(
            "cargo test --workspace --doc --locked --quiet",
        ))?;
    Ok(Done {
        counts,
        note: String::new(),
    })
}

/// Repeats the tests of the crates that have to do with the database.
fn postgres(test: &Test) -> Result<Done> {
    let server = Server::find(test.postgres.as_deref())?;
    let tests = match installed("cargo-nextest") {
        true => Program::new("cargo nextest run --workspace --locked --no-fail-fast --cargo-quiet --status-level fail -E")
            .with("rdeps(callboard-db)"),
        false => Program::new(
            "cargo test --locked --no-fail-fast --quiet -p callboard-db -p callboard-catalog -p callboard",
        ),
    };
    let counts = run(&tests.set("CALLBOARD_TEST_POSTGRES", &server.url));
    let note = server.note.clone();
    server.stop()?;
    Ok(Done {
        counts: counts?,
        note,
    })
}

fn generated(_: &Test) -> Result<Done> {
    needs::npm_packages("ui")?;
    crate::codegen::check()?;
    Ok(Done {
        counts: Counts::ONE,
        note: String::new(),
    })
}

fn browser(test: &Test) -> Result<Done> {
    needs::program("chromium", "chromium")?;
    needs::program("sqlite3", "sqlite3")?;
    needs::program("psql", "postgresql-client")?;
    needs::npm_packages("ui")?;
    needs::npm_packages("e2e")?;
    if !crate::root().join("ui/dist/index.html").exists() {
        run(&Program::new("npm run --silent build").inside("ui"))?;
    }
    run(&Program::new(
        "cargo build --package callboard --locked --quiet",
    ))?;
    let binary = crate::portal::dev_binary()?.display().to_string();
    // Without a server the tests of replicas would pass by not running.
    let server = Server::find(test.postgres.as_deref())?;
    let tests = Program::new("npm run --silent test")
        .inside("e2e")
        .set("CALLBOARD_BINARY", &binary)
        .set("CALLBOARD_TEST_POSTGRES", &server.url);
    let counts = run(&tests);
    let note = server.note.clone();
    server.stop()?;
    Ok(Done {
        counts: counts?,
        note,
    })
}
