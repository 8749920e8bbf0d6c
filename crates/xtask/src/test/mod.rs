//! Every test there is, step by step; each step can be run alone.
//!
//! A step is a name and a function that runs programs and tells how many tests passed. What a step
//! needs from the machine it installs where it may, and otherwise says how.
//!
//! Adding a step: one function in `steps.rs`, one line in [`steps::ALL`].
//! Start reading at [`Test::run`].

mod counts;
pub(crate) mod needs;
mod postgres;
mod steps;

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use counts::Counts;
pub(crate) use postgres::Server;
use steps::{ALL, Step};

/// Run every test: formatting, rules, lints, Rust on two databases, UI, licences, browser
#[derive(clap::Args)]
pub(crate) struct Test {
    /// Run only these steps
    #[arg(value_name = "STEP")]
    steps: Vec<String>,
    /// Print the steps and what they do
    #[arg(long)]
    list: bool,
    /// Go on after a step has failed
    #[arg(long)]
    keep_going: bool,
    /// The PostgreSQL server to test on; without it, one on this machine or a private one
    #[arg(
        long,
        env = "CALLBOARD_TEST_POSTGRES",
        value_name = "URL",
        hide_env_values = true
    )]
    postgres: Option<String>,
}

/// How a step ended.
struct Row {
    name: &'static str,
    result: &'static str,
    counts: Counts,
    note: String,
    took: Duration,
}

impl Test {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        if self.list {
            for step in ALL {
                println!("{:<10} {}", step.name, step.about);
            }
            return Ok(());
        }
        let mut rows = Vec::new();
        for step in self.chosen()? {
            let row = self.row(step);
            let failed = row.result == "failed";
            rows.push(row);
            if failed && !self.keep_going {
                break;
            }
        }
        print_table(&rows);
        let total = rows
            .iter()
            .fold(Counts::default(), |sum, row| sum + row.counts);
        println!("\n{} passed, {} failed", total.passed, total.failed);
        if total.failed > 0 {
            bail!("not every test passed")
        } else {
            Ok(())
        }
    }

    fn chosen(&self) -> Result<Vec<&'static Step>> {
        if let Some(unknown) = self
            .steps
            .iter()
            .find(|name| !ALL.iter().any(|step| step.name == **name))
        {
            let names: Vec<_> = ALL.iter().map(|step| step.name).collect();
            bail!(
                "there is no step `{unknown}`; there are: {}",
                names.join(", ")
            );
        }
        let wanted =
            |step: &&Step| self.steps.is_empty() || self.steps.iter().any(|name| name == step.name);
        Ok(ALL.iter().filter(wanted).collect())
    }

    /// Runs a step and says how it went.
    fn row(&self, step: &'static Step) -> Row {
        print!("{:<10} {} … ", step.name, step.about);
        // Somebody may watch; a line that cannot be written is no reason to stop.
        let _ = std::io::stdout().flush();
        let start = Instant::now();
        let outcome = (step.run)(self);
        let took = start.elapsed();
        match outcome {
            Ok(done) => {
                println!(
                    "ok, {} ({:.1} s)",
                    tests(done.counts.passed),
                    took.as_secs_f64()
                );
                Row {
                    name: step.name,
                    result: "ok",
                    counts: done.counts,
                    note: done.note,
                    took,
                }
            }
            Err(error) => {
                println!(
                    "FAILED ({:.1} s)\n\n{error:#}\n\nall of this step again: cargo xtask test {}\n",
                    took.as_secs_f64(),
                    step.name
                );
                let counts = steps::failed_counts(&error);
                Row {
                    name: step.name,
                    result: "failed",
                    counts,
                    note: String::new(),
                    took,
                }
            }
        }
    }
}

fn tests(count: usize) -> String {
    if count == 1 {
        "1 test".to_owned()
    } else {
        format!("{count} tests")
    }
}

fn print_table(rows: &[Row]) {
    println!(
        "\n{:<10} {:<7} {:>7} {:>7} {:>9}",
        "step", "result", "passed", "failed", "seconds"
    );
    for row in rows {
        let Counts { passed, failed } = row.counts;
        let seconds = row.took.as_secs_f64();
        println!(
            "{:<10} {:<7} {passed:>7} {failed:>7} {seconds:>9.1}  {}",
            row.name, row.result, row.note
        );
    }
}
