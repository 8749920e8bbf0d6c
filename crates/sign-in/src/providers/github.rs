//! GitHub, which knows neither identity tokens nor, for most apps, tokens that end.

use std::sync::Arc;

use async_trait::async_trait;
use callboard_config::Secret;
use callboard_model::{Error, ErrorKind, Result};
use serde_json::Value;
use url::Url;

use super::{address, member};
use crate::account::{Account, Profile};
use crate::config::GithubSettings;
use crate::oauth::{
    Endpoints, Flavor, OAuth, Refreshing, ScopeRules, Setting, TokenAuth, TokenClient, Tokens,
};

/// What stands before an access token that is kept as a refresh token.
const KEPT: &str = "access-token-v2.";

#[derive(Debug)]
struct Github {
    endpoints: Endpoints,
    profile: Url,
}

/// The provider `github`.
pub(super) fn github(setting: &Setting<'_>, settings: &GithubSettings) -> Result<OAuth> {
    let enterprise = settings.enterprise_instance_url.as_ref();
    let base = enterprise.map_or("https://github.com", |url| url.as_str());
    let api = enterprise.map_or_else(
        || "https://api.github.com/user".to_owned(),
        |url| format!("{}/api/v3/user", url.as_str().trim_end_matches('/')),
    );
    let flavor = Github {
        endpoints: Endpoints {
            authorize: address(base, "login/oauth/authorize")?,
            token: address(base, "login/oauth/access_token")?,
            issuer: None,
        },
        profile: address(&api, "")?,
    };
    let named = [&flavor.endpoints.token, &flavor.profile].map(Clone::clone);
    let named: Vec<&Url> = named.iter().filter(|_| enterprise.is_some()).collect();
    let client = setting.client(TokenAuth::Post, &named, None)?;
    let scopes = ScopeRules {
        required: vec!["read:user".to_owned()],
        persist: true,
        ..ScopeRules::default()
    };
    setting.build(client, scopes, Arc::new(flavor))
}

#[async_trait]
impl Flavor for Github {
    async fn endpoints(&self) -> Result<Endpoints> {
        Ok(self.endpoints.clone())
    }

    async fn account(
        &self,
        client: &TokenClient,
        tokens: &Tokens,
        _: Option<&str>,
    ) -> Result<Account> {
        let user = client.get(&self.profile, &tokens.access).await?;
        let username = member(&user, "login");
        Ok(Account {
            profile: Profile {
                email: member(&user, "email"),
                picture: member(&user, "avatar_url"),
                display_name: member(&user, "name").or_else(|| username.clone()),
            },
            preferred_username: username.clone(),
            username,
            id: user
                .get("node_id")
                .and_then(Value::as_str)
                .map(str::to_owned),
            id_annotation: Some("github.com/user-id".to_owned()),
        })
    }

    /// A token that never ends is all there is to come back with.
    fn kept(&self, mut tokens: Tokens) -> Tokens {
        if tokens.refresh.is_none() && tokens.expires_in_seconds.is_none() {
            tokens.refresh = Some(Secret::from(format!("{KEPT}{}", tokens.access.expose())));
        }
        tokens
    }

    async fn refresh(&self, client: &TokenClient, shown: &Refreshing<'_>) -> Result<Tokens> {
        let Some(access) = shown.token.strip_prefix(KEPT) else {
            return client
                .refresh(&self.endpoints, shown.token, shown.scope)
                .await;
        };
        if !shown.granted {
            let message = "Refresh failed, session has not been granted the requested scope";
            return Err(
                Error::new(ErrorKind::Unauthenticated, "scope-not-granted", message)
                    .hint("sign in again, and allow what is asked for"),
            );
        }
        Ok(Tokens {
            access: Secret::from(access),
            id: None,
            refresh: Some(Secret::from(shown.token)),
            scope: shown.scope.to_owned(),
            expires_in_seconds: None,
        })
    }
}
