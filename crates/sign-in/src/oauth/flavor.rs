//! In what providers differ.

use std::fmt;

use async_trait::async_trait;
use callboard_model::Result;
use url::Url;

use super::{TokenClient, Tokens};
use crate::account::Account;

/// Where a provider answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoints {
    /// The page that people are sent to.
    pub(crate) authorize: Url,
    /// Where codes become tokens.
    pub(crate) token: Url,
    /// What it calls itself, where it says so.
    pub(crate) issuer: Option<String>,
}

/// What somebody shows who was signed in before.
#[derive(Debug)]
pub(crate) struct Refreshing<'a> {
    /// What their browser kept.
    pub(crate) token: &'a str,
    /// The scopes that they want.
    pub(crate) scope: &'a str,
    /// Whether they were granted before, where that is remembered.
    pub(crate) granted: bool,
}

/// In what a provider differs from others.
#[async_trait]
pub(crate) trait Flavor: fmt::Debug + Send + Sync {
    /// Where it answers.
    ///
    /// # Errors
    /// `Unavailable`, when it has to be asked and does not answer.
    async fn endpoints(&self) -> Result<Endpoints>;

    /// What else its page is told.
    fn parameters(&self, _nonce: &str) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Whose tokens these are; `nonce` is what an identity token has to hold, of a sign-in.
    ///
    /// # Errors
    /// `Unauthenticated`, when they are not good; `Unavailable`, when that cannot be found out.
    async fn account(
        &self,
        client: &TokenClient,
        tokens: &Tokens,
        nonce: Option<&str>,
    ) -> Result<Account>;

    /// Changes what the provider gave before it is kept.
    fn kept(&self, tokens: Tokens) -> Tokens {
        tokens
    }

    /// New tokens for somebody who was signed in before.
    ///
    /// # Errors
    /// `Unauthenticated`, when the provider does not know them any more; `Unavailable`, when it does not answer.
    async fn refresh(&self, client: &TokenClient, shown: &Refreshing<'_>) -> Result<Tokens> {
        let endpoints = self.endpoints().await?;
        client.refresh(&endpoints, shown.token, shown.scope).await
    }

    /// Ends what the provider keeps. Where the browser goes to sign out there too.
    ///
    /// # Errors
    /// `Unavailable`, when the provider does not answer.
    async fn sign_out(&self, _client: &TokenClient, _token: Option<&str>) -> Result<Option<Url>> {
        Ok(None)
    }
}
