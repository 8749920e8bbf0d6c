//! The handle that everybody holds.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use callboard_auth::Directory;
use callboard_db::Database;
use callboard_model::kinds::Kinds;
use callboard_model::{Clock, Ids, LocationRef, Result};
use callboard_source::Source;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::config::CatalogConfig;
use crate::directory::People;
use crate::engine::Engine;
use crate::feed::Feed;
use crate::index::SharedIndex;
use crate::metrics::Metrics;
use crate::model::model;
use crate::readers::FileWatch;
use crate::sql::{MIGRATIONS, history};

/// What the catalog stands on.
#[derive(Clone)]
pub struct Foundations {
    /// Where everything is kept.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// Where new ids come from.
    pub ids: Ids,
    /// Where relative paths in the configuration start.
    pub working_directory: PathBuf,
    /// Where files of other machines are read from.
    pub source: Source,
}

/// The catalog: written to through providers, read from memory. Clones share it.
#[derive(Clone)]
pub struct Catalog(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) foundations: Foundations,
    pub(crate) config: CatalogConfig,
    pub(crate) kinds: Arc<Kinds>,
    /// What `catalog.locations` names now.
    pub(crate) locations: watch::Sender<Vec<LocationRef>>,
    pub(crate) engine: Engine,
    pub(crate) feed: Feed,
    pub(crate) files: FileWatch,
    pub(crate) metrics: Metrics,
}

impl Catalog {
    /// Brings the tables up to date and loads every final entity into memory: when this returns, reads are
    /// answered with all that the last run had made visible.
    pub async fn open(foundations: Foundations, config: CatalogConfig) -> Result<Self> {
        let kinds = model(&config, &foundations.working_directory)?;
        foundations.database.migrate(&MIGRATIONS).await?;
        history::switch(&foundations.database, config.history.is_on()).await?;
        let locations = config.location_refs(&foundations.working_directory);
        let changed = Arc::new(Notify::new());
        let metrics = Metrics::default();
        let engine = Engine::new(
            foundations.database.clone(),
            foundations.ids.clone(),
            Arc::clone(&changed),
            metrics.clone(),
        );
        let feed = Feed::new(
            foundations.database.clone(),
            foundations.clock.clone(),
            changed,
        );
        feed.catch_up().await?;
        Ok(Self(Arc::new(Inner {
            foundations,
            config,
            kinds,
            locations: watch::Sender::new(locations),
            engine,
            feed,
            files: FileWatch::new(),
            metrics,
        })))
    }

    /// Goes on with the locations and rules of `config`, which was changed while the portal runs; the other settings
    /// count from the next start.
    ///
    /// # Errors
    /// When the rules are wrong: nothing changes then.
    pub async fn reconfigure(&self, config: &CatalogConfig) -> Result<()> {
        let folder = &self.0.foundations.working_directory;
        self.0.engine.replace_rules(config.rules(folder)?).await?;
        let locations = config.location_refs(folder);
        self.0.locations.send_if_modified(|known| {
            let differs = *known != locations;
            *known = locations;
            differs
        });
        Ok(())
    }

    /// Announces the newest revision that reads are answered from, each time it moves.
    pub fn revisions(&self) -> watch::Receiver<i64> {
        self.0.feed.revisions()
    }

    /// How long ago what reads are answered from was last known to be all that the database has.
    pub(crate) fn age(&self) -> Duration {
        self.0.feed.age()
    }

    /// Cancelled when nothing will be announced any more, because the server stops.
    pub(crate) fn stopped(&self) -> CancellationToken {
        self.0.feed.stopped()
    }

    /// The people and groups in it.
    pub fn directory(&self) -> Arc<dyn Directory> {
        Arc::new(People(self.clone()))
    }

    pub(crate) fn index(&self) -> &Arc<SharedIndex> {
        self.0.feed.index()
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}
