//! Clients that stay.

use callboard_db::{Database, Tx};
use callboard_model::Result;

/// A client that stays from now on. Times are in Unix milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewRefreshToken<'a> {
    pub(crate) id: &'a str,
    pub(crate) session_id: &'a str,
    pub(crate) family_hash: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) user_ref: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) client_name: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) now: i64,
    pub(crate) expires_at: i64,
}

/// A client that stays: (id, hash of its token, user, client, when it began and ends).
pub(crate) type RefreshTokenRow = (String, String, String, String, i64, i64);

/// What a person is told of a client that stays: (id, client, its name, scope, when it began, was seen and ends).
pub(crate) type GrantRow = (String, String, String, String, i64, i64, i64);

/// A token in the place of another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rotation<'a> {
    pub(crate) id: &'a str,
    pub(crate) old_hash: &'a str,
    pub(crate) new_hash: &'a str,
    pub(crate) now: i64,
    pub(crate) expires_at: i64,
}

/// Has a client stay. `most` of one person do, those that were seen last.
pub(super) async fn add(tx: &mut Tx, token: &NewRefreshToken<'_>, most: i64) -> Result<()> {
    const ADD: &str = "INSERT INTO oauth_refresh_tokens
            (id, session_id, family_hash, token_hash, user_ref, client_id, client_name, scope,
            created_at, used_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)";
    const TOO_MANY: &str = "DELETE FROM oauth_refresh_tokens WHERE user_ref = $1 AND id <> $2
            AND id NOT IN (
            SELECT id FROM oauth_refresh_tokens WHERE user_ref = $1 AND id <> $2
            ORDER BY used_at DESC, id LIMIT $3)";
    let params = [
        token.id.into(),
        token.session_id.into(),
        token.family_hash.into(),
        token.token_hash.into(),
        token.user_ref.into(),
        token.client_id.into(),
        token.client_name.into(),
        token.scope.into(),
        token.now.into(),
        token.expires_at.into(),
    ];
    tx.execute(ADD, &params).await?;
    let others = (most - 1).max(0);
    let params = [token.user_ref.into(), token.id.into(), others.into()];
    tx.execute(TOO_MANY, &params).await?;
    Ok(())
}

/// The client that stays with tokens of this family.
pub(crate) async fn by_family(database: &Database, hash: &str) -> Result<Option<RefreshTokenRow>> {
    const SQL: &str = "SELECT id, token_hash, user_ref, client_id, created_at, expires_at
        FROM oauth_refresh_tokens WHERE family_hash = $1";
    let rows = database.fetch(SQL, &[hash.into()]).await?;
    Ok(rows.into_iter().next())
}

/// Puts a token in the place of another, once; whether that was still the one that counts.
pub(crate) async fn rotate(database: &Database, rotation: &Rotation<'_>) -> Result<bool> {
    const SQL: &str = "UPDATE oauth_refresh_tokens
        SET token_hash = $3, used_at = $4, expires_at = $5
        WHERE id = $1 AND token_hash = $2 AND expires_at > $4";
    let params = [
        rotation.id.into(),
        rotation.old_hash.into(),
        rotation.new_hash.into(),
        rotation.now.into(),
        rotation.expires_at.into(),
    ];
    let mut tx = database.begin().await?;
    let rotated = tx.execute(SQL, &params).await?;
    tx.commit().await?;
    Ok(rotated > 0)
}

/// The clients that stay with one person, those that were seen last first.
pub(crate) async fn of_user(
    database: &Database,
    user_ref: &str,
    now: i64,
) -> Result<Vec<GrantRow>> {
    const SQL: &str = "SELECT id, client_id, client_name, scope, created_at, used_at, expires_at
        FROM oauth_refresh_tokens WHERE user_ref = $1 AND expires_at > $2
        ORDER BY used_at DESC, id";
    database.fetch(SQL, &[user_ref.into(), now.into()]).await
}

/// Sends a client away.
pub(crate) async fn remove(database: &Database, id: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM oauth_refresh_tokens WHERE id = $1";
    let mut tx = database.begin().await?;
    tx.execute(SQL, &[id.into()]).await?;
    tx.commit().await
}

/// Sends a client of one person away; whether there was one.
pub(crate) async fn remove_of_user(database: &Database, user_ref: &str, id: &str) -> Result<bool> {
    const SQL: &str = "DELETE FROM oauth_refresh_tokens WHERE user_ref = $1 AND id = $2";
    let mut tx = database.begin().await?;
    let removed = tx.execute(SQL, &[user_ref.into(), id.into()]).await?;
    tx.commit().await?;
    Ok(removed > 0)
}

/// Sends all clients of one person away; how many there were.
pub(crate) async fn remove_all(database: &Database, user_ref: &str) -> Result<u64> {
    const SQL: &str = "DELETE FROM oauth_refresh_tokens WHERE user_ref = $1";
    let mut tx = database.begin().await?;
    let removed = tx.execute(SQL, &[user_ref.into()]).await?;
    tx.commit().await?;
    Ok(removed)
}

/// Sends the clients away that came in by one session; how many there were.
pub(crate) async fn remove_of_session(database: &Database, session_id: &str) -> Result<u64> {
    const SQL: &str = "DELETE FROM oauth_refresh_tokens WHERE session_id = $1";
    let mut tx = database.begin().await?;
    let removed = tx.execute(SQL, &[session_id.into()]).await?;
    tx.commit().await?;
    Ok(removed)
}

/// Forgets at most `most` clients that were away for too long; how many there were.
pub(crate) async fn sweep(database: &Database, now: i64, most: i64) -> Result<u64> {
    const SQL: &str = "DELETE FROM oauth_refresh_tokens WHERE id IN (
            SELECT id FROM oauth_refresh_tokens WHERE expires_at <= $1
            ORDER BY expires_at LIMIT $2)";
    let mut tx = database.begin().await?;
    let gone = tx.execute(SQL, &[now.into(), most.into()]).await?;
    tx.commit().await?;
    Ok(gone)
}
