//! Forgets what is too old, and what is too much.

use std::time::Duration;

use callboard_db::Database;
use callboard_model::Result;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::Retention;
use crate::sql::history;

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_secs(5 * 60);
/// Events that are looked at or deleted in one transaction, so that nobody who writes waits long.
const BATCH: i64 = 500;

/// Keeps the history within `retention` until `stop`.
pub(crate) async fn keep(
    database: &Database,
    retention: Retention,
    stop: CancellationToken,
) -> Result<()> {
    while !stop.is_cancelled() {
        match forget_some(database, retention).await {
            // Others get their turn between the batches.
            Ok(true) => tokio::task::yield_now().await,
            Ok(false) => {
                let _ = timeout(PAUSE, stop.cancelled()).await;
            }
            Err(error) => {
                tracing::warn!(error = ?error, "the catalog's history is not tidied up for now");
                let _ = timeout(PAUSE, stop.cancelled()).await;
            }
        }
    }
    Ok(())
}

/// Forgets a batch; `false` when everything left is to be kept.
pub(crate) async fn forget_some(database: &Database, retention: Retention) -> Result<bool> {
    let oldest = history::oldest(database, BATCH).await?;
    let longest = i64::try_from(retention.retention.as_millis()).unwrap_or(i64::MAX);
    let expired = oldest
        .iter()
        .take_while(|(_, at, now)| now.saturating_sub(*at) >= longest)
        .last()
        .map_or(0, |(id, ..)| *id);
    let beyond = history::first_beyond(database, i64::from(retention.max_events)).await?;
    let through = expired.max(beyond.unwrap_or(0));
    let deleted = history::forget(database, through, BATCH).await?;
    Ok(through > 0 || deleted > 0)
}
