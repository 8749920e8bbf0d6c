//! Carries revisions from the database into the index in memory.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use callboard_db::Database;
use callboard_model::{Error, Result};
use tokio::sync::{Mutex, Notify, watch};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::engine::assemble;
use crate::index::{Change, SharedIndex};
use crate::sql::feed::{self, FeedRow};

/// Rows read at once.
const PAGE: i64 = 2_000;
/// How often to look for the changes of other replicas.
const POLL: Duration = Duration::from_secs(1);

/// Follows the revisions.
pub(crate) struct Feed {
    database: Database,
    index: Arc<SharedIndex>,
    changed: Arc<Notify>,
    revision: watch::Sender<i64>,
    /// Held while catching up, so that changes are applied in their order.
    turn: Mutex<()>,
    /// Nothing will be announced any more.
    stopped: CancellationToken,
}

impl Feed {
    pub(crate) fn new(database: Database, changed: Arc<Notify>) -> Self {
        Self {
            database,
            index: Arc::default(),
            changed,
            revision: watch::Sender::new(0),
            turn: Mutex::new(()),
            stopped: CancellationToken::new(),
        }
    }

    pub(crate) fn index(&self) -> &SharedIndex {
        &self.index
    }

    pub(crate) fn revisions(&self) -> watch::Receiver<i64> {
        self.revision.subscribe()
    }

    pub(crate) fn stopped(&self) -> CancellationToken {
        self.stopped.clone()
    }

    /// Follows until `stop`.
    pub(crate) async fn run(&self, stop: CancellationToken) -> Result<()> {
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.changed.notified() => {}
                _ = poll.tick() => {}
                () = stop.cancelled() => {
                    self.stopped.cancel();
                    return Ok(());
                }
            }
            self.catch_up().await?;
        }
    }

    /// Applies every revision that the index does not have.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        let _turn = self.turn.lock().await;
        let mut revision = *self.revision.borrow();
        loop {
            let rows = feed::after(&self.database, revision, PAGE).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            revision = last.revision;
            let index = Arc::clone(&self.index);
            tokio::task::spawn_blocking(move || apply(&index, rows, revision))
                .await
                .map_err(|error| {
                    Error::internal("catalog-index", "while updating the index").source(error)
                })??;
            self.revision.send_replace(revision);
        }
    }
}

/// The index takes them in pieces, so that readers never wait for a whole page.
fn apply(index: &SharedIndex, rows: Vec<FeedRow>, revision: i64) -> Result<()> {
    let changes = rows.into_iter().map(change).collect::<Result<Vec<_>>>()?;
    index.apply(changes, revision);
    Ok(())
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
