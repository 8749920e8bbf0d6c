//! Clients that ask somebody for a token.

use callboard_db::Database;
use callboard_model::Result;

use super::refresh_tokens::{self, NewRefreshToken};

/// A new session. Times are in Unix milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewSession<'a> {
    pub(crate) id: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) client_name: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) state: Option<&'a str>,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) challenge: &'a str,
    pub(crate) now: i64,
    pub(crate) expires_at: i64,
}

/// A session: (id, client, its name, redirect URI, scope, state, nonce, challenge, status, user, when it ends).
pub(crate) type SessionRow = (
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
    Option<String>,
    i64,
);

/// How somebody answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: &'static str,
    pub(crate) user_ref: &'a str,
    pub(crate) code_hash: Option<&'a str>,
    pub(crate) now: i64,
    /// When the code ends.
    pub(crate) expires_at: i64,
    pub(crate) kept_until: i64,
}

/// Begins a session, unless `most` wait for an answer already; whether it began.
pub(crate) async fn add(database: &Database, session: &NewSession<'_>, most: i64) -> Result<bool> {
    const SQL: &str = "INSERT INTO oauth_sessions
            (id, client_id, client_name, redirect_uri, scope, state, nonce, challenge, status,
            created_at, expires_at, kept_until)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, 'pending',
            CAST($9 AS BIGINT), CAST($10 AS BIGINT), CAST($10 AS BIGINT)
        WHERE (SELECT COUNT(*) FROM oauth_sessions
            WHERE status = 'pending' AND expires_at > CAST($9 AS BIGINT)) < $11";
    let params = [
        session.id.into(),
        session.client_id.into(),
        session.client_name.into(),
        session.redirect_uri.into(),
        session.scope.into(),
        session.state.into(),
        session.nonce.into(),
        session.challenge.into(),
        session.now.into(),
        session.expires_at.into(),
        most.into(),
    ];
    let mut tx = database.begin().await?;
    let added = tx.execute(SQL, &params).await?;
    tx.commit().await?;
    Ok(added > 0)
}

/// The session with this id.
pub(crate) async fn by_id(database: &Database, id: &str) -> Result<Option<SessionRow>> {
    const SQL: &str = "SELECT id, client_id, client_name, redirect_uri, scope, state, nonce,
            challenge, status, user_ref, expires_at
        FROM oauth_sessions WHERE id = $1";
    Ok(database.fetch(SQL, &[id.into()]).await?.into_iter().next())
}

/// The session whose code has this hash.
pub(crate) async fn by_code(database: &Database, hash: &str) -> Result<Option<SessionRow>> {
    const SQL: &str = "SELECT id, client_id, client_name, redirect_uri, scope, state, nonce,
            challenge, status, user_ref, expires_at
        FROM oauth_sessions WHERE code_hash = $1";
    let rows = database.fetch(SQL, &[hash.into()]).await?;
    Ok(rows.into_iter().next())
}

/// Writes down how somebody answers, once; whether the session waited for that.
pub(crate) async fn answer(database: &Database, id: &str, answer: &Answer<'_>) -> Result<bool> {
    const SQL: &str = "UPDATE oauth_sessions SET status = $2, user_ref = $3, code_hash = $4,
            expires_at = $6, kept_until = $7
        WHERE id = $1 AND status = 'pending' AND expires_at > $5";
    let params = [
        id.into(),
        answer.status.into(),
        answer.user_ref.into(),
        answer.code_hash.into(),
        answer.now.into(),
        answer.expires_at.into(),
        answer.kept_until.into(),
    ];
    let mut tx = database.begin().await?;
    let answered = tx.execute(SQL, &params).await?;
    tx.commit().await?;
    Ok(answered > 0)
}

/// Takes the code of a session, once, and has the client stay with `token`; whether the code was there to be taken.
pub(crate) async fn redeem(
    database: &Database,
    id: &str,
    token: Option<&NewRefreshToken<'_>>,
    most_of_one: i64,
) -> Result<bool> {
    const SQL: &str = "UPDATE oauth_sessions SET status = 'used'
        WHERE id = $1 AND status = 'approved'";
    let mut tx = database.begin().await?;
    if tx.execute(SQL, &[id.into()]).await? == 0 {
        return Ok(false);
    }
    if let Some(token) = token {
        refresh_tokens::add(&mut tx, token, most_of_one).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Forgets at most `most` sessions that nobody asks for any more; how many there were.
pub(crate) async fn sweep(database: &Database, now: i64, most: i64) -> Result<u64> {
    const SQL: &str = "DELETE FROM oauth_sessions WHERE id IN (
            SELECT id FROM oauth_sessions WHERE kept_until <= $1 ORDER BY kept_until LIMIT $2)";
    let mut tx = database.begin().await?;
    let gone = tx.execute(SQL, &[now.into(), most.into()]).await?;
    tx.commit().await?;
    Ok(gone)
}
