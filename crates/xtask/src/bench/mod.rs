//! How fast and how small the portal is, measured the way a user meets it: a release binary, a
//! generated catalog, requests over HTTP.
//!
//! Figures, not tests: a row that misses its target says so, and nothing fails. A wrong answer does fail.
//!
//! Adding a measure: a function in `starts.rs`, `requests.rs`, `changes.rs` or `policy.rs` that adds a row; its target, if it
//! has one, in `targets.rs`.
//! Start reading at [`Bench::run`].

mod changes;
mod load;
mod machine;
mod nginx;
mod policy;
mod report;
mod requests;
mod starts;
mod targets;

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::gen_catalog::{Catalog, Summary};
use crate::portal::{self, Setup, Storage};
use crate::program::Program;
use crate::test::Server;
use report::Report;
use targets::Targets;

/// The largest catalog whose starts are repeated.
const REPEATED: usize = 20_000;

/// Measure starts, requests, changes and memory on generated catalogs
#[derive(clap::Args)]
pub(crate) struct Bench {
    /// What to measure
    #[arg(value_enum, default_value_t = What::Catalog)]
    what: What,
    /// How many components each catalog has; for 14 of them there are 11 other entities
    #[arg(long, value_delimiter = ',', default_value = "14000")]
    components: Vec<usize>,
    /// Where the portal keeps its data
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// How long each request is repeated
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How often each start is repeated, the median counts; by default 5 times, and once for a large catalog
    #[arg(long)]
    runs: Option<usize>,
    /// Measure this binary instead of building one
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
    /// Leave out the comparison with nginx, and with it the need for it
    #[arg(long)]
    without_nginx: bool,
    /// The PostgreSQL server to use; without it, one on this machine or a private one
    #[arg(
        long,
        env = "CALLBOARD_TEST_POSTGRES",
        value_name = "URL",
        hide_env_values = true
    )]
    postgres: Option<String>,
}

/// What can be measured.
#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// The catalog: loading, answering, following changes
    Catalog,
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
    targets: Targets,
    database: Database,
    server: Option<Server>,
    runs: usize,
    seconds: u64,
    nginx: bool,
}

impl Bench {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        let What::Catalog = self.what;
        let folder = portal::built("bench")?;
        let binary = self.binary()?;
        let mut reports = Vec::new();
        for components in self.components.iter().copied() {
            let bed = self.bed(components, &binary, folder.join(components.to_string()))?;
            reports.push(measure(&bed)?);
            bed.server.map_or(Ok(()), Server::stop)?;
        }
        let machine = machine::describe(&binary, &self.database.version(self.postgres.as_deref())?);
        report::write(&machine, &reports, &folder.join("latest.json"))
    }

    fn binary(&self) -> Result<PathBuf> {
        if let Some(binary) = &self.binary {
            return binary
                .canonicalize()
                .with_context(|| format!("no {}", binary.display()));
        }
        eprintln!("building the release binary …");
        Program::new("cargo build --release --package callboard --locked --quiet").must()?;
        Ok(portal::built("release")?.join("callboard"))
    }

    fn bed(&self, components: usize, binary: &std::path::Path, folder: PathBuf) -> Result<Bed> {
        let catalog = folder.join("catalog");
        portal::fresh_folder(&catalog)?;
        let summary = Catalog::new(components, 1).write(&catalog)?;
        let server = match self.database {
            Database::Sqlite => None,
            Database::Postgres => Some(Server::find(self.postgres.as_deref())?),
        };
        let runs = if components <= REPEATED { 5 } else { 1 };
        Ok(Bed {
            binary: binary.to_owned(),
            folder,
            catalog,
            targets: Targets::of(
                summary.entities,
                matches!(self.database, Database::Postgres),
            ),
            summary,
            database: self.database,
            server,
            runs: self.runs.unwrap_or(runs).max(1),
            seconds: self.seconds,
            nginx: !self.without_nginx,
        })
    }
}

fn measure(bed: &Bed) -> Result<Report> {
    let mut report = Report::new(bed.title());
    let size = std::fs::metadata(&bed.binary)?.len();
    report.add("binary size", size as f64 / 1e6, "MB", None);
    starts::empty(bed, &mut report)?;
    let (setup, mut portal) = starts::loaded(bed, &mut report)?;
    requests::measure(bed, &portal, &mut report)?;
    changes::measure(bed, &setup, &mut portal, &mut report)?;
    let highest = portal.kilobytes("VmHWM")? as f64 / 1e3;
    report.add("memory: at its highest, answering", highest, "MB", None);
    policy::measure(bed, setup, portal, &mut report)?;
    Ok(report)
}

impl Database {
    fn version(self, server: Option<&str>) -> Result<String> {
        match self {
            Self::Sqlite => Ok("SQLite inside the portal".to_owned()),
            Self::Postgres => {
                let server = Server::find(server)?;
                let version = server.version();
                server.stop()?;
                version
            }
        }
    }
}

impl Bed {
    fn title(&self) -> String {
        let database = match self.database {
            Database::Sqlite => "SQLite",
            Database::Postgres => "PostgreSQL",
        };
        let megabytes = self.summary.bytes as f64 / 1e6;
        format!(
            "{} entities, {megabytes:.0} MB of YAML in {} files, {database}",
            self.summary.entities, self.summary.files
        )
    }

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

    /// A portal with an empty database; with the catalog's configuration, or none.
    fn setup(&self, name: &str, config: Option<PathBuf>) -> Result<Setup> {
        Ok(Setup {
            binary: self.binary.clone(),
            folder: self.run_folder(name)?,
            config,
            database: self.storage()?,
        })
    }
}
