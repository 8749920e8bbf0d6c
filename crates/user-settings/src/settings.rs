//! The settings of everybody.

use std::collections::{BTreeSet, HashMap};

use callboard_db::Database;
use callboard_model::{EntityRef, Error, Result};
use serde_json::Value;

use crate::limits::{check_names, check_value, too_many};
use crate::sql;

/// What people keep for themselves. Clones share it.
#[derive(Clone, Debug)]
pub struct UserSettings {
    database: Database,
}

impl UserSettings {
    /// Opens them, and makes their table when it is missing.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open(database: Database) -> Result<Self> {
        database.migrate(&sql::MIGRATIONS).await?;
        Ok(Self { database })
    }

    /// A setting of `user`, if there is one.
    ///
    /// # Errors
    /// `Invalid` for names that no setting has; `Unavailable`, when the database is away.
    pub(crate) async fn get(
        &self,
        user: &EntityRef,
        bucket: &str,
        key: &str,
    ) -> Result<Option<Value>> {
        let found = self.get_many(user, &[(bucket, key)]).await?;
        Ok(found.into_iter().next().flatten())
    }

    /// Settings of `user` by bucket and key, in that order; `None` for those that there are not.
    ///
    /// # Errors
    /// As for [`Self::get`].
    pub(crate) async fn get_many(
        &self,
        user: &EntityRef,
        asked: &[(&str, &str)],
    ) -> Result<Vec<Option<Value>>> {
        for (bucket, key) in asked {
            check_names(bucket, key)?;
        }
        let once: BTreeSet<_> = asked.iter().copied().collect();
        let once: Vec<_> = once.into_iter().collect();
        let rows = sql::get(&self.database, user.as_str(), &once).await?;
        let mut found = HashMap::new();
        for (bucket, key, json) in &rows {
            found.insert((bucket.as_str(), key.as_str()), read(json)?);
        }
        Ok(asked.iter().map(|name| found.get(name).cloned()).collect())
    }

    /// Keeps `value`, instead of what was there.
    ///
    /// # Errors
    /// `Invalid` for names or a value that cannot be kept; `Conflict`, when `user` has too many; `Unavailable`.
    pub(crate) async fn set(
        &self,
        user: &EntityRef,
        bucket: &str,
        key: &str,
        value: &Value,
    ) -> Result<()> {
        check_names(bucket, key)?;
        let json = value.to_string();
        check_value(&json)?;
        if sql::set(&self.database, user.as_str(), (bucket, key), &json).await? {
            Ok(())
        } else {
            Err(too_many(user.as_str()))
        }
    }

    /// Removes a setting; nothing happens when there is none.
    ///
    /// # Errors
    /// As for [`Self::get`].
    pub(crate) async fn remove(&self, user: &EntityRef, bucket: &str, key: &str) -> Result<()> {
        check_names(bucket, key)?;
        sql::remove(&self.database, user.as_str(), bucket, key).await
    }
}

fn read(json: &str) -> Result<Value> {
    serde_json::from_str(json).map_err(|error| {
        Error::internal("setting-not-json", "a setting in the database is no JSON").source(error)
    })
}
