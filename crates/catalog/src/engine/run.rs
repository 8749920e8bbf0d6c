//! The loops that do what is due.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use callboard_db::{Dialect, Retries, Rows};
use callboard_model::{Error, Result};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use rayon::prelude::*;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::Span;

use super::record::{self, Outcome, Results};
use super::take::Batch;
use super::{Engine, Ports, fill, process, stitch};
use crate::sql::documents::TakenDocument;
use crate::sql::queue::PROCESS;
use crate::sql::reads::{self, TakenRead};
use crate::sql::{self, claims, documents};
use crate::trace::{step, within};

/// How long to wait before looking again: for what other processes made due, and when the database fails.
const PAUSE: Duration = Duration::from_secs(1);
/// Locations read beside each other: most of the time is spent waiting for their sources.
const READS: usize = 16;
/// What processes on one database tell each other when there is something to do or to see.
pub(crate) const CHANNEL: &str = "callboard_catalog";

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
        tokio::join!(
            self.run_steps(&stop),
            self.run_reads(&stop),
            self.run_documents(&stop),
            self.hear(&stop),
            self.attend(&stop)
        );
        Ok(())
    }

    async fn run_steps(&self, stop: &CancellationToken) {
        let mut work = self.work.subscribe();
        let mut retries = Retries::default();
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(true) => retries = Retries::default(),
                Ok(false) => self.rest(&mut work, stop).await,
                Err(error) if retries.again(&error).await => {}
                Err(error) => {
                    tracing::error!(error = ?error, "the catalog's pipeline pauses");
                    // A pause that a stop ends at once.
                    let _ = timeout(PAUSE, stop.cancelled()).await;
                }
            }
        }
    }

    /// Reads what is due. What is being read goes on while more is taken on: it may hold the very connection that
    /// taking more waits for.
    async fn run_reads(&self, stop: &CancellationToken) {
        let mut running = FuturesUnordered::new();
        let mut taking = pin!(self.due_reads(READS, stop));
        loop {
            tokio::select! {
                Some(()) = running.next(), if !running.is_empty() => {}
                taken = &mut taking, if running.len() < READS => {
                    running.extend(taken.into_iter().map(|taken| self.read(taken)));
                    taking.set(self.due_reads(READS.saturating_sub(running.len()).max(1), stop));
                }
                () = stop.cancelled() => return,
            }
        }
    }

    /// Waits for reads that are due and takes on at most `most` of them.
    async fn due_reads(&self, most: usize, stop: &CancellationToken) -> Vec<TakenRead> {
        let mut work = self.work.subscribe();
        loop {
            match self.take_reads(most).await {
                Ok(taken) if !taken.is_empty() => return taken,
                Ok(_) => self.rest(&mut work, stop).await,
                Err(error) => {
                    tracing::error!(error = ?error, "reading the catalog's locations pauses");
                    let _ = timeout(PAUSE, stop.cancelled()).await;
                }
            }
        }
    }

    /// The same for the documents that entities name.
    async fn run_documents(&self, stop: &CancellationToken) {
        let mut running = FuturesUnordered::new();
        let mut taking = pin!(self.due_documents(READS, stop));
        loop {
            tokio::select! {
                Some(()) = running.next(), if !running.is_empty() => {}
                taken = &mut taking, if running.len() < READS => {
                    running.extend(taken.into_iter().map(|taken| self.fetch(taken)));
                    let room = READS.saturating_sub(running.len()).max(1);
                    taking.set(self.due_documents(room, stop));
                }
                () = stop.cancelled() => return,
            }
        }
    }

    async fn due_documents(&self, most: usize, stop: &CancellationToken) -> Vec<TakenDocument> {
        let mut work = self.work.subscribe();
        loop {
            match self.take_documents(most).await {
                Ok(taken) if !taken.is_empty() => return taken,
                Ok(_) => self.rest(&mut work, stop).await,
                Err(error) => {
                    tracing::error!(error = ?error, "reading documents pauses");
                    let _ = timeout(PAUSE, stop.cancelled()).await;
                }
            }
        }
    }

    /// Only hears what other processes do, until `stop`.
    pub(crate) async fn follow(&self, stop: CancellationToken) -> Result<()> {
        self.hear(&stop).await;
        Ok(())
    }

    /// Hears when other processes have something.
    pub(super) async fn hear(&self, stop: &CancellationToken) {
        let mut others = self.database.announcements(CHANNEL);
        loop {
            tokio::select! {
                () = others.next() => self.wake(),
                () = stop.cancelled() => return,
            }
        }
    }

    /// Waits for something to do. Not for ever: other processes may leave work behind, and what failed comes again.
    pub(super) async fn rest(&self, work: &mut watch::Receiver<()>, stop: &CancellationToken) {
        tokio::select! {
            _ = timeout(PAUSE, work.changed()) => {}
            () = stop.cancelled() => {}
        }
    }

    /// Looks at every location again; at everything when processing may give other results than before.
    pub(super) async fn prepare(&self, ports: &Ports) -> Result<()> {
        let mut tx = self.database.begin().await?;
        let fingerprint = ports.fingerprint();
        reads::request_all(&mut tx, self.is_alone()).await?;
        documents::request_all(&mut tx, self.is_alone()).await?;
        if sql::exchange(&mut tx, "pipeline", fingerprint).await? != Some(fingerprint) {
            // The rules may be others too, and they are asked when a part is read.
            claims::forget_fingerprints(&mut tx).await?;
            PROCESS.append_all(&mut tx).await?;
        }
        tx.commit().await?;
        // Removals take their turn before they lock anything.
        let mut tx = self.database.begin().await?;
        self.review_orphans(&mut tx, ports.keeps_orphans).await?;
        tx.commit().await
    }

    /// Does some of what is due; `false` when nothing was.
    pub(super) async fn step(&self) -> Result<bool> {
        if self.process_step().await? {
            self.told().await;
            return Ok(true);
        }
        if self.loading.postpones(Instant::now()) {
            return Ok(false);
        }
        let stitched = stitch::step(self).await?;
        if stitched == 0 {
            self.loading.caught_up(Instant::now());
        } else {
            self.told().await;
        }
        Ok(stitched > 0)
    }

    /// Tells the other steps, and the other processes.
    async fn told(&self) {
        self.wake();
        self.database.announce(CHANNEL).await;
    }

    /// Processes batch after batch; while one is being written, the next is being processed.
    async fn process_step(&self) -> Result<bool> {
        let mut batches: VecDeque<Batch> = self.take().await?.into();
        let mut ready: Option<Results> = None;
        let worked = !batches.is_empty();
        loop {
            let next = batches.pop_front();
            if next.is_none() && ready.is_none() {
                return Ok(worked);
            }
            let (written, processed) = tokio::join!(self.write(ready.take()), self.process(next));
            written?;
            ready = processed?;
            if batches.is_empty() && self.database.dialect() == Dialect::Postgres {
                batches = self.take().await?.into();
            }
        }
    }

    async fn write(&self, results: Option<Results>) -> Result<()> {
        match results {
            Some(results) => {
                let span = step!(parent: &results.run, "ProcessingStage", stage = "write");
                within(span, record::write(self, results)).await
            }
            None => Ok(()),
        }
    }

    async fn process(&self, batch: Option<Batch>) -> Result<Option<Results>> {
        let Some(batch) = batch else {
            return Ok(None);
        };
        let run = step!("ProcessingRun", entities = batch.due.len());
        let span = step!(parent: &run, "ProcessingStage", stage = "process");
        within(span, self.process_batch(batch, run)).await.map(Some)
    }

    async fn process_batch(&self, batch: Batch, run: Span) -> Result<Results> {
        let Batch { tx, requests, due } = batch;
        let naming = due
            .iter()
            .filter(|due| fill::may_have_placeholders(&due.claim));
        let naming = Rows::of_texts(naming.map(|due| due.entity_ref.as_str()));
        let fetched = self.documents_of(&naming).await?;
        let shared = Arc::clone(&self.ports);
        let process = move || {
            let Some(ports) = shared.get() else {
                return Vec::new();
            };
            due.into_par_iter()
                .map(|due| {
                    let began = Instant::now();
                    let found = process::process(ports, &due, &fetched);
                    Outcome::new(due, found.processed, found.problems, began).naming(found.asked)
                })
                .collect::<Vec<_>>()
        };
        let outcomes = tokio::task::spawn_blocking(process)
            .await
            .map_err(|error| {
                Error::internal("catalog-processing", "while processing a batch").source(error)
            })?;
        Ok(Results {
            tx,
            requests,
            outcomes,
            run,
        })
    }
}
