//! Forgets what is over.

use std::time::Duration;

use callboard_db::Database;
use callboard_model::{Clock, Result};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::sql::{millis, refresh_tokens, sessions};

/// The most rows that are forgotten in one transaction.
const STEP: u64 = 500;
/// How long to wait when there is nothing left to forget.
const PAUSE: Duration = Duration::from_secs(10 * 60);

/// Forgets what is over, until it is told to stop.
pub(crate) async fn keep(database: Database, clock: Clock, stop: CancellationToken) -> Result<()> {
    while !stop.is_cancelled() {
        let gone = sweep(&database, &clock).await?;
        if gone < STEP {
            let _ = timeout(PAUSE, stop.cancelled()).await;
        }
    }
    Ok(())
}

/// One step: the most rows that one of the tables lost.
pub(crate) async fn sweep(database: &Database, clock: &Clock) -> Result<u64> {
    let now = millis(clock.unix_millis());
    let most = i64::try_from(STEP).unwrap_or(i64::MAX);
    let sessions = sessions::sweep(database, now, most).await?;
    let tokens = refresh_tokens::sweep(database, now, most).await?;
    Ok(sessions.max(tokens))
}
