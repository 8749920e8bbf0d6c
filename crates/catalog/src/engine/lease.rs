//! Work that only one of several processes does at a time.

use std::future::Future;
use std::time::Duration;

use callboard_model::Result;
use tokio::time::{interval, timeout};
use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::sql::leases;

/// How long a process that gives no sign keeps others waiting (milliseconds).
const HELD: i64 = 15_000;
/// How often to give that sign.
const SIGN: Duration = Duration::from_secs(4);
/// How often to ask whether it is this process's turn.
const ASK: Duration = Duration::from_secs(2);

impl Engine {
    /// Runs `work` in this process alone, of all that work on the database, and keeps others from it until `stop`
    /// also when it is done. When this process loses its turn, `work` is dropped and begins anew with the next one.
    pub(crate) async fn run_alone<F>(
        &self,
        name: &str,
        stop: CancellationToken,
        work: impl Fn(CancellationToken) -> F,
    ) -> Result<()>
    where
        F: Future<Output = Result<()>>,
    {
        if self.is_alone() {
            return work(stop).await;
        }
        while !stop.is_cancelled() {
            if !self.hold(name).await {
                let _ = timeout(ASK, stop.cancelled()).await;
                continue;
            }
            let ended = tokio::select! {
                ended = self.work_and_stay(&stop, work(stop.clone())) => Some(ended),
                () = self.lose(name) => None,
            };
            if let Some(ended) = ended {
                leases::release(&self.database, name, &self.holder).await?;
                return ended;
            }
        }
        Ok(())
    }

    async fn work_and_stay(
        &self,
        stop: &CancellationToken,
        work: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        work.await?;
        stop.cancelled().await;
        Ok(())
    }

    /// Gives signs of life until the turn is lost.
    async fn lose(&self, name: &str) {
        let mut signs = interval(SIGN);
        loop {
            signs.tick().await;
            if !self.hold(name).await {
                tracing::warn!(name, "another process does this now");
                return;
            }
        }
    }

    pub(super) async fn hold(&self, name: &str) -> bool {
        let held = leases::hold(&self.database, name, &self.holder, HELD).await;
        held.unwrap_or_else(|error| {
            tracing::debug!(error = ?error, name, "the database does not say whose turn it is");
            false
        })
    }
}
