//! Opens SQLite or PostgreSQL and runs SQL on either with one text.
//!
//! A [`Database`] is opened from [`Settings`], brought up to date with each feature's [`Migrations`],
//! and then hands out transactions ([`Tx`]) and reads. SQL is written once: parameters are `$1`, `$2`,
//! and many rows travel as one JSON parameter through [the `json_rows` form](sql).
//!
//! Never here: the name of a table, or a decision about what to store (each feature's `sql.rs`).
//! Adding a driver error that people should understand: one arm in `errors.rs`.
//! Start reading at [`Database::open`].

mod database;
mod errors;
mod migrate;
pub mod sql;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;

pub use database::{Database, Dialect, Settings};
pub use migrate::{Migration, Migrations};
pub use sql::{FromRow, Param};
pub use tx::Tx;
