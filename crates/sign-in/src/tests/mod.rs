//! Signing in, from outside: a portal, a provider on a socket, and browsers that keep their cookies.

mod attacks;
mod browser;
mod flows;
mod forged;
mod issuer;
mod limits;
mod other_providers;
mod proxies;
mod settings;
mod stage;

pub(crate) use stage::Town;
