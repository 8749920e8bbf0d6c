//! What a provider of OpenID Connect says about itself.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, Method};
use callboard_model::{Clock, Error, Result};
use callboard_source::Partner;
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use crate::keys::PublishedKeys;

/// How long a description counts until it is read again.
const COUNT: u64 = 60 * 60_000;
/// The shortest time between two readings that fail.
const BETWEEN_LOOKS: u64 = 5_000;
/// Where a description is found below the address of an issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// A provider that describes itself.
pub(crate) struct Discovery {
    url: Url,
    partner: Partner,
    clock: Clock,
    read: Mutex<Read>,
}

#[derive(Default)]
struct Read {
    described: Option<Arc<Described>>,
    looked_at: Option<u64>,
}

/// A provider, as it describes itself.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) metadata: Metadata,
    pub(crate) keys: PublishedKeys,
}

/// The part of the description that counts here.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) jwks_uri: Url,
    pub(crate) userinfo_endpoint: Option<Url>,
    pub(crate) revocation_endpoint: Option<Url>,
    pub(crate) end_session_endpoint: Option<Url>,
}

impl Discovery {
    pub(crate) fn new(mut url: Url, partner: Partner, clock: Clock) -> Self {
        if !url.path().contains("/.well-known/") {
            let path = format!("{}{WELL_KNOWN}", url.path().trim_end_matches('/'));
            url.set_path(&path);
        }
        Self {
            url,
            partner,
            clock,
            read: Mutex::default(),
        }
    }

    /// The provider; as it described itself last, while it does not answer.
    ///
    /// # Errors
    /// `Unavailable`, when it never did.
    pub(crate) async fn described(&self) -> Result<Arc<Described>> {
        let now = self.clock.unix_millis();
        let mut read = self.read.lock().await;
        let since = read.looked_at.map(|at| now.saturating_sub(at));
        if let Some(described) = &read.described
            && since.is_some_and(|since| since < COUNT)
        {
            return Ok(Arc::clone(described));
        }
        if read.described.is_none() && since.is_some_and(|since| since < BETWEEN_LOOKS) {
            return Err(self.away());
        }
        read.looked_at = Some(now);
        match self.fetch().await {
            Ok(metadata) => {
                let described = Arc::new(self.describe(metadata, read.described.take()));
                read.described = Some(Arc::clone(&described));
                Ok(described)
            }
            Err(error) => match &read.described {
                None => Err(error),
                Some(described) => {
                    tracing::warn!(url = %self.url, %error, "a provider does not describe itself; what it said last counts");
                    Ok(Arc::clone(described))
                }
            },
        }
    }

    /// Keys that were read already stay, unless they moved.
    fn describe(&self, metadata: Metadata, former: Option<Arc<Described>>) -> Described {
        let former = former.and_then(Arc::into_inner);
        let former = former.filter(|former| *former.keys.url() == metadata.jwks_uri);
        let keys = former.map(|former| former.keys);
        let partner = || self.partner.clone();
        Described {
            keys: keys.unwrap_or_else(|| {
                PublishedKeys::new(metadata.jwks_uri.clone(), partner(), self.clock.clone())
            }),
            metadata,
        }
    }

    async fn fetch(&self) -> Result<Metadata> {
        let reply = self
            .partner
            .send(Method::GET, &self.url, HeaderMap::new(), Vec::new())
            .await?;
        if !reply.status.is_success() {
            return Err(self.away());
        }
        serde_json::from_slice(&reply.body).map_err(|error| {
            let message = format!(
                "`{}` does not describe a provider of OpenID Connect",
                self.url
            );
            Error::unavailable("oidc-discovery", message).source(error)
        })
    }

    fn away(&self) -> Error {
        let message = format!("the provider does not describe itself at `{}`", self.url);
        Error::unavailable("oidc-discovery", message)
            .hint("check `metadataUrl`, and whether the provider is up")
    }
}

impl fmt::Debug for Discovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Discovery({})", self.url)
    }
}
