//! Wakes other processes on the same database: PostgreSQL's `LISTEN` and `NOTIFY`.
//!
//! A hint and nothing more: who waits for announcements also looks by itself from time to time, because a
//! database that is compatible with PostgreSQL need not have them, and a connection may break unseen.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::postgres::PgListener;
use tokio::time::{Interval, interval};

use crate::Database;
use crate::database::Pools;

/// How long to wait before listening again when the database refuses.
const PAUSE: Duration = Duration::from_secs(30);

/// What other processes announce on one channel.
pub struct Announcements {
    database: Database,
    channel: &'static str,
    listener: Option<PgListener>,
    attempts: Interval,
}

impl Database {
    /// Tells everybody who listens on `channel` that there is something to look at. Nobody is told when the
    /// database has no such thing.
    pub fn announce(&self, channel: &'static str) -> BoxFuture<'_, ()> {
        async move {
            let (true, Pools::Postgres { rows: pool, .. }) = (self.announces(), self.pools())
            else {
                return;
            };
            let told = sqlx::query("SELECT pg_notify($1, '')")
                .bind(channel)
                .execute(pool)
                .await;
            if let Err(error) = told {
                tracing::debug!(%error, channel, "others on the database were not told and will look by themselves");
            }
        }
        .boxed()
    }

    /// Listens on `channel`.
    pub fn announcements(&self, channel: &'static str) -> Announcements {
        Announcements {
            database: self.clone(),
            channel,
            listener: None,
            attempts: interval(PAUSE),
        }
    }
}

impl Announcements {
    /// Waits for the next announcement; for ever when the database has none.
    pub async fn next(&mut self) {
        self.hear().boxed().await;
    }

    async fn hear(&mut self) {
        loop {
            if self.listener.is_none() {
                self.attempts.tick().await;
                self.listener = self.listen().await;
            }
            let heard = match self.listener.as_mut() {
                Some(listener) => listener.recv().await.is_ok(),
                None => false,
            };
            if heard {
                return;
            }
            self.listener = None;
        }
    }

    async fn listen(&self) -> Option<PgListener> {
        let (true, Pools::Postgres { rows: pool, .. }) =
            (self.database.announces(), self.database.pools())
        else {
            return std::future::pending().await;
        };
        let listening = async {
            let mut listener = PgListener::connect_with(pool).await?;
            listener.listen(self.channel).await?;
            Ok::<_, sqlx::Error>(listener)
        };
        match listening.await {
            Ok(listener) => Some(listener),
            Err(error) => {
                tracing::debug!(%error, channel = self.channel, "the database announces nothing");
                None
            }
        }
    }
}
