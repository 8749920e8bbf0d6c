//! Removes what providers left behind that are not installed any more (CAT-36).
//!
//! Where several processes work on the database, some may have a provider that others lack: while one of them
//! runs it, its entities stay. Only when nobody has run it for a while does the process that lacks it tidy up; a
//! process that is restarted meanwhile finds its entities as they were.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use callboard_model::Result;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::Engine;
use crate::provider::Mutation;
use crate::sql::{claims, leases};

/// How often to look whether somebody runs a provider.
const LOOK: Duration = Duration::from_secs(5);
/// Looks in a row that must find nobody: a minute, which a restart does not take.
const PATIENCE: u32 = 12;

/// What a provider's process holds while it runs it.
pub(crate) fn lease(provider: &str) -> String {
    format!("provider:{provider}")
}

impl Engine {
    /// Removes the entities of every provider that is not `installed`, here or in another process.
    pub(crate) async fn evict(
        &self,
        installed: &BTreeSet<String>,
        stop: CancellationToken,
    ) -> Result<()> {
        let mut left = self.left_behind(installed).await?;
        let patience = if self.is_alone() { 0 } else { PATIENCE };
        while !stop.is_cancelled() {
            self.evict_unattended(&mut left, patience).await?;
            if left.is_empty() {
                return Ok(());
            }
            // A pause that a stop ends at once.
            let _ = timeout(LOOK, stop.cancelled()).await;
        }
        Ok(())
    }

    /// The providers that have entities and are not `installed`, each with how often it was seen unattended.
    pub(super) async fn left_behind(
        &self,
        installed: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, u32>> {
        let known = claims::providers(&self.database).await?;
        let left = known.into_iter().filter(|name| !installed.contains(name));
        Ok(left.map(|name| (name, 0)).collect())
    }

    /// One look at providers that were `left` behind: those that nobody has run for `patience` looks are removed.
    pub(super) async fn evict_unattended(
        &self,
        left: &mut BTreeMap<String, u32>,
        patience: u32,
    ) -> Result<()> {
        for (provider, seen) in std::mem::take(left) {
            if leases::is_held(&self.database, &lease(&provider)).await? {
                left.insert(provider, 0);
            } else if seen < patience || !self.evict_one(&provider).await? {
                left.insert(provider, seen + 1);
            }
        }
        Ok(())
    }

    /// False when another process began to run the provider just now.
    async fn evict_one(&self, provider: &str) -> Result<bool> {
        let lease = lease(provider);
        if !self.hold(&lease).await {
            return Ok(false);
        }
        tracing::warn!(
            provider,
            "no such provider is installed: its entities are removed; `catalog.orphanProviderStrategy: keep` keeps them"
        );
        let removed = self.apply(provider, Mutation::Full(Vec::new())).await;
        leases::release(&self.database, &lease, &self.holder).await?;
        removed.map(|_| true)
    }
}
