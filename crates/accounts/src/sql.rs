//! The tables of this crate: nobody else reads or writes them.

use callboard_db::{Database, Migration, Migrations, Tx};
use callboard_model::Result;

/// The steps of the tables.
pub(crate) const MIGRATIONS: Migrations = Migrations {
    feature: "accounts",
    steps: &[Migration {
        number: 1,
        name: "accounts, invitations",
        sqlite: include_str!("migrations/0001_sqlite.sql"),
        postgres: include_str!("migrations/0001_postgres.sql"),
    }],
};

/// An account: (name, whether it has a password, whether it may do everything, when it was made and changed).
pub(crate) type AccountRow = (String, i64, i64, i64, i64);

/// All accounts, by name.
pub(crate) async fn all(database: &Database) -> Result<Vec<AccountRow>> {
    const SQL: &str = "SELECT name, CAST(CASE WHEN password = '' THEN 0 ELSE 1 END AS BIGINT),
            is_admin, created_at, changed_at
        FROM accounts ORDER BY name";
    database.fetch(SQL, &[]).await
}

/// How many accounts there are.
pub(crate) async fn count(database: &Database) -> Result<i64> {
    let rows: Vec<(i64,)> = database.fetch("SELECT COUNT(*) FROM accounts", &[]).await?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

/// The names of those who may do everything.
pub(crate) async fn administrators(database: &Database) -> Result<Vec<String>> {
    const SQL: &str = "SELECT name FROM accounts WHERE is_admin = 1 ORDER BY name";
    let rows: Vec<(String,)> = database.fetch(SQL, &[]).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// The hashed password of an account that has one.
pub(crate) async fn password(database: &Database, name: &str) -> Result<Option<String>> {
    const SQL: &str = "SELECT password FROM accounts WHERE name = $1 AND password <> ''";
    let rows: Vec<(String,)> = database.fetch(SQL, &[name.into()]).await?;
    Ok(rows.into_iter().next().map(|(password,)| password))
}

/// Sets the password of an account; whether there is one of that name.
pub(crate) async fn set_password(
    tx: &mut Tx,
    name: &str,
    password: &str,
    now: i64,
) -> Result<bool> {
    const SQL: &str = "UPDATE accounts SET password = $2, changed_at = $3 WHERE name = $1";
    let params = [name.into(), password.into(), now.into()];
    Ok(tx.execute(SQL, &params).await? > 0)
}

/// Makes an account without a password; whether there was none of that name.
pub(crate) async fn add(tx: &mut Tx, name: &str, is_admin: bool, now: i64) -> Result<bool> {
    const SQL: &str = "INSERT INTO accounts (name, password, is_admin, created_at, changed_at)
        VALUES ($1, '', $2, $3, $3) ON CONFLICT (name) DO NOTHING";
    let params = [name.into(), i64::from(is_admin).into(), now.into()];
    Ok(tx.execute(SQL, &params).await? > 0)
}

/// Removes an account with its invitations, unless it is the last that may do everything; what became of it.
pub(crate) async fn remove(tx: &mut Tx, name: &str) -> Result<u64> {
    const REMOVE: &str = "DELETE FROM accounts WHERE name = $1 AND (is_admin = 0
            OR EXISTS (SELECT 1 FROM accounts WHERE is_admin = 1 AND name <> $1))";
    const INVITATIONS: &str = "DELETE FROM account_invitations WHERE name = $1";
    let removed = tx.execute(REMOVE, &[name.into()]).await?;
    if removed > 0 {
        tx.execute(INVITATIONS, &[name.into()]).await?;
    }
    Ok(removed)
}

/// Whether there is an account of that name.
pub(crate) async fn exists(tx: &mut Tx, name: &str) -> Result<bool> {
    const SQL: &str = "SELECT is_admin FROM accounts WHERE name = $1";
    let rows: Vec<(i64,)> = tx.fetch(SQL, &[name.into()]).await?;
    Ok(!rows.is_empty())
}

/// An invitation that is not used yet: for whom, and whether they may do everything.
pub(crate) type InvitationRow = (String, i64, i64);

/// Makes an invitation, in the place of those that there were for the same name.
pub(crate) async fn invite(
    tx: &mut Tx,
    (hash, name, is_admin): (&str, &str, bool),
    expires_at: i64,
) -> Result<()> {
    const FORMER: &str = "DELETE FROM account_invitations WHERE name = $1";
    const ADD: &str = "INSERT INTO account_invitations (hash, name, is_admin, expires_at)
        VALUES ($1, $2, $3, $4)";
    tx.execute(FORMER, &[name.into()]).await?;
    let params = [
        hash.into(),
        name.into(),
        i64::from(is_admin).into(),
        expires_at.into(),
    ];
    tx.execute(ADD, &params).await?;
    Ok(())
}

/// The invitation with this hash, unless it is over: (name, whether it is for everything, when it ends).
pub(crate) async fn invitation(
    database: &Database,
    hash: &str,
    now: i64,
) -> Result<Option<InvitationRow>> {
    const SQL: &str = "SELECT name, is_admin, expires_at FROM account_invitations
        WHERE hash = $1 AND expires_at > $2";
    let rows = database.fetch(SQL, &[hash.into(), now.into()]).await?;
    Ok(rows.into_iter().next())
}

/// Uses the invitation with this hash up, with all others for the same name.
pub(crate) async fn take_invitation(
    tx: &mut Tx,
    hash: &str,
    now: i64,
) -> Result<Option<(String, i64)>> {
    const TAKE: &str = "DELETE FROM account_invitations WHERE hash = $1 AND expires_at > $2
        RETURNING name, is_admin";
    const OTHERS: &str = "DELETE FROM account_invitations WHERE name = $1 OR expires_at <= $2";
    let rows: Vec<(String, i64)> = tx.fetch(TAKE, &[hash.into(), now.into()]).await?;
    let Some((name, is_admin)) = rows.into_iter().next() else {
        return Ok(None);
    };
    tx.execute(OTHERS, &[name.as_str().into(), now.into()])
        .await?;
    Ok(Some((name, is_admin)))
}
