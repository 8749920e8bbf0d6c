//! Public keys.

use callboard_db::Database;
use callboard_model::Result;

/// A public key: (id, JSON, when it was made in Unix milliseconds).
pub(crate) type KeyRow = (String, String, i64);

/// Those that were made after `since`.
pub(crate) async fn newer(database: &Database, since: i64) -> Result<Vec<KeyRow>> {
    const SQL: &str = "SELECT id, jwk, created_at FROM identity_keys WHERE created_at > $1
        ORDER BY created_at, id";
    database.fetch(SQL, &[since.into()]).await
}

/// Adds one, and forgets those that were made before `oldest`.
pub(crate) async fn add(
    database: &Database,
    (id, jwk, created_at): (&str, &str, i64),
    oldest: i64,
) -> Result<()> {
    const ADD: &str = "INSERT INTO identity_keys (id, jwk, created_at) VALUES ($1, $2, $3)";
    const FORGET: &str = "DELETE FROM identity_keys WHERE created_at < $1";
    let mut tx = database.begin().await?;
    tx.execute(ADD, &[id.into(), jwk.into(), created_at.into()])
        .await?;
    tx.execute(FORGET, &[oldest.into()]).await?;
    tx.commit().await
}
