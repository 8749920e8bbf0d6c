//! One environment of a provider.

use std::sync::Arc;

use callboard_identity::Urls;
use callboard_model::{Error, Result};
use callboard_source::{Limits, Partner};
use time::Duration;
use url::Url;

use super::cookies::Cookies;
use super::{Flavor, ScopeRules, TokenAuth, TokenClient};
use crate::config::ClientSettings;
use crate::resolvers::Resolvers;

/// How long a provider may take to answer, unless it is told.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);
/// The largest answer.
const LARGEST: usize = 512 * 1024;

/// One environment of a provider.
#[derive(Clone, Debug)]
pub(crate) struct OAuth {
    pub(crate) provider: &'static str,
    pub(crate) environment: String,
    pub(crate) client: TokenClient,
    pub(crate) scopes: ScopeRules,
    pub(crate) cookies: Cookies,
    pub(crate) flavor: Arc<dyn Flavor>,
    pub(crate) resolvers: Resolvers,
}

/// What a provider is made of.
#[derive(Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) provider: &'static str,
    pub(crate) environment: &'a str,
    pub(crate) urls: &'a Urls,
    pub(crate) settings: &'a ClientSettings,
}

impl Setting<'_> {
    /// The client of this environment, which reaches the servers that are `named` wherever they are.
    ///
    /// # Errors
    /// `Invalid`, when what the configuration says cannot be.
    pub(crate) fn client(
        &self,
        auth: TokenAuth,
        named: &[&Url],
        timeout: Option<std::time::Duration>,
    ) -> Result<TokenClient> {
        let place = format!("auth.providers.{}.{}", self.provider, self.environment);
        if self.settings.client_id.is_empty() || self.settings.client_secret.expose().is_empty() {
            let message = format!("`{place}` has an empty `clientId` or `clientSecret`");
            return Err(Error::invalid("sign-in-provider", message)
                .hint("write what the provider gave you"));
        }
        let limits = Limits {
            total: timeout.unwrap_or(TIMEOUT),
            bytes: LARGEST,
            ..Limits::default()
        };
        Ok(TokenClient {
            client_id: self.settings.client_id.clone(),
            client_secret: self.settings.client_secret.clone(),
            callback: self.callback()?,
            auth,
            partner: Partner::new(named.iter().copied(), limits)?,
        })
    }

    /// The provider itself.
    ///
    /// # Errors
    /// `Invalid`, when what the configuration says cannot be.
    pub(crate) fn build(
        &self,
        client: TokenClient,
        mut scopes: ScopeRules,
        flavor: Arc<dyn Flavor>,
    ) -> Result<OAuth> {
        let lasts = self.settings.session_duration.map(|lasts| lasts.as_secs());
        let lasts = lasts.and_then(|seconds| i64::try_from(seconds).ok());
        let lasts = lasts.map_or(Duration::days(1000), Duration::seconds);
        scopes
            .additional
            .extend(self.settings.additional_scopes.members());
        Ok(OAuth {
            provider: self.provider,
            environment: self.environment.to_owned(),
            cookies: Cookies::new(self.provider, &client.callback, self.urls, lasts),
            client,
            scopes,
            flavor,
            resolvers: Resolvers::new(self.provider, &self.settings.sign_in)?,
        })
    }

    fn callback(&self) -> Result<Url> {
        if let Some(url) = &self.settings.callback_url {
            return Ok(url.clone());
        }
        let url = format!("{}/{}/handler/frame", self.urls.auth(), self.provider);
        url.parse().map_err(|error| {
            Error::internal("callback-url", "our own address is none").source(error)
        })
    }
}
