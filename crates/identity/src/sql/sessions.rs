//! Browsers in which somebody is signed in.

use callboard_db::Database;
use callboard_model::Result;

/// A new session. Times are in Unix milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewSession<'a> {
    pub(crate) id: &'a str,
    pub(crate) hash: &'a str,
    pub(crate) user_ref: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) user_agent: &'a str,
    pub(crate) now: i64,
    pub(crate) expires_at: i64,
}

/// A session: (id, user, provider, user agent, when it began, was seen and ends).
pub(crate) type SessionRow = (String, String, String, String, i64, i64, i64);

/// Begins a session. `most` of one person are kept, the newest; of those that are over none.
pub(crate) async fn add(database: &Database, session: &NewSession<'_>, most: i64) -> Result<()> {
    const ADD: &str = "INSERT INTO identity_sessions
            (id, hash, user_ref, provider, user_agent, created_at, seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7)";
    const OVER: &str = "DELETE FROM identity_sessions WHERE expires_at <= $1";
    const TOO_MANY: &str = "DELETE FROM identity_sessions WHERE user_ref = $1 AND id NOT IN (
            SELECT id FROM identity_sessions WHERE user_ref = $1
            ORDER BY seen_at DESC, id LIMIT $2)";
    let mut tx = database.begin().await?;
    let params = [
        session.id.into(),
        session.hash.into(),
        session.user_ref.into(),
        session.provider.into(),
        session.user_agent.into(),
        session.now.into(),
        session.expires_at.into(),
    ];
    tx.execute(ADD, &params).await?;
    tx.execute(OVER, &[session.now.into()]).await?;
    tx.execute(TOO_MANY, &[session.user_ref.into(), most.into()])
        .await?;
    tx.commit().await
}

/// The session with this hash, unless it is over.
pub(crate) async fn by_hash(
    database: &Database,
    hash: &str,
    now: i64,
) -> Result<Option<SessionRow>> {
    const SQL: &str = "SELECT id, user_ref, provider, user_agent, created_at, seen_at, expires_at
        FROM identity_sessions WHERE hash = $1 AND expires_at > $2";
    let rows = database.fetch(SQL, &[hash.into(), now.into()]).await?;
    Ok(rows.into_iter().next())
}

/// Writes down that a session was seen, and that it lasts longer for that.
pub(crate) async fn seen(database: &Database, id: &str, now: i64, expires_at: i64) -> Result<()> {
    const SQL: &str = "UPDATE identity_sessions SET seen_at = $2, expires_at = $3 WHERE id = $1";
    let mut tx = database.begin().await?;
    tx.execute(SQL, &[id.into(), now.into(), expires_at.into()])
        .await?;
    tx.commit().await
}

/// The sessions of one person that are not over, the one that was seen last first.
pub(crate) async fn of_user(
    database: &Database,
    user_ref: &str,
    now: i64,
) -> Result<Vec<SessionRow>> {
    const SQL: &str = "SELECT id, user_ref, provider, user_agent, created_at, seen_at, expires_at
        FROM identity_sessions WHERE user_ref = $1 AND expires_at > $2
        ORDER BY seen_at DESC, id";
    database.fetch(SQL, &[user_ref.into(), now.into()]).await
}

/// Ends a session of one person; whether there was one.
pub(crate) async fn remove(database: &Database, user_ref: &str, id: &str) -> Result<bool> {
    const SQL: &str = "DELETE FROM identity_sessions WHERE user_ref = $1 AND id = $2";
    let mut tx = database.begin().await?;
    let removed = tx.execute(SQL, &[user_ref.into(), id.into()]).await?;
    tx.commit().await?;
    Ok(removed > 0)
}

/// Ends every session of one person.
pub(crate) async fn remove_all(database: &Database, user_ref: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM identity_sessions WHERE user_ref = $1";
    let mut tx = database.begin().await?;
    tx.execute(SQL, &[user_ref.into()]).await?;
    tx.commit().await
}

/// Ends the session with this hash.
pub(crate) async fn remove_by_hash(database: &Database, hash: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM identity_sessions WHERE hash = $1";
    let mut tx = database.begin().await?;
    tx.execute(SQL, &[hash.into()]).await?;
    tx.commit().await
}
