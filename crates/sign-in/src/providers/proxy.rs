//! Servers that stand before the portal and say in headers who somebody is.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::HeaderMap;
use callboard_model::{Error, ErrorKind, Result};
use serde_json::Value;

use crate::account::Account;
use crate::config::SignInOptions;
use crate::resolvers::Resolvers;

/// A server that stands before the portal.
#[async_trait]
pub(crate) trait Proxy: fmt::Debug + Send + Sync {
    /// Whom it vouches for.
    ///
    /// # Errors
    /// `Unauthenticated`, when it vouches for nobody; `Unavailable`, when that cannot be found out.
    async fn vouched(&self, headers: &HeaderMap) -> Result<Vouched>;
}

/// Somebody whom a proxy vouches for.
#[derive(Debug)]
pub(crate) struct Vouched {
    pub(crate) account: Account,
    /// What Backstage's frontends are told besides.
    pub(crate) provider_info: Value,
}

/// A proxy, and how its accounts become users.
#[derive(Clone, Debug)]
pub(crate) struct Proxied {
    pub(crate) proxy: Arc<dyn Proxy>,
    pub(crate) resolvers: Resolvers,
}

impl Proxied {
    /// One that has at least one resolver.
    ///
    /// # Errors
    /// `Invalid`, as in Backstage, when it has none.
    pub(super) fn new(
        provider: &str,
        proxy: Arc<dyn Proxy>,
        options: &SignInOptions,
    ) -> Result<Self> {
        let resolvers = Resolvers::new(provider, options)?;
        if resolvers.is_empty() {
            let message = format!("`auth.providers.{provider}` has no sign-in resolver");
            return Err(Error::invalid("sign-in-resolver", message)
                .hint("list one under `signIn.resolvers`"));
        }
        Ok(Self { proxy, resolvers })
    }
}

/// The value of a header. Two of them are one too many: who knows which of them the proxy wrote.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(
            unproven(&format!("the header `{name}` came more than once"))
                .hint("the proxy has to remove what browsers send under this name"),
        );
    }
    let text = value
        .to_str()
        .map_err(|_| unproven(&format!("the header `{name}` is no plain text")))?;
    Ok(Some(text.trim()).filter(|text| !text.is_empty()))
}

/// What is said to somebody whom the proxy did not vouch for.
pub(super) fn unproven(message: &str) -> Error {
    Error::new(ErrorKind::Unauthenticated, "proxy", message)
        .hint("open the portal through its proxy")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_counts_when_it_came_once() {
        let mut headers = HeaderMap::new();
        assert_eq!(single(&headers, "x-forwarded-user").unwrap(), None);
        headers.append("x-forwarded-user", " ada ".parse().unwrap());
        assert_eq!(single(&headers, "x-forwarded-user").unwrap(), Some("ada"));
        headers.append("X-Forwarded-User", "eve".parse().unwrap());
        assert!(single(&headers, "x-forwarded-user").is_err());
    }
}
