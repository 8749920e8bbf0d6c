//! How people sign in: the providers that vouch for them, and how an account there becomes a user here.
//!
//! Never here: tokens and sessions (`identity`).
