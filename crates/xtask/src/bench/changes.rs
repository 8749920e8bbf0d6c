//! How long it takes until the change of one file is served, and a stream of such changes.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::report::{Report, Times, quantile};
use super::{Bed, starts};
use crate::http::{Connection, get};
use crate::portal::{GLANCE, Portal, Setup, Storage};

const CHANGES: usize = 50;
/// The longest that one change may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two changes of a stream.
const PAUSE: Duration = Duration::from_millis(100);

/// Changes one entity again and again. On PostgreSQL a second replica is asked too, and both have to answer with
/// the change.
pub(super) fn measure(
    bed: &Bed,
    setup: &Setup,
    portal: &mut Portal,
    report: &mut Report,
) -> Result<()> {
    let (name, second) = match setup.database {
        Storage::Sqlite => ("one changed entity visible", None),
        Storage::Postgres(_) => (
            "one changed entity visible on two replicas",
            Some(replica(bed, setup)?),
        ),
    };
    let domain = Domain::first(bed)?;
    let mut connections = vec![portal.connect()?];
    if let Some(second) = &second {
        connections.push(second.connect()?);
    }
    let mut times = Vec::new();
    for number in 0..CHANGES {
        times.push(domain.change(number, &mut connections)?.as_secs_f64() * 1e3);
    }
    domain.restore()?;
    second.map_or(Ok(()), Portal::stop)?;
    let seen = Times {
        p50: quantile(&mut times, 50),
        p99: quantile(&mut times, 99),
    };
    report.add_timed(name, (seen.p50, "ms"), seen, bed.targets.change());
    Ok(())
}

/// Another process on the same database.
fn replica(bed: &Bed, setup: &Setup) -> Result<Portal> {
    let second = Setup {
        binary: setup.binary.clone(),
        folder: bed.run_folder("replica")?,
        config: setup.config.clone(),
        database: setup.database.clone(),
    };
    let mut portal = second.start()?;
    starts::wait_for_all(bed, &mut portal)?;
    portal.rested()?;
    Ok(portal)
}

/// The first domain of the first file.
struct Domain {
    file: PathBuf,
    text: String,
    request: Vec<u8>,
}

impl Domain {
    fn first(bed: &Bed) -> Result<Self> {
        let file = bed
            .catalog
            .join("catalog/domains/000/domains/catalog-info.yaml");
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = text
            .split_once("  name: ")
            .and_then(|(_, rest)| rest.lines().next());
        let name = name.context("a domain has no name")?;
        let request = get(&format!(
            "/api/catalog/entities/by-name/domain/default/{name}"
        ));
        Ok(Self {
            file,
            text,
            request,
        })
    }

    /// Writes another description into the file.
    fn save(&self, description: &str) -> Result<()> {
        let (before, after) = self
            .text
            .split_once("description: ")
            .context("a domain has no description")?;
        let (_, after) = after.split_once('\n').context("a description has no end")?;
        fs::write(
            &self.file,
            format!("{before}description: {description}\n{after}"),
        )?;
        Ok(())
    }

    /// Saves a change; answers how long it took until everybody answered with it.
    fn change(&self, number: usize, connections: &mut [Connection]) -> Result<Duration> {
        let marker = format!("changed for the {number}th time");
        self.save(&marker)?;
        let saved = Instant::now();
        for connection in connections {
            loop {
                let answer = connection.ask(&self.request)?;
                if String::from_utf8_lossy(answer.body).contains(&marker) {
                    break;
                }
                ensure!(
                    saved.elapsed() < PATIENCE,
                    "a change in {} was not served",
                    self.file.display()
                );
                std::thread::park_timeout(GLANCE);
            }
        }
        Ok(saved.elapsed())
    }

    fn restore(&self) -> Result<()> {
        fs::write(&self.file, &self.text)?;
        Ok(())
    }
}

/// Changes that keep coming until [`Stream::end`].
pub(super) struct Stream {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<f64>>,
}

impl Stream {
    /// Begins to save changes.
    pub(super) fn start(bed: &Bed) -> Result<Self> {
        let domain = Domain::first(bed)?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let (began, mut saved) = (Instant::now(), 0u32);
            while !stopped.load(Ordering::Relaxed) {
                domain.save(&format!("streamed for the {saved}th time"))?;
                saved += 1;
                std::thread::park_timeout(PAUSE);
            }
            let rate = f64::from(saved) / began.elapsed().as_secs_f64();
            domain.restore()?;
            Ok(rate)
        });
        Ok(Self { stop, thread })
    }

    /// Ends it; answers how many changes were saved in a second.
    pub(super) fn end(self) -> Result<f64> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().ok().context("a thread panicked")?
    }
}
