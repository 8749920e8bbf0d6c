//! The pipeline: ingest, process, stitch.
//!
//! *Ingest* stores what a source claims; *process* turns the claim that counts into the entity's own part
//! and its relations; *stitch* joins that with the relations of others into the final entity, which gets
//! the next revision. Beside them, *read* fetches the locations that entities name, and makes claims of what is
//! there. What is due is queued in the same transaction as the change that made it due, so work survives a crash
//! at any moment, any step may run again, and several processes may work on one database: each step takes what
//! no other holds.

mod annotate;
mod assemble;
mod children;
mod conflict;
mod declared;
mod ingest;
mod lease;
mod loading;
mod polling;
mod process;
mod read;
mod record;
mod remove;
mod rules;
mod run;
mod stitch;
mod take;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use callboard_db::Database;
use callboard_model::{EntityRef, Ids, Problem, Result};
use tokio::sync::{Notify, watch};

use crate::metrics::Metrics;
use crate::processor::{EntityProcessor, LocationReader};
use crate::provider::Mutation;
use crate::sql::queue;
pub(crate) use assemble::assemble;
pub(crate) use polling::Polling;
pub(crate) use rules::{AllowedKind, LocationMatch, Rule, Rules, TargetMatch};

/// The pipeline's handle; clones share it.
#[derive(Clone)]
pub(crate) struct Engine {
    database: Database,
    ids: Ids,
    ports: Arc<OnceLock<Ports>>,
    /// Who this process is, among all that work on the database.
    holder: Arc<str>,
    /// Moves when there may be something to process, to read or to stitch.
    work: watch::Sender<()>,
    /// There may be new revisions.
    changed: Arc<Notify>,
    metrics: Metrics,
    loading: loading::Loading,
}

/// Everything that was contributed to the pipeline.
pub(crate) struct Ports {
    processors: Vec<Arc<dyn EntityProcessor>>,
    readers: HashMap<String, Arc<dyn LocationReader>>,
    rules: Rules,
    polling: Polling,
}

impl Ports {
    pub(crate) fn new(
        mut processors: Vec<Arc<dyn EntityProcessor>>,
        readers: Vec<Arc<dyn LocationReader>>,
        rules: Rules,
    ) -> Self {
        processors.sort_by_key(|processor| processor.priority());
        let readers = readers
            .into_iter()
            .map(|reader| (reader.location_type().to_owned(), reader))
            .collect();
        Self {
            processors,
            readers,
            rules,
            polling: Polling::default(),
        }
    }

    /// Looks at what nothing watches as often as `polling` says.
    pub(crate) fn polling(mut self, polling: Polling) -> Self {
        self.polling = polling;
        self
    }

    /// Changes when processing may give other results for the same input.
    fn fingerprint(&self) -> i64 {
        let mut names: Vec<&str> = self
            .processors
            .iter()
            .map(|processor| processor.name())
            .collect();
        names.push(env!("CARGO_PKG_VERSION"));
        let text = format!("{names:?} {:?}", self.rules);
        crate::hash::number(text.as_bytes())
    }
}

impl Engine {
    pub(crate) fn new(
        database: Database,
        ids: Ids,
        changed: Arc<Notify>,
        metrics: Metrics,
    ) -> Self {
        let holder = ids.uuid().to_string().into();
        Self {
            database,
            ids,
            ports: Arc::default(),
            holder,
            work: watch::Sender::new(()),
            changed,
            metrics,
            loading: loading::Loading::default(),
        }
    }

    /// Stores what `provider` handed over.
    pub(crate) async fn apply(&self, provider: &str, mutation: Mutation) -> Result<Vec<Problem>> {
        let problems = ingest::apply(self, provider, mutation).await?;
        self.wake();
        Ok(problems)
    }

    /// Asks for `refs` to be processed again now, and for the locations that they name to be read anew; those
    /// that do not exist are passed over.
    pub(crate) async fn reprocess(&self, refs: &[EntityRef]) -> Result<()> {
        let mut tx = self.database.begin().await?;
        let refs = refs.iter().map(EntityRef::as_str);
        queue::PROCESS.append(&mut tx, refs).await?;
        tx.commit().await?;
        self.wake();
        Ok(())
    }

    /// Wakes the steps of this process, and tells the others.
    fn wake(&self) {
        self.work.send_replace(());
        self.changed.notify_one();
    }
}
