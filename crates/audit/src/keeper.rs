//! Deletes what is too old, and what is too much.

use std::time::Duration;

use callboard_model::Result;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::AuditTrail;
use crate::sql::{self, Place};

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_secs(5 * 60);
/// Events that are deleted in one transaction, so that nobody who writes waits long.
const BATCH: i64 = 500;

/// Keeps the table within bounds until `stop`. Every replica does so; they leave each other's rows alone.
pub(crate) async fn run(trail: &AuditTrail, stop: CancellationToken) -> Result<()> {
    while !stop.is_cancelled() {
        match delete_some(trail).await {
            // Others get their turn between the batches.
            Ok(deleted) if deleted > 0 => tokio::task::yield_now().await,
            Ok(_) => {
                let _ = timeout(PAUSE, stop.cancelled()).await;
            }
            Err(error) => {
                tracing::warn!(error = ?error, "the audit events are not tidied up for now");
                let _ = timeout(PAUSE, stop.cancelled()).await;
            }
        }
    }
    Ok(())
}

/// Deletes a batch; says how many it were.
pub(crate) async fn delete_some(trail: &AuditTrail) -> Result<u64> {
    let inner = &trail.0;
    let (database, config) = (&inner.foundations.database, &inner.config);
    let longest = i64::try_from(config.retention.as_millis()).unwrap_or(i64::MAX);
    let now = i64::try_from(inner.foundations.clock.unix_millis()).unwrap_or(i64::MAX);
    let expired = sql::delete(database, &Place::before(now.saturating_sub(longest)), BATCH).await?;
    if expired > 0 {
        return Ok(expired);
    }
    match sql::first_beyond(database, i64::from(config.max_events.get())).await? {
        Some(beyond) => sql::delete(database, &beyond, BATCH).await,
        None => Ok(0),
    }
}
