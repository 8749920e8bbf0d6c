//! Personal access tokens: for scripts that act in somebody's name.

use std::sync::Arc;
use std::time::Duration;

use callboard_auth::Restrictions;
use callboard_db::Database;
use callboard_model::{Clock, EntityRef, Error, ErrorKind, Ids, Result};
use quick_cache::sync::Cache;

use crate::keys::millis;
use crate::random_token::{RandomToken, hash};
use crate::sql;
use crate::sql::tokens::{NewToken, TokenRow};

/// What each of them begins with, so that whoever finds one knows what it is.
pub(crate) const PREFIX: &str = "callboard_";
/// How long a process believes what it read.
const BELIEVED: u64 = 30_000;
/// How often it is written down that a token is in use.
const BETWEEN_SIGHTINGS: u64 = 5 * 60_000;
/// The most tokens of one person.
const MOST_OF_ONE: i64 = 100;
/// The most tokens that are remembered.
const MOST_REMEMBERED: usize = 20_000;

/// Personal access tokens.
#[derive(Debug)]
pub(crate) struct PersonalTokens {
    database: Database,
    clock: Clock,
    ids: Ids,
    read: Cache<String, Arc<PersonalToken>>,
}

/// A token. Times are in Unix milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct PersonalToken {
    pub(crate) id: String,
    pub(crate) user_ref: EntityRef,
    pub(crate) name: String,
    pub(crate) restrictions: Option<Arc<Restrictions>>,
    pub(crate) created_at: u64,
    pub(crate) seen_at: Option<u64>,
    pub(crate) expires_at: u64,
    read_at: u64,
}

/// What a new token is to be like.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) name: &'a str,
    pub(crate) restrictions: Option<Restrictions>,
    pub(crate) lasts: Duration,
}

impl PersonalTokens {
    pub(crate) fn new(database: Database, clock: Clock, ids: Ids) -> Self {
        Self {
            database,
            clock,
            ids,
            read: Cache::new(MOST_REMEMBERED),
        }
    }

    /// Makes a token: its text, which is shown now and never again, and what it is like.
    ///
    /// # Errors
    /// `Conflict`, when its owner has too many.
    pub(crate) async fn create(
        &self,
        user_ref: &EntityRef,
        wanted: Wanted<'_>,
    ) -> Result<(RandomToken, PersonalToken)> {
        let secret = RandomToken::new(PREFIX)?;
        let now = self.clock.unix_millis();
        let lasts = u64::try_from(wanted.lasts.as_millis()).unwrap_or(u64::MAX);
        let token = PersonalToken {
            id: self.ids.uuid().to_string(),
            user_ref: user_ref.clone(),
            name: wanted.name.to_owned(),
            restrictions: wanted.restrictions.map(Arc::new),
            created_at: now,
            seen_at: None,
            expires_at: now.saturating_add(lasts),
            read_at: now,
        };
        let restrictions = match &token.restrictions {
            None => String::new(),
            Some(restrictions) => serde_json::to_string(restrictions).map_err(|error| {
                Error::internal("restrictions", "what a token is for cannot be written down")
                    .source(error)
            })?,
        };
        let row = NewToken {
            id: &token.id,
            hash: &secret.hash(),
            user_ref: user_ref.as_str(),
            name: wanted.name,
            restrictions: &restrictions,
            now: millis(now),
            expires_at: millis(token.expires_at),
        };
        if !sql::tokens::add(&self.database, &row, MOST_OF_ONE).await? {
            let message = format!("`{user_ref}` has {MOST_OF_ONE} tokens already");
            return Err(Error::new(ErrorKind::Conflict, "too-many-tokens", message)
                .hint("revoke those that are not used"));
        }
        Ok((secret, token))
    }

    /// What a token is like, unless it is over or was revoked.
    ///
    /// # Errors
    /// `Unavailable`, when the database is away and the token was not seen before.
    pub(crate) async fn find(&self, secret: &str) -> Result<Option<Arc<PersonalToken>>> {
        let (hash, now) = (hash(secret), self.clock.unix_millis());
        let read = self.read.get(&hash).filter(|token| now < token.expires_at);
        if let Some(token) = &read
            && now < token.read_at + BELIEVED
        {
            return Ok(read);
        }
        match self.read_again(&hash, now).await {
            Ok(token) => Ok(token),
            Err(error) if error.kind() == ErrorKind::Unavailable && read.is_some() => Ok(read),
            Err(error) => Err(error),
        }
    }

    async fn read_again(&self, hash: &str, now: u64) -> Result<Option<Arc<PersonalToken>>> {
        let row = sql::tokens::by_hash(&self.database, hash, millis(now)).await?;
        let Some(mut token) = row.and_then(|row| PersonalToken::of(row, now)) else {
            self.read.remove(hash);
            return Ok(None);
        };
        if token.seen_at.is_none_or(|at| now >= at + BETWEEN_SIGHTINGS) {
            token.seen_at = Some(now);
            sql::tokens::seen(&self.database, &token.id, millis(now)).await?;
        }
        let token = Arc::new(token);
        self.read.insert(hash.to_owned(), Arc::clone(&token));
        Ok(Some(token))
    }

    /// Revokes a token of one person; whether there was one.
    pub(crate) async fn revoke(&self, user_ref: &EntityRef, id: &str) -> Result<bool> {
        let hash = sql::tokens::remove(&self.database, user_ref.as_str(), id).await?;
        if let Some(hash) = &hash {
            self.read.remove(hash);
        }
        Ok(hash.is_some())
    }

    /// The tokens of one person, the newest first.
    pub(crate) async fn of_user(&self, user_ref: &EntityRef) -> Result<Vec<PersonalToken>> {
        let now = self.clock.unix_millis();
        let rows = sql::tokens::of_user(&self.database, user_ref.as_str(), millis(now)).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| PersonalToken::of(row, now))
            .collect())
    }
}

impl PersonalToken {
    /// Nothing, when what it is for cannot be read: then it is for nothing.
    fn of(row: TokenRow, now: u64) -> Option<Self> {
        let (id, user_ref, name, restrictions, created_at, seen_at, expires_at) = row;
        let restrictions = match restrictions.as_str() {
            "" => None,
            json => Some(Arc::new(serde_json::from_str(json).ok()?)),
        };
        let time = |at| u64::try_from(at).unwrap_or(0);
        Some(Self {
            id,
            user_ref: user_ref.parse().ok()?,
            name,
            restrictions,
            created_at: time(created_at),
            seen_at: Some(time(seen_at)).filter(|at| *at > 0),
            expires_at: time(expires_at),
            read_at: now,
        })
    }
}
