//! GitLab.

use std::sync::Arc;

use async_trait::async_trait;
use callboard_model::Result;
use serde_json::Value;
use url::Url;

use super::{address, member};
use crate::account::{Account, Profile};
use crate::config::GitlabSettings;
use crate::oauth::{Endpoints, Flavor, OAuth, ScopeRules, Setting, TokenAuth, TokenClient, Tokens};

#[derive(Debug)]
struct Gitlab {
    endpoints: Endpoints,
    profile: Url,
}

/// The provider `gitlab`.
pub(super) fn gitlab(setting: &Setting<'_>, settings: &GitlabSettings) -> Result<OAuth> {
    let own = settings.audience.as_ref();
    let base = own.map_or("https://gitlab.com", |url| url.as_str());
    let flavor = Gitlab {
        endpoints: Endpoints {
            authorize: address(base, "oauth/authorize")?,
            token: address(base, "oauth/token")?,
            issuer: None,
        },
        profile: address(base, "api/v4/user")?,
    };
    let named: Vec<&Url> = own.into_iter().collect();
    let client = setting.client(TokenAuth::Post, &named, None)?;
    let scopes = ScopeRules {
        required: vec!["read_user".to_owned()],
        ..ScopeRules::default()
    };
    setting.build(client, scopes, Arc::new(flavor))
}

#[async_trait]
impl Flavor for Gitlab {
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
        Ok(account(&user))
    }
}

/// A server may let people in who have not confirmed their address yet.
fn account(user: &Value) -> Account {
    let is_unconfirmed = user.get("confirmed_at").is_some_and(Value::is_null);
    let username = member(user, "username");
    let page = member(user, "web_url").and_then(|url| url.parse::<Url>().ok());
    let host = page.as_ref().and_then(Url::host_str);
    Account {
        profile: Profile {
            email: member(user, "email").filter(|_| !is_unconfirmed),
            picture: member(user, "avatar_url"),
            display_name: member(user, "name").or_else(|| username.clone()),
        },
        username,
        preferred_username: None,
        id: member(user, "id"),
        id_annotation: host.map(|host| format!("{host}/user-id")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_annotation_is_that_of_the_server_and_the_address_has_to_be_confirmed() {
        let user = json!({ "id": 7, "username": "ada", "name": "Ada", "email": "ada@example.com", "web_url": "https://git.example.com/ada" });

        let known = account(&user);

        assert_eq!(
            known.id_annotation.as_deref(),
            Some("git.example.com/user-id")
        );
        assert_eq!(known.id.as_deref(), Some("7"));
        assert_eq!(known.profile.email.as_deref(), Some("ada@example.com"));
        let mut new = user;
        new["confirmed_at"] = Value::Null;
        assert_eq!(account(&new).profile.email, None);
    }
}
