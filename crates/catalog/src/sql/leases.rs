//! What only one of several processes does at a time.

use callboard_db::{Database, Tx};
use callboard_model::Result;

/// Takes or keeps the lease `name` for `millis`; false while another process has it.
pub(crate) async fn hold(
    database: &Database,
    name: &str,
    holder: &str,
    millis: i64,
) -> Result<bool> {
    const SQL: &str =
        "INSERT INTO catalog_leases (name, holder, until) VALUES ($1, $2, now_ms() + $3)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE catalog_leases.holder = excluded.holder OR catalog_leases.until < now_ms()";
    let mut tx = database.begin().await?;
    let held = tx
        .execute(SQL, &[name.into(), holder.into(), millis.into()])
        .await?;
    tx.commit().await?;
    Ok(held > 0)
}

/// Whether some process has the lease.
pub(crate) async fn is_held(database: &Database, name: &str) -> Result<bool> {
    const SQL: &str = "SELECT holder FROM catalog_leases WHERE name = $1 AND until >= now_ms()";
    let held: Vec<(String,)> = database.fetch(SQL, &[name.into()]).await?;
    Ok(!held.is_empty())
}

/// Gives a lease back.
pub(crate) async fn release(database: &Database, name: &str, holder: &str) -> Result<()> {
    let mut tx = database.begin().await?;
    release_in(&mut tx, name, holder).await?;
    tx.commit().await
}

/// Gives a lease back as a part of `tx`.
pub(crate) async fn release_in(tx: &mut Tx, name: &str, holder: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM catalog_leases WHERE name = $1 AND holder = $2";
    tx.execute(SQL, &[name.into(), holder.into()]).await?;
    Ok(())
}

/// Ends the leases whose names begin with `prefix` and that their holders have let run out; says whose they were.
pub(crate) async fn end_lost(tx: &mut Tx, prefix: &str) -> Result<Vec<String>> {
    const SQL: &str = "DELETE FROM catalog_leases
        WHERE substr(name, 1, length($1)) = $1 AND until < now_ms() RETURNING holder";
    let lost: Vec<(String,)> = tx.fetch(SQL, &[prefix.into()]).await?;
    Ok(lost.into_iter().map(|row| row.0).collect())
}
