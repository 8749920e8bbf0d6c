//! Accounts of this portal itself, with a password: for trials, and for when the provider is away.
//!
//! An account is a name; whoever signs in with it is the user of that name in the namespace `default`. Passwords are
//! never chosen for somebody: an administrator makes an *invitation*, a link that works once. The first one, for the
//! first administrator, is printed when the portal starts and has no account yet.
//!
//! Never here: what an account may do (`roles`), or sessions (`identity`).
//! Adding a way to prove who one is: one file beside `password.rs`, and its operations in `routes/`.
//! Start reading at [`Accounts`].

mod accounts;
mod attempts;
mod config;
mod feature;
mod password;
mod permissions;
mod policy;
mod routes;
mod secret_link;
mod sql;

pub use accounts::{Accounts, FirstInvitation};
pub use config::LocalAccountSettings;
pub use feature::feature;
pub use permissions::{CreateAccount, DeleteAccount, ReadAccount};
pub use policy::Administrators;
