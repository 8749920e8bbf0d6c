//! Any server of OAuth 2. Who somebody is, its identity token says, if there is one.

use std::sync::Arc;

use async_trait::async_trait;
use callboard_model::{Clock, Result};
use serde_json::Value;

use super::claims::{profile, text, unverified};
use crate::account::Account;
use crate::config::OAuth2Settings;
use crate::keys::{Claims, refused};
use crate::oauth::{Endpoints, Flavor, OAuth, ScopeRules, Setting, TokenAuth, TokenClient, Tokens};

#[derive(Debug)]
struct OAuth2 {
    endpoints: Endpoints,
    clock: Clock,
}

/// The provider `oauth2`.
pub(super) fn oauth2(
    setting: &Setting<'_>,
    settings: &OAuth2Settings,
    clock: &Clock,
) -> Result<OAuth> {
    let auth = if settings.include_basic_auth {
        TokenAuth::Basic
    } else {
        TokenAuth::Post
    };
    let client = setting.client(auth, &[&settings.token_url], None)?;
    let flavor = OAuth2 {
        endpoints: Endpoints {
            authorize: settings.authorization_url.clone(),
            token: settings.token_url.clone(),
            issuer: None,
        },
        clock: clock.clone(),
    };
    setting.build(client, ScopeRules::default(), Arc::new(flavor))
}

#[async_trait]
impl Flavor for OAuth2 {
    async fn endpoints(&self) -> Result<Endpoints> {
        Ok(self.endpoints.clone())
    }

    /// The server that gave the token was asked by its own name over TLS, which is what vouches for the token here
    /// (OpenID Connect Core 3.1.3.7, 6): nobody told where the keys are.
    async fn account(
        &self,
        client: &TokenClient,
        tokens: &Tokens,
        _: Option<&str>,
    ) -> Result<Account> {
        let Some(token) = &tokens.id else {
            return Ok(Account::default());
        };
        let claims = unverified(token.expose()).ok_or_else(|| refused("it cannot be read"))?;
        check(&claims, &client.client_id, self.clock.unix_millis() / 1000)?;
        let preferred_username = text(&claims, "preferred_username");
        Ok(Account {
            profile: profile(&claims),
            username: preferred_username.clone(),
            preferred_username,
            id: text(&claims, "sub"),
            id_annotation: None,
        })
    }
}

fn check(claims: &Claims, client_id: &str, now: u64) -> Result<()> {
    let is_ours = match claims.get("aud") {
        Some(Value::String(one)) => one == client_id,
        Some(Value::Array(many)) => many.iter().any(|one| one == client_id),
        _ => false,
    };
    if !is_ours {
        return Err(refused("it is for somebody else"));
    }
    match claims.get("exp").and_then(Value::as_u64) {
        Some(end) if now < end => Ok(()),
        _ => Err(refused("it is over, or never is")),
    }
}
