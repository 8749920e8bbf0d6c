//! The keys that tokens are signed with (AUTH-06).
//!
//! A process makes its own key, keeps the private half in memory and publishes the public half in the database, from
//! which every replica verifies. So a key is never copied, and one that leaks with a process is over when its time is.

mod published;
mod signing;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use callboard_db::Database;
use callboard_model::{Clock, Ids, Result};
use jsonwebtoken::jwk::Jwk;
use tokio::sync::Mutex as AsyncMutex;

use crate::sql;
use published::Published;
pub(crate) use signing::SigningKey;

/// How many times as long as a token lasts its key is published after it was made, as in Backstage.
const PUBLISHED: u32 = 3;
/// The shortest time between two looks for keys of others, so that made-up tokens cost no queries.
const BETWEEN_LOOKS: u64 = 1_000;

/// Keys of this process and of others.
#[derive(Debug)]
pub(crate) struct Keys {
    database: Database,
    clock: Clock,
    ids: Ids,
    /// How long a token lasts; a key signs for as long.
    lifetime: Duration,
    own: AsyncMutex<Option<Arc<SigningKey>>>,
    published: Mutex<Published>,
}

impl Keys {
    /// Those that are published in `database`.
    pub(crate) async fn open(
        database: Database,
        clock: Clock,
        ids: Ids,
        lifetime: Duration,
    ) -> Result<Self> {
        let keys = Self {
            database,
            clock,
            ids,
            lifetime,
            own: AsyncMutex::new(None),
            published: Mutex::default(),
        };
        keys.look().await?;
        Ok(keys)
    }

    /// The key to sign with now: a new one, when the last has served its time.
    pub(crate) async fn signing(&self) -> Result<Arc<SigningKey>> {
        let mut own = self.own.lock().await;
        let now = self.clock.unix_millis();
        if let Some(key) = own
            .as_ref()
            .filter(|key| now < key.made_at() + self.span(1))
        {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(SigningKey::new(self.ids.uuid().to_string(), now)?);
        let jwk = serde_json::to_string(key.public()).map_err(|error| {
            callboard_model::Error::internal("signing-key", "a key cannot be published")
                .source(error)
        })?;
        let oldest = now.saturating_sub(self.span(PUBLISHED));
        let row = (key.id(), jwk.as_str(), millis(now));
        sql::keys::add(&self.database, row, millis(oldest)).await?;
        self.published().add(key.id(), key.public().clone(), now);
        tracing::info!(key = key.id(), "tokens are signed with a new key");
        *own = Some(Arc::clone(&key));
        Ok(key)
    }

    /// The public key with this id; looks whether another replica published it, if nobody did just now.
    pub(crate) async fn public(&self, id: &str) -> Result<Option<Arc<jsonwebtoken::DecodingKey>>> {
        let now = self.clock.unix_millis();
        let since = now.saturating_sub(self.span(PUBLISHED));
        {
            let mut published = self.published();
            if let Some(key) = published.find(id, since) {
                return Ok(Some(key));
            }
            if !published.may_look(now, BETWEEN_LOOKS) {
                return Ok(None);
            }
        }
        self.look().await?;
        Ok(self.published().find(id, since))
    }

    /// Every key that a token may be signed with that is not over, as Backstage publishes them.
    pub(crate) async fn all(&self) -> Result<Vec<Jwk>> {
        let now = self.clock.unix_millis();
        if self.published().may_look(now, BETWEEN_LOOKS) {
            self.look().await?;
        }
        let since = now.saturating_sub(self.span(PUBLISHED));
        Ok(self.published().all(since))
    }

    async fn look(&self) -> Result<()> {
        let now = self.clock.unix_millis();
        let since = now.saturating_sub(self.span(PUBLISHED));
        let rows = sql::keys::newer(&self.database, millis(since)).await?;
        let mut published = self.published();
        published.looked(now, since);
        for (id, jwk, made_at) in rows {
            match serde_json::from_str(&jwk) {
                Ok(jwk) => published.add(&id, jwk, u64::try_from(made_at).unwrap_or(0)),
                Err(error) => {
                    tracing::warn!(key = id, %error, "a published key cannot be read and is left out");
                }
            }
        }
        Ok(())
    }

    fn published(&self) -> std::sync::MutexGuard<'_, Published> {
        self.published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn span(&self, times: u32) -> u64 {
        u64::try_from((self.lifetime * times).as_millis()).unwrap_or(u64::MAX)
    }
}

/// Milliseconds as the database has them.
pub(crate) fn millis(unix_millis: u64) -> i64 {
    i64::try_from(unix_millis).unwrap_or(i64::MAX)
}
