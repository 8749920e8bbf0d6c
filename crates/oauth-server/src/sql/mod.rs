//! The tables of this crate: nobody else reads or writes them.

pub(crate) mod refresh_tokens;
pub(crate) mod sessions;

use callboard_db::{Migration, Migrations};

/// The steps of the tables.
pub(crate) const MIGRATIONS: Migrations = Migrations {
    feature: "oauth_server",
    steps: &[Migration {
        number: 1,
        name: "sessions, refresh tokens",
        sqlite: include_str!("../migrations/0001_sqlite.sql"),
        postgres: include_str!("../migrations/0001_postgres.sql"),
    }],
};

/// Milliseconds as the database has them.
pub(crate) fn millis(unix_millis: u64) -> i64 {
    i64::try_from(unix_millis).unwrap_or(i64::MAX)
}
