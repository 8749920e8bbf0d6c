//! Personal access tokens.

use callboard_db::Database;
use callboard_model::Result;

/// A new token. Times are in Unix milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewToken<'a> {
    pub(crate) id: &'a str,
    pub(crate) hash: &'a str,
    pub(crate) user_ref: &'a str,
    pub(crate) name: &'a str,
    pub(crate) restrictions: &'a str,
    pub(crate) now: i64,
    pub(crate) expires_at: i64,
}

/// A token: (id, user, name, restrictions, when it was made, was used and ends).
pub(crate) type TokenRow = (String, String, String, String, i64, i64, i64);

/// Adds a token, unless its owner has `most` already; whether it was added. Those that are over are forgotten.
pub(crate) async fn add(database: &Database, token: &NewToken<'_>, most: i64) -> Result<bool> {
    const OVER: &str = "DELETE FROM identity_tokens WHERE user_ref = $1 AND expires_at <= $2";
    const ADD: &str = "INSERT INTO identity_tokens
            (id, hash, user_ref, name, restrictions, created_at, seen_at, expires_at)
        SELECT $1, $2, $3, $4, $5, CAST($6 AS BIGINT), 0, CAST($7 AS BIGINT)
        WHERE (SELECT COUNT(*) FROM identity_tokens WHERE user_ref = $3) < $8";
    let mut tx = database.begin().await?;
    tx.execute(OVER, &[token.user_ref.into(), token.now.into()])
        .await?;
    let params = [
        token.id.into(),
        token.hash.into(),
        token.user_ref.into(),
        token.name.into(),
        token.restrictions.into(),
        token.now.into(),
        token.expires_at.into(),
        most.into(),
    ];
    let added = tx.execute(ADD, &params).await?;
    tx.commit().await?;
    Ok(added > 0)
}

/// The token with this hash, unless it is over.
pub(crate) async fn by_hash(database: &Database, hash: &str, now: i64) -> Result<Option<TokenRow>> {
    const SQL: &str = "SELECT id, user_ref, name, restrictions, created_at, seen_at, expires_at
        FROM identity_tokens WHERE hash = $1 AND expires_at > $2";
    let rows = database.fetch(SQL, &[hash.into(), now.into()]).await?;
    Ok(rows.into_iter().next())
}

/// Writes down that a token was used.
pub(crate) async fn seen(database: &Database, id: &str, now: i64) -> Result<()> {
    const SQL: &str = "UPDATE identity_tokens SET seen_at = $2 WHERE id = $1";
    let mut tx = database.begin().await?;
    tx.execute(SQL, &[id.into(), now.into()]).await?;
    tx.commit().await
}

/// The tokens of one person that are not over, the newest first.
pub(crate) async fn of_user(
    database: &Database,
    user_ref: &str,
    now: i64,
) -> Result<Vec<TokenRow>> {
    const SQL: &str = "SELECT id, user_ref, name, restrictions, created_at, seen_at, expires_at
        FROM identity_tokens WHERE user_ref = $1 AND expires_at > $2
        ORDER BY created_at DESC, id";
    database.fetch(SQL, &[user_ref.into(), now.into()]).await
}

/// Revokes a token of one person; its hash, when there was one.
pub(crate) async fn remove(
    database: &Database,
    user_ref: &str,
    id: &str,
) -> Result<Option<String>> {
    const SQL: &str = "DELETE FROM identity_tokens WHERE user_ref = $1 AND id = $2 RETURNING hash";
    let mut tx = database.begin().await?;
    let rows: Vec<(String,)> = tx.fetch(SQL, &[user_ref.into(), id.into()]).await?;
    tx.commit().await?;
    Ok(rows.into_iter().next().map(|(hash,)| hash))
}
