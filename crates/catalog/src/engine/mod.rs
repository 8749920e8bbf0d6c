//! The pipeline: ingest, process, stitch.
//!
//! *Ingest* stores what a source claims; *process* turns the claim that counts into the entity's own part
//! and its relations; *stitch* joins that with the relations of others into the final entity, which gets
//! the next revision. Beside them, *read* fetches the locations that entities name, and makes claims of what is
//! there; *documents* are what entities name besides, such as the text behind a placeholder. What is due is queued
//! in the same transaction as the change that made it due, so work survives a crash at any moment, any step may run
//! again, and several processes may work on one database: each step takes what no other holds.

mod analyze;
mod annotate;
mod assemble;
mod children;
mod choose;
mod conflict;
mod declared;
mod documents;
mod evict;
mod fill;
mod ingest;
mod lease;
mod loading;
mod locations;
mod orphan;
mod polling;
mod presence;
mod process;
mod read;
mod record;
mod record_keys;
mod rehearse;
mod remove;
mod requests;
mod rules;
mod run;
mod stitch;
mod take;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::iter;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use callboard_db::{Database, Rows};
use callboard_model::{EntityRef, Error, Ids, Problem, Result};
use callboard_source::Source;
use tokio::sync::{Notify, watch};

use crate::analyzer::RepositoryAnalyzer;
use crate::metrics::Metrics;
use crate::placeholder::PlaceholderResolver;
use crate::processor::{EntityProcessor, LocationReader};
use crate::provider::Mutation;
use crate::sql::{documents as documents_sql, queue, refresh_keys};
use crate::trace::{step, within};
pub(crate) use analyze::Analysis;
pub(crate) use assemble::assemble;
#[cfg(any(test, fuzzing))]
pub(crate) use assemble::own_half;
pub(crate) use evict::lease as provider_lease;
pub(crate) use locations::{NewLocation, PROVIDER as REGISTERED, no_such_location};
pub(crate) use polling::Polling;
pub(crate) use requests::Afterwards;
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
    /// Replaced when the configuration changes.
    rules: RwLock<Arc<Rules>>,
    /// Whether what its source lets go of stays.
    keeps_orphans: bool,
    polling: Polling,
    analyzers: Vec<Arc<dyn RepositoryAnalyzer>>,
    placeholders: HashMap<String, Arc<dyn PlaceholderResolver>>,
    /// Tells what a relative address means, and where repositories end.
    source: Source,
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
            rules: RwLock::new(Arc::new(rules)),
            keeps_orphans: false,
            polling: Polling::default(),
            analyzers: Vec::new(),
            placeholders: HashMap::new(),
            source: Source::default(),
        }
    }

    /// Fills placeholders; `source` tells what relative addresses in them mean.
    pub(crate) fn placeholders(
        mut self,
        resolvers: Vec<Arc<dyn PlaceholderResolver>>,
        source: Source,
    ) -> Self {
        self.placeholders = resolvers
            .into_iter()
            .map(|resolver| (resolver.key().to_owned(), resolver))
            .collect();
        self.source = source;
        self
    }

    /// Looks at what nothing watches as often as `polling` says.
    pub(crate) fn polling(mut self, polling: Polling) -> Self {
        self.polling = polling;
        self
    }

    /// Keeps, or does not keep, what its source lets go of.
    pub(crate) fn keeping_orphans(mut self, keep: bool) -> Self {
        self.keeps_orphans = keep;
        self
    }

    /// Which kinds may come in from where, now.
    pub(crate) fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// With what knows the repositories of git hosts.
    pub(crate) fn analyzers(mut self, analyzers: Vec<Arc<dyn RepositoryAnalyzer>>) -> Self {
        self.analyzers = analyzers;
        self
    }

    /// Whether people may register locations of this type, and any location may name one.
    fn may_be_registered(&self, location_type: &str) -> bool {
        self.registrable_types().any(|known| known == location_type)
    }

    /// The types of locations that people may register.
    pub(crate) fn registrable_types(&self) -> impl Iterator<Item = &str> {
        let more = self
            .readers
            .values()
            .filter(|reader| reader.can_be_registered());
        let more = more
            .map(|reader| reader.location_type())
            .filter(|name| *name != "url");
        iter::once("url").chain(more)
    }

    /// Changes when processing may give other results for the same input.
    fn fingerprint(&self) -> i64 {
        let mut names: Vec<&str> = self
            .processors
            .iter()
            .map(|processor| processor.name())
            .collect();
        let versions: Vec<u64> = self
            .processors
            .iter()
            .map(|processor| processor.version())
            .collect();
        names.push(env!("CARGO_PKG_VERSION"));
        let mut keys: Vec<&str> = self.placeholders.keys().map(String::as_str).collect();
        keys.sort_unstable();
        names.extend(keys);
        let text = format!("{names:?} {versions:?} {:?}", self.rules());
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

    /// Everything that was contributed; missing while the portal starts.
    pub(crate) fn ports(&self) -> Result<&Ports> {
        self.ports.get().ok_or_else(|| {
            Error::unavailable("catalog-starting", "the catalog is starting")
                .hint("try again in a moment")
        })
    }

    /// Stores what `provider` handed over.
    pub(crate) async fn apply(&self, provider: &str, mutation: Mutation) -> Result<Vec<Problem>> {
        let span = step!("Ingest", provider);
        let problems = within(span, ingest::apply(self, provider, mutation)).await?;
        self.wake();
        Ok(problems)
    }

    /// Asks for `refs` to be processed again now, and for the locations that they name to be read anew; those
    /// that do not exist are passed over.
    pub(crate) async fn reprocess(&self, refs: &[EntityRef]) -> Result<()> {
        let mut tx = self.database.begin().await?;
        let refs = || refs.iter().map(EntityRef::as_str);
        let keys = refresh_keys::known(&mut tx, &Rows::of_texts(refs())).await?;
        let named = keys.into_iter().filter(|row| row.is_document);
        let named: Vec<_> = named.map(|row| row.key).collect();
        documents_sql::request(&mut tx, &named).await?;
        queue::PROCESS.append(&mut tx, refs()).await?;
        tx.commit().await?;
        self.wake();
        Ok(())
    }

    /// Asks `rules` from now on, also about what came in before.
    pub(crate) async fn replace_rules(&self, rules: Rules) -> Result<()> {
        let Some(ports) = self.ports.get() else {
            return Ok(());
        };
        let before = ports.fingerprint();
        *ports.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
        if ports.fingerprint() != before {
            tracing::info!("the rules of the catalog changed");
            self.prepare(ports).await?;
            self.wake();
        }
        Ok(())
    }

    /// Wakes the steps of this process, and tells the others.
    fn wake(&self) {
        self.metrics.to_process.asked();
        self.metrics.to_stitch.asked();
        self.work.send_replace(());
        self.changed.notify_one();
    }
}
