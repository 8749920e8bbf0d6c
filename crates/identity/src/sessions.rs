//! Browsers in which somebody is signed in.
//!
//! A session is a cookie of 256 random bits, of which the database has the hash. A process believes what it read for
//! half a minute, so that requests do not wait for the database, and for longer while the database is away.

use std::sync::Arc;
use std::time::Duration;

use callboard_db::Database;
use callboard_model::{Clock, EntityRef, ErrorKind, Ids, Result, shortened};
use quick_cache::sync::Cache;

use crate::config::SessionSettings;
use crate::keys::millis;
use crate::random_token::{RandomToken, hash};
use crate::sql;
use crate::sql::sessions::{NewSession, SessionRow};

/// How long a process believes what it read.
const BELIEVED: u64 = 30_000;
/// How often it is written down that a session is in use.
const BETWEEN_SIGHTINGS: u64 = 5 * 60_000;
/// The most sessions of one person; those that were not used for longest end first.
const MOST_OF_ONE: i64 = 100;
/// The most sessions that are remembered.
const MOST_REMEMBERED: usize = 20_000;
/// The characters of a browser's name that are kept.
const LONGEST_AGENT: usize = 300;

/// Sessions.
#[derive(Debug)]
pub(crate) struct Sessions {
    pub(crate) database: Database,
    clock: Clock,
    ids: Ids,
    lifetime: Duration,
    idle: Duration,
    read: Cache<String, Arc<Session>>,
}

/// A browser in which somebody is signed in. Times are in Unix milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) user_ref: EntityRef,
    pub(crate) provider: String,
    pub(crate) user_agent: String,
    pub(crate) created_at: u64,
    pub(crate) seen_at: u64,
    pub(crate) expires_at: u64,
    read_at: u64,
}

impl Sessions {
    pub(crate) fn new(
        database: Database,
        clock: Clock,
        ids: Ids,
        settings: &SessionSettings,
    ) -> Self {
        Self {
            database,
            clock,
            ids,
            lifetime: settings.lifetime.get(),
            idle: settings.idle.get(),
            read: Cache::new(MOST_REMEMBERED),
        }
    }

    /// Signs somebody in in a browser: the text of its cookie, and how long it lasts.
    pub(crate) async fn begin(
        &self,
        user_ref: &EntityRef,
        provider: &str,
        user_agent: &str,
    ) -> Result<(RandomToken, Duration)> {
        let cookie = RandomToken::new("")?;
        let (id, now) = (self.ids.uuid().to_string(), self.clock.unix_millis());
        let session = NewSession {
            id: &id,
            hash: &cookie.hash(),
            user_ref: user_ref.as_str(),
            provider,
            user_agent: &shortened(user_agent, LONGEST_AGENT),
            now: millis(now),
            expires_at: millis(self.end(now, now)),
        };
        sql::sessions::add(&self.database, &session, MOST_OF_ONE).await?;
        Ok((cookie, self.lifetime))
    }

    /// The session of a cookie, unless it is over or was ended.
    ///
    /// # Errors
    /// `Unavailable`, when the database is away and the session was not seen before.
    pub(crate) async fn find(&self, cookie: &str) -> Result<Option<Arc<Session>>> {
        let (hash, now) = (hash(cookie), self.clock.unix_millis());
        let read = self.read.get(&hash);
        let read = read.filter(|session| now < session.expires_at);
        if let Some(session) = &read
            && now < session.read_at + BELIEVED
        {
            return Ok(read);
        }
        match self.read_again(&hash, now).await {
            Ok(session) => Ok(session),
            Err(error) if error.kind() == ErrorKind::Unavailable && read.is_some() => Ok(read),
            Err(error) => Err(error),
        }
    }

    async fn read_again(&self, hash: &str, now: u64) -> Result<Option<Arc<Session>>> {
        let row = sql::sessions::by_hash(&self.database, hash, millis(now)).await?;
        let Some(mut session) = row.and_then(|row| Session::of(row, now)) else {
            self.read.remove(hash);
            return Ok(None);
        };
        if now >= session.seen_at + BETWEEN_SIGHTINGS {
            session.seen_at = now;
            session.expires_at = self.end(session.created_at, now);
            let end = millis(session.expires_at);
            sql::sessions::seen(&self.database, &session.id, millis(now), end).await?;
        }
        let session = Arc::new(session);
        self.read.insert(hash.to_owned(), Arc::clone(&session));
        Ok(Some(session))
    }

    /// Ends the session of a cookie.
    pub(crate) async fn end_by_cookie(&self, cookie: &str) -> Result<()> {
        let hash = hash(cookie);
        self.read.remove(&hash);
        sql::sessions::remove_by_hash(&self.database, &hash).await
    }

    /// Ends a session of one person; whether there was one.
    pub(crate) async fn end_by_id(&self, user_ref: &EntityRef, id: &str) -> Result<bool> {
        let removed = sql::sessions::remove(&self.database, user_ref.as_str(), id).await?;
        self.read.retain(|_, session| session.id != id);
        Ok(removed)
    }

    /// Ends every session of one person.
    pub(crate) async fn end_all(&self, user_ref: &EntityRef) -> Result<()> {
        sql::sessions::remove_all(&self.database, user_ref.as_str()).await?;
        self.read.retain(|_, session| session.user_ref != *user_ref);
        Ok(())
    }

    /// The sessions of one person, the one that was used last first.
    pub(crate) async fn of_user(&self, user_ref: &EntityRef) -> Result<Vec<Session>> {
        let now = self.clock.unix_millis();
        let rows = sql::sessions::of_user(&self.database, user_ref.as_str(), millis(now)).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Session::of(row, now))
            .collect())
    }

    /// When a session ends that began at `began` and is in use at `now`.
    fn end(&self, began: u64, now: u64) -> u64 {
        let after = |from: u64, span: Duration| {
            from.saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
        };
        after(began, self.lifetime).min(after(now, self.idle))
    }
}

impl Session {
    fn of(row: SessionRow, now: u64) -> Option<Self> {
        let (id, user_ref, provider, user_agent, created_at, seen_at, expires_at) = row;
        let time = |at| u64::try_from(at).unwrap_or(0);
        Some(Self {
            id,
            user_ref: user_ref.parse().ok()?,
            provider,
            user_agent,
            created_at: time(created_at),
            seen_at: time(seen_at),
            expires_at: time(expires_at),
            read_at: now,
        })
    }
}
