//! Google.

use std::sync::Arc;

use async_trait::async_trait;
use callboard_model::{Clock, Error, Result};
use jsonwebtoken::Algorithm;
use url::Url;

use super::claims::{text, verified_profile};
use super::oidc::OpenId;
use crate::account::Account;
use crate::discovery::Discovery;
use crate::oauth::{Endpoints, Flavor, OAuth, ScopeRules, Setting, TokenAuth, TokenClient, Tokens};

/// Where Google describes itself.
const METADATA: &str = "https://accounts.google.com/.well-known/openid-configuration";

#[derive(Debug)]
struct Google(OpenId);

/// The provider `google`.
pub(super) fn google(setting: &Setting<'_>, clock: &Clock) -> Result<OAuth> {
    let url: Url = METADATA
        .parse()
        .map_err(|error| Error::internal("google", "an address of Google is none").source(error))?;
    let client = setting.client(TokenAuth::Post, &[], None)?;
    let flavor = Google(OpenId {
        discovery: Discovery::new(url, client.partner.clone(), clock.clone()),
        algorithm: Algorithm::RS256,
    });
    let required = [
        "openid",
        "https://www.googleapis.com/auth/userinfo.email",
        "https://www.googleapis.com/auth/userinfo.profile",
    ];
    let scopes = ScopeRules {
        required: required.map(str::to_owned).to_vec(),
        ..ScopeRules::default()
    };
    setting.build(client, scopes, Arc::new(flavor))
}

#[async_trait]
impl Flavor for Google {
    async fn endpoints(&self) -> Result<Endpoints> {
        self.0.endpoints().await
    }

    fn parameters(&self, nonce: &str) -> Vec<(String, String)> {
        let all = [
            ("access_type", "offline"),
            ("prompt", "consent"),
            ("include_granted_scopes", "true"),
            ("nonce", nonce),
        ];
        all.map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    }

    async fn account(
        &self,
        client: &TokenClient,
        tokens: &Tokens,
        nonce: Option<&str>,
    ) -> Result<Account> {
        let claims = self.0.claims(client, tokens, nonce).await?;
        let info = self.0.userinfo(client, tokens, claims.as_ref()).await?;
        Ok(Account {
            profile: verified_profile(&info),
            id: text(&info, "sub"),
            ..Account::default()
        })
    }

    async fn sign_out(&self, client: &TokenClient, token: Option<&str>) -> Result<Option<Url>> {
        let described = self.0.discovery.described().await?;
        if let (Some(token), Some(url)) = (token, &described.metadata.revocation_endpoint) {
            client.revoke(url, token).await?;
        }
        Ok(None)
    }
}
