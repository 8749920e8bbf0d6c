//! The tables of this crate: nobody else reads or writes them.

pub(crate) mod keys;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod users;

use callboard_db::{Migration, Migrations};

/// The steps of the tables.
pub(crate) const MIGRATIONS: Migrations = Migrations {
    feature: "identity",
    steps: &[Migration {
        number: 1,
        name: "keys, users, sessions, tokens",
        sqlite: include_str!("../migrations/0001_sqlite.sql"),
        postgres: include_str!("../migrations/0001_postgres.sql"),
    }],
};
