//! How fast and how small the portal is, measured the way a user meets it: a release binary, a
//! generated catalog, requests over HTTP.
//!
//! Figures, not tests: a row that misses its target says so, and nothing fails.
//!
//! Adding a measure: a function in `starts.rs`, `requests.rs` or `changes.rs` that adds a row.
//! Start reading at [`Bench::run`].

mod changes;
mod load;
mod report;
mod requests;
mod starts;

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::gen_catalog::{Catalog, Summary};
use crate::portal::{self, Storage};
use crate::program::Program;
use crate::test::Server;
use report::Report;

/// Measure starts, requests, changes and memory on a generated catalog
#[derive(clap::Args)]
pub(crate) struct Bench {
    /// How many components the catalog has; for 14 of them there are 11 other entities
    #[arg(long, default_value_t = 14_000)]
    components: usize,
    /// Where the portal keeps its data
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// How long each request is repeated
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How often each start is repeated; the median counts
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Measure this binary instead of building one
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
    /// The PostgreSQL server to use; without it, one on this machine or a private one
    #[arg(
        long,
        env = "CALLBOARD_TEST_POSTGRES",
        value_name = "URL",
        hide_env_values = true
    )]
    postgres: Option<String>,
}

/// A kind of database.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
}

/// What is measured, and with what.
struct Bed {
    binary: PathBuf,
    /// Everything that the runs write.
    folder: PathBuf,
    /// The generated catalog.
    catalog: PathBuf,
    summary: Summary,
    server: Option<Server>,
    runs: usize,
    seconds: u64,
}

impl Bench {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        let folder = portal::built("bench")?;
        let bed = self.bed(folder.clone())?;
        let mut report = Report::new(self.title(&bed.summary));
        report.add(
            "binary size",
            "MB",
            None,
            std::fs::metadata(&bed.binary)?.len() as f64 / 1e6,
        );
        starts::empty(&bed, &mut report)?;
        let mut portal = starts::loaded(&bed, &mut report)?;
        requests::measure(&bed, &portal, &mut report)?;
        changes::measure(&bed, &mut portal, &mut report)?;
        report.add(
            "memory: at its highest, answering",
            "MB",
            None,
            portal.kilobytes("VmHWM")? as f64 / 1e3,
        );
        portal.stop()?;
        report.write(&folder.join("latest.json"))?;
        bed.server.map_or(Ok(()), Server::stop)
    }

    fn title(&self, summary: &Summary) -> String {
        let database = match self.database {
            Database::Sqlite => "SQLite",
            Database::Postgres => "PostgreSQL",
        };
        let megabytes = summary.bytes as f64 / 1e6;
        format!(
            "{} entities, {megabytes:.0} MB of YAML in {} files, {database}",
            summary.entities, summary.files
        )
    }

    fn bed(&self, folder: PathBuf) -> Result<Bed> {
        let binary = match &self.binary {
            Some(binary) => binary
                .canonicalize()
                .with_context(|| format!("no {}", binary.display()))?,
            None => {
                eprintln!("building the release binary …");
                Program::new("cargo build --release --package callboard --locked --quiet")
                    .must()?;
                portal::built("release")?.join("callboard")
            }
        };
        let catalog = folder.join("catalog");
        portal::fresh_folder(&catalog)?;
        let summary = Catalog::new(self.components, 1).write(&catalog)?;
        let server = match self.database {
            Database::Sqlite => None,
            Database::Postgres => Some(Server::find(self.postgres.as_deref())?),
        };
        Ok(Bed {
            binary,
            folder,
            catalog,
            summary,
            server,
            runs: self.runs.max(1),
            seconds: self.seconds,
        })
    }
}

impl Bed {
    /// An empty database for one run.
    fn storage(&self) -> Result<Storage> {
        match &self.server {
            None => Ok(Storage::Sqlite),
            Some(server) => Ok(Storage::Postgres(server.fresh_schema("bench")?)),
        }
    }

    /// A folder for the runs called `name`, emptied.
    fn run_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        portal::fresh_folder(&folder)?;
        Ok(folder)
    }
}
