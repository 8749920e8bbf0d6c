//! The loop that does what is due.

use std::sync::Arc;
use std::time::Duration;

use callboard_model::{Error, Result};
use rayon::prelude::*;
use tokio_util::sync::CancellationToken;

use super::children::{Children, read_children};
use super::record::{self, Outcome};
use super::{Engine, Ports, process, stitch};
use crate::sql::entities::{self, DueEntity};
use crate::sql::{self, claims};

/// Entities in one transaction: large enough to be fast, small enough to be seen soon.
const BATCH: usize = 1_000;
/// Entities taken from the database at once.
const LOOK_AHEAD: i64 = 4_000;
/// How long to wait before looking again when the database fails.
const PAUSE: Duration = Duration::from_secs(1);

impl Engine {
    /// Installs the ports. A second call changes nothing.
    pub(crate) fn install(&self, ports: Ports) {
        // Only the first start of a process has something to install.
        let _ = self.ports.set(ports);
    }

    /// Works until `stop`.
    pub(crate) async fn run(&self, stop: CancellationToken) -> Result<()> {
        let ports = self
            .ports
            .get()
            .ok_or_else(|| Error::internal("catalog-ports", "the engine ran without its ports"))?;
        self.prepare(ports).await?;
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => tokio::select! {
                    () = self.work.notified() => {}
                    () = stop.cancelled() => {}
                },
                Err(error) => {
                    tracing::error!(error = ?error, "the catalog's pipeline pauses");
                    // A pause that a stop ends at once.
                    let _ = tokio::time::timeout(PAUSE, stop.cancelled()).await;
                }
            }
        }
        Ok(())
    }

    /// Locations look at their sources again at every start, and everything is processed again when the
    /// processors are not the ones of last time.
    pub(super) async fn prepare(&self, ports: &Ports) -> Result<()> {
        let mut tx = self.database.begin().await?;
        let fingerprint = ports.fingerprint();
        if sql::exchange(&mut tx, "pipeline", fingerprint).await? == Some(fingerprint) {
            let sources = claims::location_sources(&mut tx).await?;
            entities::request_reprocessing(&mut tx, &sources).await?;
        } else {
            // The rules may be others too, and they are asked when a part is read.
            claims::forget_fingerprints(&mut tx).await?;
            entities::request_processing_of_all(&mut tx).await?;
        }
        tx.commit().await
    }

    /// Does some of what is due; `false` when nothing was.
    pub(super) async fn step(&self) -> Result<bool> {
        let due = entities::due(&self.database, LOOK_AHEAD).await?;
        if !due.is_empty() {
            self.process_and_record(due).await?;
            self.changed.notify_one();
            return Ok(true);
        }
        let stitched = stitch::step(&self.database).await?;
        if stitched > 0 {
            self.metrics.stitched.inc_by(stitched as u64);
            self.changed.notify_one();
        }
        Ok(stitched > 0)
    }

    /// Processes batch after batch; while one is being written, the next is being processed.
    async fn process_and_record(&self, due: Vec<DueEntity>) -> Result<()> {
        let mut due = due.into_iter();
        let mut processed: Vec<Outcome> = Vec::new();
        loop {
            let batch: Vec<DueEntity> = due.by_ref().take(BATCH).collect();
            if batch.is_empty() && processed.is_empty() {
                return Ok(());
            }
            let ready = std::mem::take(&mut processed);
            let (recorded, next) = tokio::join!(record::write(self, ready), self.process(batch));
            recorded?;
            processed = next?;
        }
    }

    async fn process(&self, due: Vec<DueEntity>) -> Result<Vec<Outcome>> {
        let shared = Arc::clone(&self.ports);
        let processed = tokio::task::spawn_blocking(move || {
            let Some(ports) = shared.get() else {
                return Vec::new();
            };
            due.into_par_iter()
                .map(|due| {
                    let (processed, problems) = process::process(ports, &due);
                    Outcome::new(due, processed, problems)
                })
                .collect::<Vec<_>>()
        })
        .await
        .map_err(|error| {
            Error::internal("catalog-processing", "while processing a batch").source(error)
        })?;
        self.read(processed).await
    }

    /// Reads the locations that the batch names; the one place of the pipeline that waits for a source.
    async fn read(&self, mut outcomes: Vec<Outcome>) -> Result<Vec<Outcome>> {
        for outcome in &mut outcomes {
            if let Some(reads) = outcome.reads.take() {
                let children: Children =
                    read_children(self, &outcome.due.entity_ref, reads).await?;
                outcome.problems.extend(children.problems.iter().cloned());
                outcome.children = Some(children);
            }
        }
        Ok(outcomes)
    }
}
