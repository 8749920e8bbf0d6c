//! Any provider of OpenID Connect, and what Google and Microsoft have in common with it.

use std::sync::Arc;

use async_trait::async_trait;
use callboard_config::Secret;
use callboard_model::{Clock, Error, Result};
use jsonwebtoken::Algorithm;
use serde_json::Value;
use url::Url;

use super::claims::{profile, text, verified_profile};
use crate::account::Account;
use crate::config::OidcSettings;
use crate::discovery::{Described, Discovery};
use crate::keys::{Claims, Expected, algorithm, algorithms, refused};
use crate::oauth::{
    Endpoints, Flavor, OAuth, ScopeRules, Setting, TokenAuth, TokenClient, Tokens, constant_time_eq,
};

/// Where the tenant belongs, in how Microsoft describes all of them.
const GAP: &str = "{tenantid}";

/// A provider that describes itself and signs who somebody is.
#[derive(Debug)]
pub(super) struct OpenId {
    pub(super) discovery: Discovery,
    pub(super) algorithm: Algorithm,
}

#[derive(Debug)]
struct Oidc {
    open_id: OpenId,
    prompt: String,
    parameters: Vec<(String, String)>,
    logout_redirect_url: Option<Url>,
}

/// The provider `oidc`.
pub(super) fn oidc(setting: &Setting<'_>, settings: &OidcSettings, clock: &Clock) -> Result<OAuth> {
    let place = format!("auth.providers.oidc.{}", setting.environment);
    let auth = match settings.token_endpoint_auth_method.as_deref() {
        None | Some("client_secret_basic") => TokenAuth::Basic,
        Some("client_secret_post") => TokenAuth::Post,
        Some(other) => {
            let message = format!("`{place}.tokenEndpointAuthMethod` is `{other}`");
            return Err(Error::invalid("sign-in-provider", message)
                .hint("write `client_secret_basic` or `client_secret_post`"));
        }
    };
    let named = settings
        .token_signed_response_alg
        .as_deref()
        .unwrap_or("RS256");
    let algorithm = algorithm(named).ok_or_else(|| {
        let message = format!("`{place}.tokenSignedResponseAlg` is `{named}`");
        Error::invalid("sign-in-provider", message).hint(format!("there are {}", algorithms()))
    })?;
    let timeout = settings.timeout.map(|timeout| timeout.get());
    let client = setting.client(auth, &[&settings.metadata_url], timeout)?;
    let flavor = Oidc {
        open_id: OpenId {
            discovery: Discovery::new(
                settings.metadata_url.clone(),
                client.partner.clone(),
                clock.clone(),
            ),
            algorithm,
        },
        prompt: settings.prompt.clone().unwrap_or_else(|| "none".to_owned()),
        parameters: settings
            .start_url_search_params
            .clone()
            .into_iter()
            .collect(),
        logout_redirect_url: settings.logout_redirect_url.clone(),
    };
    let scopes = ScopeRules {
        required: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        persist: true,
        ..ScopeRules::default()
    };
    setting.build(client, scopes, Arc::new(flavor))
}

impl OpenId {
    pub(super) async fn endpoints(&self) -> Result<Endpoints> {
        let described = self.discovery.described().await?;
        Ok(Endpoints {
            authorize: described.metadata.authorization_endpoint.clone(),
            token: described.metadata.token_endpoint.clone(),
            issuer: Some(described.metadata.issuer.clone()).filter(|issuer| !issuer.contains(GAP)),
        })
    }

    /// What the identity token says, once its signature is found good. One is needed at a sign-in.
    pub(super) async fn claims(
        &self,
        client: &TokenClient,
        tokens: &Tokens,
        nonce: Option<&str>,
    ) -> Result<Option<Claims>> {
        let Some(token) = &tokens.id else {
            return match nonce {
                None => Ok(None),
                Some(_) => Err(refused("there is no identity token")),
            };
        };
        let described = self.discovery.described().await?;
        let issuer = issuer(&described, token);
        let expected = Expected {
            algorithm: self.algorithm,
            issuer: &issuer,
            audience: Some(&client.client_id),
        };
        let claims = described.keys.verify(token.expose(), &expected).await?;
        if text(&claims, "sub").is_none() {
            return Err(refused("it is about nobody"));
        }
        if let Some(nonce) = nonce
            && !text(&claims, "nonce").is_some_and(|said| constant_time_eq(&said, nonce))
        {
            return Err(refused("it was made for another sign-in"));
        }
        Ok(Some(claims))
    }

