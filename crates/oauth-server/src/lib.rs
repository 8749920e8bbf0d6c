//! How agents and programs get a token of a person who agrees: an OAuth server.
//!
//! A *client* sends somebody's browser to `/v1/authorize`. That becomes a *session*, about which the page asks them;
//! when they approve, the client gets a *code*, and for the code a token, and a *refresh token* when the operator
//! lets clients stay. Clients are listed in the configuration, or describe themselves in a *document* whose address is
//! their id.
//!
//! Never here: how somebody signs in (`sign-in`), or how a token is made (`identity`).
//! Adding a grant type: one arm in `routes/grant_token.rs`, one file beside `exchange.rs`.
//! Start reading at [`OAuthServer`], then `consent`, `exchange` and `refresh`.

mod asked;
mod clients;
mod config;
mod consent;
mod exchange;
mod feature;
mod keeper;
mod pattern;
mod redirect;
mod refresh;
mod refusal;
mod routes;
mod secret;
mod server;
mod sql;
#[cfg(test)]
mod tests;

pub use config::{ClientDocumentSettings, OAuthSettings, RefreshTokenSettings, StaticClient};
pub use feature::feature;
pub use server::{Foundations, OAuthServer};
