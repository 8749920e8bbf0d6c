//! There and back.

use axum_extra::extract::CookieJar;
use callboard_model::{Error, ErrorKind, Result, shortened};
use url::Url;

use super::client::Asked;
use super::scopes::{has_been_granted, split};
use super::{BrowserSecret, Flow, OAuth, Refreshing, State, Tokens};
use crate::account::Account;

/// What somebody wants who is about to be sent to a provider.
#[derive(Debug, Default)]
pub(crate) struct Departure {
    pub(crate) scope: String,
    pub(crate) origin: Option<String>,
    pub(crate) redirect_url: Option<String>,
    pub(crate) flow: Flow,
}

/// What somebody brings who comes back.
#[derive(Debug, Default)]
pub(crate) struct Arrival {
    pub(crate) code: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) error_description: Option<String>,
    /// Who says that they sent them (RFC 9207).
    pub(crate) issuer: Option<String>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) account: Account,
    pub(crate) tokens: Tokens,
    /// The scopes that were granted.
    pub(crate) scope: String,
}

impl OAuth {
    /// Sends somebody to the provider.
    ///
    /// # Errors
    /// `Unavailable`, when the provider has to be asked where and does not answer.
    pub(crate) async fn depart(
        &self,
        jar: CookieJar,
        departure: Departure,
    ) -> Result<(CookieJar, Url)> {
        let secret = BrowserSecret::new()?;
        let granted = self.granted(&jar);
        let scope = self.scopes.ask(&departure.scope, &granted);
        let origin = departure.origin.clone();
        let state = State {
            environment: self.environment.clone(),
            origin: departure.origin,
            redirect_url: departure.redirect_url,
            flow: departure.flow,
            scope: self.scopes.persist.then(|| scope.clone()),
            ..State::default()
        };
        let asked = Asked {
            scope: &scope,
            state: state.sealed(&secret).encode(),
            verifier: secret.verifier(),
            parameters: self.flavor.parameters(&secret.nonce()),
        };
        let url = self
            .client
            .authorize(&self.flavor.endpoints().await?, &asked);
        Ok((
            self.cookies.keep_secret(jar, &secret, origin.as_deref()),
            url,
        ))
    }

    /// Lets somebody in again who was at the provider. The checks of the state come first.
    ///
    /// # Errors
    /// `Forbidden`, in Backstage's words, when another browser was sent away; `Unauthenticated`, when the provider
    /// refused; `Unavailable`, when it does not answer.
    pub(crate) async fn arrive(
        &self,
        jar: &CookieJar,
        state: &State,
        arrival: Arrival,
    ) -> Result<Answer> {
        let refused = |code, message: &str| {
            Error::new(ErrorKind::Forbidden, code, message).hint("sign in again")
        };
        let secret = self.cookies.secret(jar);
        let secret = secret
            .ok_or_else(|| refused("missing-nonce", "Auth response is missing cookie nonce"))?;
        if !state.is_of(&secret) {
            return Err(refused("invalid-nonce", "Invalid nonce"));
        }
        let endpoints = self.flavor.endpoints().await?;
        if let (Some(said), Some(issuer)) = (&arrival.issuer, &endpoints.issuer)
            && said != issuer
        {
            return Err(refused(
                "invalid-issuer",
                "another provider sent this answer",
            ));
        }
        if let Some(error) = &arrival.error {
            return Err(rejected(error, arrival.error_description.as_deref()));
        }
        let code = arrival.code.filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| refused("missing-code", "the provider sent no code"))?;
        let tokens = self
            .client
            .exchange(&endpoints, code, secret.verifier())
            .await?;
        let nonce = secret.nonce();
        let account = self
            .flavor
            .account(&self.client, &tokens, Some(&nonce))
            .await?;
        let scope = match &state.scope {
            Some(scope) if self.scopes.persist => scope.clone(),
            _ => tokens.scope.clone(),
        };
        Ok(Answer {
            account,
            tokens: self.flavor.kept(tokens),
            scope,
        })
    }

    /// New tokens for somebody who was signed in before.
    ///
    /// # Errors
    /// `Unauthenticated`, when the provider does not know them any more; `Unavailable`, when it does not answer.
    pub(crate) async fn renew(
        &self,
        jar: &CookieJar,
        token: &str,
        requested: &str,
    ) -> Result<Answer> {
        let granted = self.granted(jar);
        let scope = self.scopes.ask(requested, &granted);
        let shown = Refreshing {
            token,
            scope: &scope,
            granted: has_been_granted(&granted, &scope),
        };
        let tokens = self.flavor.refresh(&self.client, &shown).await?;
        let account = self.flavor.account(&self.client, &tokens, None).await?;
        let scope = if self.scopes.persist {
            scope
        } else {
            split(&tokens.scope).join(" ")
        };
        Ok(Answer {
            account,
            tokens: self.flavor.kept(tokens),
            scope,
        })
    }

    fn granted(&self, jar: &CookieJar) -> String {
        if self.scopes.persist {
            self.cookies.granted_scope(jar)
        } else {
            String::new()
        }
    }
}

/// What the provider says when it lets nobody in. The text comes through the browser, so it may be anybody's.
fn rejected(error: &str, description: Option<&str>) -> Error {
    let said = description.unwrap_or(error);
    let message = format!("Authentication rejected, `{}`", shortened(said, 300));
    let hint = match error {
        "login_required" | "interaction_required" | "consent_required" => {
            "set `prompt: auto` for this provider, so that it may ask people to sign in"
        }
        _ => "sign in again",
    };
    Error::new(ErrorKind::Unauthenticated, "provider-rejected", message).hint(hint)
}
