//! Carries revisions from the database into the index in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use callboard_db::Database;
use callboard_model::{Clock, Error, Result};
use futures::stream::TryStreamExt;
use rayon::prelude::*;
use tokio::sync::{Mutex, Notify, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::engine::assemble;
use crate::index::{Change, SharedIndex};
use crate::sql::entities::KEPT_REMOVALS;
use crate::sql::feed::{self, FeedRow};
use crate::trace::{step, within};

/// Rows read at once.
const PAGE: i64 = 2_000;
/// How often to look for the changes of other replicas.
const POLL: Duration = Duration::from_secs(1);

/// How many looks in a row have to find nothing new before the index makes room: while a catalog is read for the
/// first time, the next changes may take longer than one.
const QUIET: u32 = 3;

/// How long the database may be silent: it is taken to be away then, as after a cut in the network.
const PATIENCE: Duration = Duration::from_secs(30);

/// Follows the revisions.
pub(crate) struct Feed {
    database: Database,
    clock: Clock,
    index: Arc<SharedIndex>,
    changed: Arc<Notify>,
    revision: watch::Sender<i64>,
    /// When the index was last known to have everything (Unix time, ms).
    current_at: AtomicU64,
    /// Held while catching up, so that changes are applied in their order.
    turn: Mutex<()>,
    /// Nothing will be announced any more.
    stopped: CancellationToken,
}

impl Feed {
    pub(crate) fn new(database: Database, clock: Clock, changed: Arc<Notify>) -> Self {
        Self {
            database,
            current_at: AtomicU64::new(clock.unix_millis()),
            clock,
            index: Arc::default(),
            changed,
            revision: watch::Sender::new(0),
            turn: Mutex::new(()),
            stopped: CancellationToken::new(),
        }
    }

    pub(crate) fn index(&self) -> &Arc<SharedIndex> {
        &self.index
    }

    pub(crate) fn revisions(&self) -> watch::Receiver<i64> {
        self.revision.subscribe()
    }

    pub(crate) fn stopped(&self) -> CancellationToken {
        self.stopped.clone()
    }

    /// How long ago the index was last known to have everything.
    pub(crate) fn age(&self) -> Duration {
        let current_at = self.current_at.load(Ordering::Relaxed);
        Duration::from_millis(self.clock.unix_millis().saturating_sub(current_at))
    }

    /// Follows until `stop`. While the database is away, reads go on from what is there.
    pub(crate) async fn run(&self, stop: CancellationToken) -> Result<()> {
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut away = false;
        let mut quiet = 0;
        loop {
            let revision = *self.revision.borrow();
            let mut waited = false;
            tokio::select! {
                () = self.changed.notified() => {}
                _ = poll.tick() => waited = true,
                () = stop.cancelled() => {
                    self.stopped.cancel();
                    return Ok(());
                }
            }
            let followed = match timeout(PATIENCE, self.catch_up()).await {
                Ok(followed) => followed,
                Err(_) => Err(Error::unavailable(
                    "database-silent",
                    "the database does not answer",
                )),
            };
            match &followed {
                Ok(()) if away => tracing::info!("the database is back"),
                Err(error) if !away => {
                    tracing::error!(error = ?error, "the database is away: reads go on from memory");
                }
                Ok(()) | Err(_) => {}
            }
            away = followed.is_err();
            let is_quiet = waited && !away && *self.revision.borrow() == revision;
            quiet = if is_quiet { quiet + 1 } else { 0 };
            if quiet == QUIET {
                self.rest().await?;
            }
        }
    }

    /// Applies every revision that the index does not have.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        let _turn = self.turn.lock().await;
        let asked_at = self.clock.unix_millis();
        let mut revision = self.start().await?;
        let mut rows = feed::after(&self.database, revision, PAGE).await?;
        while let Some(last) = rows.last() {
            revision = last.revision;
            // The next rows are read while these are applied.
            let span = step!("FeedRun", entities = rows.len(), revision);
            let (applied, next) = tokio::join!(
                within(span, self.apply(rows, revision)),
                feed::after(&self.database, revision, PAGE)
            );
            applied?;
            self.revision.send_replace(revision);
            rows = next?;
        }
        self.current_at.store(asked_at, Ordering::Relaxed);
        Ok(())
    }

    /// The revision to go on from. Notes of removals are not kept for ever, and a database that was restored from
    /// a backup goes back in time: then everything is read anew, after what is gone was taken out.
    async fn start(&self) -> Result<i64> {
        let revision = *self.revision.borrow();
        let newest = feed::newest(&self.database).await?;
        if revision == 0 {
            return self.load(newest).await;
        }
        if (revision..=revision.saturating_add(KEPT_REMOVALS)).contains(&newest) {
            return Ok(revision);
        }
        tracing::warn!(
            revision,
            newest,
            "the database moved on without this process: everything is read anew"
        );
        let visible = feed::visible(&self.database).await?.into_iter().collect();
        let gone = self.index.read().others_than(&visible);
        let index = Arc::clone(&self.index);
        run(move || {
            index.apply(gone, 0);
            Ok(())
        })
        .await?;
        self.load(newest).await
    }

    /// Reads everything. What changes meanwhile has a revision after `newest` and is read once more.
    async fn load(&self, newest: i64) -> Result<i64> {
        if newest == 0 {
            return Ok(0);
        }
        let mut pages = feed::all(&self.database).try_chunks(PAGE as usize);
        let mut rows = Vec::new();
        loop {
            let (applied, next) = tokio::join!(self.apply(rows, 0), pages.try_next());
            applied?;
            match next.map_err(|stopped| stopped.1)? {
                Some(page) => rows = page,
                None => break,
            }
        }
        self.apply(Vec::new(), newest).await?;
        self.revision.send_replace(newest);
        Ok(newest)
    }

    /// Has the index make room and the database tidy up, now that nothing changed for a while.
    async fn rest(&self) -> Result<()> {
        if let Err(error) = self.database.rest().await {
            tracing::warn!(error = ?error, "the database does not tidy up now");
        }
        let index = Arc::clone(&self.index);
        run(move || {
            index.rest();
            Ok(())
        })
        .await
    }

    async fn apply(&self, rows: Vec<FeedRow>, revision: i64) -> Result<()> {
        let index = Arc::clone(&self.index);
        run(move || {
            let changes = rows.into_par_iter().map(change);
            index.apply(changes.collect::<Result<Vec<_>>>()?, revision);
            Ok(())
        })
        .await
    }
}

/// Does what takes a while beside everything else.
async fn run(work: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        Error::internal("catalog-index", "while updating the index").source(error)
    })?
}

fn change(row: FeedRow) -> Result<Change> {
    let stored = || {
        Error::internal(
            "catalog-feed",
            format!("a stored entity cannot be read: `{}`", row.entity_ref),
        )
    };
    let json = row
        .parts
        .as_ref()
        .map(|parts| assemble(&row.uid, parts).ok_or_else(stored))
        .transpose()?;
    Ok(Change {
        entity_ref: row
            .entity_ref
            .parse()
            .map_err(|error| stored().source(error))?,
        uid: row.uid.parse().map_err(|error| stored().source(error))?,
        json: json.map(Bytes::from),
    })
}