    /// What the provider says about the owner of the access token, who has to be the one of the identity token.
    pub(super) async fn userinfo(
        &self,
        client: &TokenClient,
        tokens: &Tokens,
        claims: Option<&Claims>,
    ) -> Result<Claims> {
        let described = self.discovery.described().await?;
        let Some(url) = &described.metadata.userinfo_endpoint else {
            return claims
                .cloned()
                .ok_or_else(|| refused("nothing says whose it is"));
        };
        let Value::Object(info) = client.get(url, &tokens.access).await? else {
            return Err(refused("nothing says whose it is"));
        };
        let same = |claims: &Claims| text(claims, "sub") == text(&info, "sub");
        if text(&info, "sub").is_some() && claims.is_none_or(same) {
            Ok(info)
        } else {
            Err(refused("the access token is somebody else's"))
        }
    }
}

/// Who has to have issued a token. Microsoft's description for all tenants has a gap where the tenant belongs; whoever
/// writes a tenant there also has to sign with one of the published keys.
fn issuer(described: &Described, token: &Secret) -> String {
    let issuer = &described.metadata.issuer;
    if !issuer.contains(GAP) {
        return issuer.clone();
    }
    let tenant = super::claims::unverified(token.expose()).and_then(|claims| text(&claims, "tid"));
    issuer.replace(GAP, &tenant.unwrap_or_default())
}

#[async_trait]
impl Flavor for Oidc {
    async fn endpoints(&self) -> Result<Endpoints> {
        self.open_id.endpoints().await
    }

    fn parameters(&self, nonce: &str) -> Vec<(String, String)> {
        const OURS: [&str; 9] = [
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "prompt",
        ];
        let free = self
            .parameters
            .iter()
            .filter(|(name, _)| !OURS.contains(&name.as_str()));
        let mut all: Vec<_> = free.cloned().collect();
        all.push(("nonce".to_owned(), nonce.to_owned()));
        if self.prompt != "auto" {
            all.push(("prompt".to_owned(), self.prompt.clone()));
        }
        all
    }

    async fn account(
        &self,
        client: &TokenClient,
        tokens: &Tokens,
        nonce: Option<&str>,
    ) -> Result<Account> {
        let claims = self.open_id.claims(client, tokens, nonce).await?;
        let info = self
            .open_id
            .userinfo(client, tokens, claims.as_ref())
            .await?;
        Ok(Account {
            profile: verified_profile(&info),
            preferred_username: text(&info, "preferred_username"),
            id: text(&info, "sub"),
            ..Account::default()
        })
    }

    async fn sign_out(&self, client: &TokenClient, token: Option<&str>) -> Result<Option<Url>> {
        let described = self.open_id.discovery.described().await?;
        if let (Some(token), Some(url)) = (token, &described.metadata.revocation_endpoint) {
            // Whoever cannot be told of it is all the more to be sent there.
            if let Err(error) = client.revoke(url, token).await {
                tracing::warn!(%error, "somebody signed out, and their refresh token was not ended");
            }
        }
        let (Some(end), Some(back)) = (
            &described.metadata.end_session_endpoint,
            &self.logout_redirect_url,
        ) else {
            return Ok(None);
        };
        let mut url = end.clone();
        url.query_pairs_mut()
            .append_pair("client_id", &client.client_id)
            .append_pair("post_logout_redirect_uri", back.as_str());
        Ok(Some(url))
    }
}

/// The account that an identity token describes, for providers whose own profile is not asked for.
pub(super) fn account_of(claims: &Claims) -> Account {
    Account {
        profile: profile(claims),
        preferred_username: text(claims, "preferred_username"),
        ..Account::default()
    }
}
