//! Signing in by being sent to a provider and back, as Backstage's frontends do it.
//!
//! A browser gets a secret in a cookie when it is sent away. The *state* that comes back with it is signed with that
//! secret, and so are the code's verifier (PKCE) and the nonce of the identity token made of it: nothing is kept on
//! this side, and nothing that was made for one browser works in another.

mod browser_secret;
mod client;
mod cookies;
mod flavor;
mod flow;
mod provider;
mod scopes;
mod state;

pub(crate) use browser_secret::{BrowserSecret, constant_time_eq};
pub(crate) use client::{TokenAuth, TokenClient, Tokens};
pub(crate) use flavor::{Endpoints, Flavor, Refreshing};
pub(crate) use flow::{Answer, Arrival, Departure};
pub(crate) use provider::{OAuth, Setting};
pub(crate) use scopes::{ScopeRules, split as split_scopes};
pub(crate) use state::{Flow, State};
