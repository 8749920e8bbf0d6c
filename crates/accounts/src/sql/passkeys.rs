//! Passkeys, and ceremonies that were begun.

use callboard_db::{Database, Tx};
use callboard_model::Result;

/// A passkey: (id, account, label, JSON, when it was made and used).
pub(crate) type PasskeyRow = (String, String, String, String, i64, i64);

/// A new passkey.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewPasskey<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) handle: &'a str,
    pub(crate) label: &'a str,
    pub(crate) passkey: &'a str,
    pub(crate) now: i64,
}

/// The passkeys of an account, the oldest first.
pub(crate) async fn of_account(database: &Database, name: &str) -> Result<Vec<PasskeyRow>> {
    const SQL: &str = "SELECT id, name, label, passkey, created_at, seen_at FROM account_passkeys
        WHERE name = $1 ORDER BY created_at, id";
    database.fetch(SQL, &[name.into()]).await
}

/// The passkeys of the account that authenticators know by this number.
pub(crate) async fn of_handle(database: &Database, handle: &str) -> Result<Vec<PasskeyRow>> {
    const SQL: &str = "SELECT id, name, label, passkey, created_at, seen_at FROM account_passkeys
        WHERE handle = $1 ORDER BY created_at, id";
    database.fetch(SQL, &[handle.into()]).await
}

/// The number that authenticators know an account by, once it has a passkey.
pub(crate) async fn handle(database: &Database, name: &str) -> Result<Option<String>> {
    const SQL: &str =
        "SELECT handle FROM account_passkeys WHERE name = $1 ORDER BY created_at, id LIMIT 1";
    let rows: Vec<(String,)> = database.fetch(SQL, &[name.into()]).await?;
    Ok(rows.into_iter().next().map(|(handle,)| handle))
}

/// Adds a passkey, unless the account has `most` already or is not there any more; whether it was added.
pub(crate) async fn add(tx: &mut Tx, passkey: &NewPasskey<'_>, most: i64) -> Result<bool> {
    const SQL: &str = "INSERT INTO account_passkeys
            (id, name, handle, label, passkey, created_at, seen_at)
        SELECT $1, $2, $3, $4, $5, CAST($6 AS BIGINT), 0
        WHERE (SELECT COUNT(*) FROM account_passkeys WHERE name = $2) < $7
        AND EXISTS (SELECT 1 FROM accounts WHERE name = $2)";
    let params = [
        passkey.id.into(),
        passkey.name.into(),
        passkey.handle.into(),
        passkey.label.into(),
        passkey.passkey.into(),
        passkey.now.into(),
        most.into(),
    ];
    Ok(tx.execute(SQL, &params).await? > 0)
}

/// Writes down that a passkey was used, and what it counts now.
pub(crate) async fn seen(database: &Database, id: &str, passkey: &str, now: i64) -> Result<()> {
    const SQL: &str = "UPDATE account_passkeys SET passkey = $2, seen_at = $3 WHERE id = $1";
    let mut tx = database.begin().await?;
    tx.execute(SQL, &[id.into(), passkey.into(), now.into()])
        .await?;
    tx.commit().await
}

/// Removes a passkey of an account; whether there was one.
pub(crate) async fn remove(database: &Database, name: &str, id: &str) -> Result<bool> {
    const SQL: &str = "DELETE FROM account_passkeys WHERE name = $1 AND id = $2";
    let mut tx = database.begin().await?;
    let removed = tx.execute(SQL, &[name.into(), id.into()]).await?;
    tx.commit().await?;
    Ok(removed > 0)
}

/// Writes a ceremony down that begins; those that are over are forgotten.
pub(crate) async fn begin(
    database: &Database,
    (id, name, state): (&str, &str, &str),
    now: i64,
    expires_at: i64,
) -> Result<()> {
    const OVER: &str = "DELETE FROM account_ceremonies WHERE expires_at <= $1";
    const ADD: &str =
        "INSERT INTO account_ceremonies (id, name, state, expires_at) VALUES ($1, $2, $3, $4)";
    let mut tx = database.begin().await?;
    tx.execute(OVER, &[now.into()]).await?;
    let params = [id.into(), name.into(), state.into(), expires_at.into()];
    tx.execute(ADD, &params).await?;
    tx.commit().await
}

/// How many ceremonies are going on.
pub(crate) async fn going_on(database: &Database, now: i64) -> Result<i64> {
    const SQL: &str = "SELECT COUNT(*) FROM account_ceremonies WHERE expires_at > $1";
    let rows: Vec<(i64,)> = database.fetch(SQL, &[now.into()]).await?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

/// The state of a ceremony of an account, which ends with that.
pub(crate) async fn end(
    database: &Database,
    (id, name): (&str, &str),
    now: i64,
) -> Result<Option<String>> {
    const SQL: &str = "DELETE FROM account_ceremonies
        WHERE id = $1 AND name = $2 AND expires_at > $3 RETURNING state";
    let mut tx = database.begin().await?;
    let rows: Vec<(String,)> = tx.fetch(SQL, &[id.into(), name.into(), now.into()]).await?;
    tx.commit().await?;
    Ok(rows.into_iter().next().map(|(state,)| state))
}
