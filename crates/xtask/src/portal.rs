//! The portal as a process: started on a free port with its own data, and always stopped.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::http::{Connection, get};
use crate::program::{Program, tail};

/// The longest that a start may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(1_800);
/// The shortest wait between two looks at something that changes.
pub(crate) const GLANCE: Duration = Duration::from_millis(1);

/// What to start.
pub(crate) struct Setup {
    pub(crate) binary: PathBuf,
    /// Holds the configuration, the data and the log.
    pub(crate) folder: PathBuf,
    /// Configuration that is read before the port and the database.
    pub(crate) config: Option<PathBuf>,
    pub(crate) database: Storage,
}

/// Where a portal keeps its data.
#[derive(Clone)]
pub(crate) enum Storage {
    Sqlite,
    Postgres(String),
}

/// A running portal.
pub(crate) struct Portal {
    child: Child,
    log: PathBuf,
    pub(crate) address: SocketAddr,
    pub(crate) started: Instant,
}

impl Setup {
    /// Starts the portal; answers as soon as the process runs.
    pub(crate) fn start(&self) -> Result<Portal> {
        fs::create_dir_all(&self.folder)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let own = self.folder.join("port-and-database.yaml");
        fs::write(&own, self.own_config(port)?)?;
        let log = self.folder.join("portal.log");
        let output = File::create(&log)?;
        let mut command = Command::new(&self.binary);
        for config in self.config.iter().chain([&own]) {
            command.arg("--config").arg(config);
        }
        command.current_dir(&self.folder).stdin(Stdio::null());
        command.stdout(output.try_clone()?).stderr(output);
        let started = Instant::now();
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", self.binary.display()))?;
        Ok(Portal {
            child,
            log,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            started,
        })
    }

    fn own_config(&self, port: u16) -> Result<String> {
        let mut text =
            format!("backend:\n  listen:\n    host: 127.0.0.1\n    port: {port}\n  database:\n");
        match &self.database {
            Storage::Sqlite => {
                let folder = self.folder.join("data").display().to_string();
                let folder = serde_json::Value::from(folder);
                write!(
                    text,
                    "    client: better-sqlite3\n    connection:\n      directory: {folder}\n"
                )?;
            }
            Storage::Postgres(url) => {
                let url = serde_json::Value::from(url.as_str());
                write!(text, "    client: pg\n    connection: {url}\n")?;
            }
        }
        Ok(text)
    }
}

impl Portal {
    /// Waits until `path` is answered with 200 and `enough` says that the answer will do; answers
    /// how long that took from the start of the process.
    pub(crate) fn wait_for(
        &mut self,
        path: &str,
        enough: impl Fn(&[u8]) -> bool,
    ) -> Result<Duration> {
        self.wait_for_answer(&get(path), enough)
            .with_context(|| format!("waiting for {path}"))
    }

    /// The same for any request.
    pub(crate) fn wait_for_answer(
        &mut self,
        request: &[u8],
        enough: impl Fn(&[u8]) -> bool,
    ) -> Result<Duration> {
        let mut connection = None;
        while self.started.elapsed() < PATIENCE {
            self.must_run()?;
            connection = connection
                .take()
                .or_else(|| Connection::open(self.address).ok());
            match connection
                .as_mut()
                .map(|open: &mut Connection| open.ask(request))
            {
                Some(Ok(answer)) if answer.status == 200 && enough(answer.body) => {
                    return Ok(self.started.elapsed());
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => connection = None,
            }
            // A look costs what it measures; one in a hundredth of the time gone by is precise enough.
            let pause = (self.started.elapsed() / 100).clamp(GLANCE, 50 * GLANCE);
            std::thread::park_timeout(pause);
        }
        bail!(
            "waited {} s in vain:\n{}",
            PATIENCE.as_secs(),
            self.last_words()
        );
    }

    /// A new connection to the portal.
    pub(crate) fn connect(&self) -> Result<Connection> {
        Connection::open(self.address)
    }

    /// A line of the process's status in kilobytes, such as `VmRSS`.
    pub(crate) fn kilobytes(&self, line: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .context("memory is measured on Linux only")?;
        let value = status
            .lines()
            .find_map(|row| row.strip_prefix(line)?.strip_prefix(':'));
        let value = value.with_context(|| format!("the process's status has no `{line}`"))?;
        Ok(value.trim().trim_end_matches(" kB").parse()?)
    }

    /// Waits until the process has nothing more to do; answers the processor time that it has used.
    pub(crate) fn rested(&mut self) -> Result<Duration> {
        // Entities are packed after three quiet seconds, and what that frees is given back after another two.
        const STILL: Duration = Duration::from_secs(5);
        const BUSY: Duration = Duration::from_millis(50);
        let began = Instant::now();
        let mut used = self.processor_time()?;
        while began.elapsed() < PATIENCE {
            std::thread::park_timeout(STILL);
            self.must_run()?;
            let before = std::mem::replace(&mut used, self.processor_time()?);
            if used - before < BUSY {
                return Ok(used);
            }
        }
        bail!("the portal does not come to rest:\n{}", self.last_words());
    }

    /// User and system time in hundredths of a second, which is what Linux counts in.
    fn processor_time(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))
            .context("processor time is measured on Linux only")?;
        // The second field is the program's name in parentheses, which may have blanks.
        let fields = stat.rsplit_once(") ").map(|(_, fields)| fields);
        let fields = fields.into_iter().flat_map(str::split_whitespace);
        let ticks: u64 = fields
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u64>().ok())
            .sum();
        Ok(Duration::from_millis(10 * ticks))
    }

    /// Asks the portal to end, as a service manager does, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        let status = self.end()?;
        ensure!(
            status.success(),
            "the portal ended with {status}:\n{}",
            self.last_words()
        );
        Ok(())
    }

    fn end(&mut self) -> Result<ExitStatus> {
        if let Some(status) = self.child.try_wait()? {
            return Ok(status);
        }
        Program::new("kill -TERM")
            .with(self.child.id().to_string())
            .must()?;
        Ok(self.child.wait()?)
    }

    fn must_run(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the portal ended with {status}:\n{}", self.last_words());
        }
        Ok(())
    }

    fn last_words(&self) -> String {
        tail(&fs::read_to_string(&self.log).unwrap_or_default(), 20)
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!(
                "warning: process {} may still run: {error:#}",
                self.child.id()
            );
        }
    }
}

/// Where Cargo puts what it builds in the profile whose folder is `profile`.
pub(crate) fn built(profile: &str) -> Result<PathBuf> {
    #[derive(serde::Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let metadata = Program::new("cargo metadata --no-deps --offline --format-version 1").must()?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    Ok(metadata.target_directory.join(profile))
}

/// The portal's binary in the development profile, which must have been built.
pub(crate) fn dev_binary() -> Result<PathBuf> {
    Ok(built("debug")?.join("callboard"))
}

/// Makes an empty folder, whatever was there before.
pub(crate) fn fresh_folder(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| format!("cannot empty {}", path.display()))?;
    }
    fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))
}
