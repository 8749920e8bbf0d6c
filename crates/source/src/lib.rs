//! Reads files from other machines: the only outgoing HTTP client, with its guards.
//!
//! A [`Source`] asks its [`Host`]s in turn who knows an address; that one reads the file, and says what would
//! show next time that it did not change ([`Validators`]). [`FetchHost`] reads any address that
//! `backend.reading.allow` lists. All of them send their requests through one [`Client`], which bounds time and
//! size, follows redirects only to where its caller may go, and never reaches a private network by accident.
//! A [`Partner`] is what the operator's configuration names, such as a provider that people sign in at.
//!
//! Never here: what is in a file, where it is kept, or who wants it.
//! Adding a kind of host: implement [`Host`], in a crate of its own when it has an API of its own.
//! Start reading at [`Source`], then [`Client::get`].

mod allow;
mod client;
mod fetch;
mod host;
mod network;
mod partner;
mod repository;
mod resolver;
mod source;

pub use allow::{AllowConfig, AllowList, HostPattern, ReadingConfig};
pub use client::{Client, Limits};
pub use fetch::FetchHost;
pub use host::{Answer, File, Host, Validators};
pub use partner::{Partner, Reply};
pub use repository::Repository;
pub use source::Source;
