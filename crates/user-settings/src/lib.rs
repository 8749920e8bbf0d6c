//! What people keep for themselves: what they starred, where they were, how they arranged a page.
//!
//! A *setting* is a JSON value under a *key* in a *bucket*, and belongs to one person. It is that of Backstage's
//! `user-settings` plugin (FEATURES USR-01), whose clients work unchanged.
//!
//! Never here: what a setting means, or another person's settings: every statement names whose they are.
//! Adding an operation: one file in `routes/`, one line in `routes::routes`.
//! Start reading at [`UserSettings`].

mod feature;
mod limits;
mod routes;
mod settings;
mod sql;

pub use feature::feature;
pub use settings::UserSettings;
