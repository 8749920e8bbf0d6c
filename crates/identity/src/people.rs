//! What people own things as: themselves and their groups.
//!
//! The directory knows, and what it says counts at once, also for those who are signed in. Of people that it does
//! not know, what they brought along when they signed in counts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callboard_auth::{Directory, PersonQuery, User};
use callboard_db::Database;
use callboard_model::{Clock, EntityRef, Error, Result};

use crate::keys::millis;
use crate::sql;

/// The most people that are remembered.
const MOST: usize = 10_000;
/// How long it counts what somebody brought along, until it is read again.
const BROUGHT: u64 = 60_000;

/// People, as they were last seen.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) directory: Arc<dyn Directory>,
    database: Database,
    clock: Clock,
    seen: Mutex<HashMap<EntityRef, Seen>>,
}

#[derive(Clone, Debug)]
struct Seen {
    user: Arc<User>,
    /// That of the directory.
    revision: u64,
    /// Until when it counts, for those whom the directory does not know.
    until: Option<u64>,
}

impl People {
    pub(crate) fn new(directory: Arc<dyn Directory>, database: Database, clock: Clock) -> Self {
        Self {
            directory,
            database,
            clock,
            seen: Mutex::default(),
        }
    }

    /// A person who shows that they are `entity_ref`.
    ///
    /// # Errors
    /// `Unavailable`, when it cannot be found out what they own things as.
    pub(crate) async fn user(&self, entity_ref: &EntityRef) -> Result<Arc<User>> {
        let (revision, now) = (self.directory.revision(), self.clock.unix_millis());
        let seen = self.lock().get(entity_ref).cloned();
        if let Some(seen) = &seen
            && seen.revision == revision
            && seen.until.is_none_or(|until| now < until)
        {
            return Ok(Arc::clone(&seen.user));
        }
        let known = self
            .directory
            .people(&PersonQuery::Ref(entity_ref.clone()))?;
        let (ownership, until) = if known.is_empty() {
            match self.brought(entity_ref).await {
                Ok(ownership) => (ownership, Some(now + BROUGHT)),
                // What was true a minute ago is better than nothing while the database is away.
                Err(error) => return seen.map(|seen| seen.user).ok_or(error),
            }
        } else {
            (self.of_directory(entity_ref), None)
        };
        let user = Arc::new(User {
            entity_ref: entity_ref.clone(),
            ownership,
            actor: None,
        });
        self.remember(Seen {
            user: Arc::clone(&user),
            revision,
            until,
        });
        Ok(user)
    }

    /// Keeps what somebody brought along when they signed in.
    pub(crate) async fn arrived(
        &self,
        entity_ref: &EntityRef,
        ownership: &[EntityRef],
    ) -> Result<()> {
        let json = serde_json::to_string(ownership).map_err(|error| {
            Error::internal("ownership", "what somebody owns cannot be written down").source(error)
        })?;
        let now = millis(self.clock.unix_millis());
        sql::users::put(&self.database, entity_ref.as_str(), &json, now).await?;
        self.lock().remove(entity_ref);
        Ok(())
    }

    fn of_directory(&self, entity_ref: &EntityRef) -> Vec<EntityRef> {
        let mut ownership = vec![entity_ref.clone()];
        ownership.extend(self.directory.groups_of(entity_ref));
        ownership
    }

    async fn brought(&self, entity_ref: &EntityRef) -> Result<Vec<EntityRef>> {
        let json = sql::users::ownership(&self.database, entity_ref.as_str()).await?;
        let ownership = json.and_then(|json| serde_json::from_str(&json).ok());
        Ok(ownership.unwrap_or_else(|| vec![entity_ref.clone()]))
    }

    fn remember(&self, seen: Seen) {
        let mut all = self.lock();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(seen.user.entity_ref.clone(), seen);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EntityRef, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
