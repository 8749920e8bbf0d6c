//! Takes over from processes that are gone.
//!
//! A file is watched by whoever read it, and by nobody else. So each process gives a sign of life, and when one stops
//! giving it, everything is asked for once more: who reads it now watches it from then on.

use std::time::Duration;

use callboard_db::Tx;
use callboard_model::Result;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::sql::{documents, leases, reads};

/// How often to give a sign of life, and to look for those of others.
const SIGN: Duration = Duration::from_secs(4);
/// What the names of these leases begin with.
const PREFIX: &str = "process:";

impl Engine {
    /// Is known to the other processes until `stop`, and takes over from those that go.
    pub(super) async fn attend(&self, stop: &CancellationToken) {
        if self.is_alone() {
            return;
        }
        let mut signs = interval(SIGN);
        signs.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = signs.tick() => {}
                () = stop.cancelled() => break,
            }
            if let Err(error) = self.look_around().await {
                tracing::debug!(error = ?error, "nobody knows which processes are there");
            }
        }
        if let Err(error) = self.leave().await {
            tracing::debug!(error = ?error, "the others find out by themselves that this process is gone");
        }
    }

    /// Gives a sign of life; what others did that give none any more is asked for again.
    pub(super) async fn look_around(&self) -> Result<()> {
        self.hold(&self.presence()).await;
        let mut tx = self.database.begin().await?;
        let gone = leases::end_lost(&mut tx, PREFIX).await?;
        if !gone.is_empty() {
            tracing::warn!(
                processes = gone.len(),
                "another process is gone: what it read and watched is read anew"
            );
            take_over(&mut tx, &gone).await?;
        }
        tx.commit().await?;
        if !gone.is_empty() {
            self.wake();
        }
        Ok(())
    }

    /// Tells the others that this process ends.
    pub(super) async fn leave(&self) -> Result<()> {
        let mut tx = self.database.begin().await?;
        leases::release_in(&mut tx, &self.presence(), &self.holder).await?;
        take_over(&mut tx, &[self.holder.to_string()]).await?;
        tx.commit().await
    }

    pub(super) fn presence(&self) -> String {
        format!("{PREFIX}{}", self.holder)
    }
}

/// Nobody watches what `gone` watched, and nobody reads what they were reading.
async fn take_over(tx: &mut Tx, gone: &[String]) -> Result<()> {
    reads::request_all(tx, false).await?;
    reads::take_back(tx, gone).await?;
    documents::request_all(tx, false).await?;
    documents::take_back(tx, gone).await
}
