//! Moves events from the queue to the table.

use std::time::Duration;

use callboard_db::{Database, Retries};
use callboard_model::{ErrorKind, Result};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::AuditTrail;
use crate::row::EventRow;
use crate::sql;
use crate::trail::Inner;

/// Events in one transaction.
const BATCH: usize = 512;
/// How long to wait before trying again while the database is away.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Stores what arrives until `stop`, and then what is still there.
pub(crate) async fn run(trail: &AuditTrail, stop: CancellationToken) -> Result<()> {
    let inner = &trail.0;
    let mut pause = FIRST_PAUSE;
    loop {
        // Asked before, so that what arrives until then is stored in the last round.
        let is_last = stop.is_cancelled();
        match empty(inner, &inner.foundations.database).await {
            Ok(()) if is_last => return Ok(()),
            Ok(()) => {
                pause = FIRST_PAUSE;
                tokio::select! {
                    () = inner.queue.arrived() => {}
                    () = stop.cancelled() => {}
                }
            }
            Err(error) if is_last => {
                let left = inner.queue.len();
                inner.queue.done(left);
                inner.lose(left as u64, error.message());
                return Ok(());
            }
            Err(error) => {
                inner.say(error.message());
                let _ = timeout(pause, stop.cancelled()).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// Stores everything that waits.
///
/// # Errors
/// `Unavailable`, when the database is away; what is not stored goes on waiting.
pub(crate) async fn empty(inner: &Inner, database: &Database) -> Result<()> {
    let (mut batch, mut lost) = (BATCH, false);
    loop {
        let rows = inner.queue.front(batch);
        if rows.is_empty() {
            break;
        }
        let rows: Vec<&EventRow> = rows.iter().map(AsRef::as_ref).collect();
        match store(database, &rows).await {
            Ok(()) => {
                inner.queue.done(rows.len());
                batch = (batch * 2).min(BATCH);
            }
            Err(error) if error.kind() == ErrorKind::Unavailable => return Err(error),
            // One of them cannot be stored: it is looked for, and the others are stored without it.
            Err(_) if rows.len() > 1 => batch = rows.len() / 2,
            Err(error) => {
                tracing::error!(error = ?error, "an audit event cannot be stored");
                inner.lose(1, error.message());
                inner.queue.done(1);
                lost = true;
            }
        }
    }
    if !lost {
        inner.is_well();
    }
    Ok(())
}

async fn store(database: &Database, rows: &[&EventRow]) -> Result<()> {
    let mut retries = Retries::default();
    loop {
        match sql::insert(database, rows).await {
            Err(error) if retries.again(&error).await => {}
            result => return result,
        }
    }
}
