//! Opens SQLite or PostgreSQL and runs SQL on either with one text.
//!
//! A [`Database`] is opened from [`Settings`], brought up to date with each feature's [`Migrations`],
//! and then hands out transactions ([`Tx`]) and reads. SQL is written once: parameters are `$1`, `$2`,
//! and many rows travel at once as [`Rows`], in the place of [`$rows`](sql).
//!
//! Never here: the name of a table, or a decision about what to store (each feature's `sql.rs`).
//! Adding a driver error that people should understand: one arm in `errors.rs`.
//! Start reading at [`Database::open`].

mod announce;
mod database;
mod errors;
mod migrate;
mod retry;
mod settings;
pub mod sql;
mod statement;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;

pub use announce::Announcements;
pub use database::{Database, Dialect};
pub use migrate::{Migration, Migrations};
pub use retry::Retries;
pub use settings::{PostgresServer, Settings};
pub use sql::{FromRow, Param, Rows};
pub use tx::Tx;
