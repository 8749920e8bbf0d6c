//! The tables of this crate: nobody else reads or writes them.

pub(crate) mod read;
pub(crate) mod write;

use callboard_db::{Migration, Migrations, Tx};
use callboard_model::{Error, Result};

/// The steps of the tables.
pub(crate) const MIGRATIONS: Migrations = Migrations {
    feature: "roles",
    steps: &[Migration {
        number: 1,
        name: "roles, members, policies, conditions",
        sqlite: include_str!("../migrations/0001_sqlite.sql"),
        postgres: include_str!("../migrations/0001_postgres.sql"),
    }],
};

/// Counts a change. Whoever else changes or reads everything waits until this transaction ends.
pub(crate) async fn advance(tx: &mut Tx) -> Result<i64> {
    const SQL: &str =
        "UPDATE role_state SET value = value + 1 WHERE key = 'version' RETURNING value";
    let rows: Vec<(i64,)> = tx.fetch(SQL, &[]).await?;
    version_of(&rows)
}

fn version_of(rows: &[(i64,)]) -> Result<i64> {
    rows.first()
        .map(|row| row.0)
        .ok_or_else(|| Error::internal("role-state", "the version is missing from role_state"))
}
