//! The providers that people sign in at.
//!
//! Most are of the same protocol and differ in a [`crate::oauth::Flavor`]; others stand before the portal and say in
//! headers who somebody is ([`proxy::Proxy`]).

mod aws_alb;
mod claims;
mod gcp_iap;
mod github;
mod gitlab;
mod google;
mod guest;
mod list;
mod microsoft;
mod oauth2;
mod oauth2_proxy;
mod oidc;
mod proxy;
#[cfg(test)]
pub(crate) mod testing;

use callboard_model::{Error, Result};
use serde_json::Value;
use url::Url;

pub(crate) use guest::Guest;
pub(crate) use list::{Kind, Provider, Providers};
pub(crate) use proxy::Proxied;

/// An address below another.
fn address(base: &str, path: &str) -> Result<Url> {
    let text = format!("{}/{path}", base.trim_end_matches('/'));
    let text = text.trim_end_matches('/');
    text.parse().map_err(|error| {
        let message = format!("`{text}` is no address");
        Error::invalid("sign-in-provider", message).source(error)
    })
}

/// A member of what an API told that is a text or a number.
fn member(json: &Value, name: &str) -> Option<String> {
    match json.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
