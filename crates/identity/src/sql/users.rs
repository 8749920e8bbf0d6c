//! What people owned things as when they signed in.

use callboard_db::Database;
use callboard_model::Result;

/// Keeps what somebody owns things as, as a JSON list.
pub(crate) async fn put(
    database: &Database,
    entity_ref: &str,
    ownership: &str,
    now: i64,
) -> Result<()> {
    const SQL: &str = "INSERT INTO identity_users (entity_ref, ownership, updated_at)
        VALUES ($1, $2, $3)
        ON CONFLICT (entity_ref) DO UPDATE
        SET ownership = EXCLUDED.ownership, updated_at = EXCLUDED.updated_at";
    let mut tx = database.begin().await?;
    tx.execute(SQL, &[entity_ref.into(), ownership.into(), now.into()])
        .await?;
    tx.commit().await
}

/// What somebody owns things as, as a JSON list; nothing, when they never signed in.
pub(crate) async fn ownership(database: &Database, entity_ref: &str) -> Result<Option<String>> {
    const SQL: &str = "SELECT ownership FROM identity_users WHERE entity_ref = $1";
    let rows: Vec<(String,)> = database.fetch(SQL, &[entity_ref.into()]).await?;
    Ok(rows.into_iter().next().map(|(ownership,)| ownership))
}
