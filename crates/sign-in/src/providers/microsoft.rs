//! Microsoft Entra ID.

use std::sync::Arc;

use async_trait::async_trait;
use callboard_model::{Clock, Error, Result};
use jsonwebtoken::Algorithm;
use serde_json::Value;
use url::Url;

use super::claims::text;
use super::oidc::{OpenId, account_of};
use crate::account::{Account, Profile};
use crate::config::MicrosoftSettings;
use crate::discovery::Discovery;
use crate::keys::Claims;
use crate::oauth::{
    Endpoints, Flavor, OAuth, ScopeRules, Setting, TokenAuth, TokenClient, Tokens, split_scopes,
};

/// The annotation of users that holds their id.
const ID_ANNOTATION: &str = "graph.microsoft.com/user-id";
/// The tenants that stand for many.
const MANY: [&str; 3] = ["common", "organizations", "consumers"];
/// Where Microsoft tells who somebody is.
const PROFILE: &str = "https://graph.microsoft.com/v1.0/me";

#[derive(Debug)]
struct Microsoft {
    open_id: OpenId,
    profile: Url,
    /// Whether every account is of one tenant, whose administrators wrote its addresses.
    one_tenant: bool,
    domain_hint: Option<String>,
    skip_profile: bool,
}

/// The provider `microsoft`.
pub(super) fn microsoft(
    setting: &Setting<'_>,
    settings: &MicrosoftSettings,
    clock: &Clock,
) -> Result<OAuth> {
    let tenant = settings.tenant_id.as_str();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-.".contains(character);
    if tenant.is_empty() || !tenant.chars().all(is_plain) {
        let message = format!(
            "`auth.providers.microsoft.{}.tenantId` is `{tenant}`",
            setting.environment
        );
        return Err(Error::invalid("sign-in-provider", message).hint("write the id of the tenant"));
    }
    let url = |text: &str| {
        text.parse::<Url>().map_err(|error| {
            Error::internal("microsoft", "an address of Microsoft is none").source(error)
        })
    };
    let metadata =
        format!("https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration");
    let client = setting.client(TokenAuth::Post, &[], None)?;
    let flavor = Microsoft {
        open_id: OpenId {
            discovery: Discovery::new(url(&metadata)?, client.partner.clone(), clock.clone()),
            algorithm: Algorithm::RS256,
        },
        profile: url(PROFILE)?,
        one_tenant: !MANY.contains(&tenant),
        domain_hint: settings.domain_hint.clone(),
        skip_profile: settings.skip_user_profile,
    };
    let scopes = ScopeRules {
        required: ["email", "openid", "offline_access", "user.read"]
            .map(str::to_owned)
            .to_vec(),
        resource_alone: true,
        ..ScopeRules::default()
    };
    setting.build(client, scopes, Arc::new(flavor))
}

impl Microsoft {
    /// Graph tells more than the identity token; where its scope was not given, the token has to do.
    async fn graph(&self, client: &TokenClient, tokens: &Tokens) -> Result<Option<Claims>> {
        let may_ask = split_scopes(&tokens.scope).iter().any(|scope| {
            let scope = scope.to_lowercase();
            let name = scope
                .strip_prefix("https://graph.microsoft.com/")
                .unwrap_or(&scope);
            matches!(name, "user.read" | "user.read.all")
        });
        if self.skip_profile || !may_ask {
            return Ok(None);
        }
        match client.get(&self.profile, &tokens.access).await? {
            Value::Object(profile) => Ok(Some(profile)),
            _ => Ok(None),
        }
    }
}

/// What is known of somebody: from Graph, and from the identity token. An address is believed when a single tenant
/// vouches for it: the administrators of any other one may write what they like there.
fn account(graph: Option<&Claims>, claims: Option<&Claims>, one_tenant: bool) -> Account {
    let mut account = claims.map(account_of).unwrap_or_default();
    let of_token = claims.and_then(|claims| text(claims, "oid"));
    let of_graph = |name| graph.and_then(|graph| text(graph, name));
    account.id = of_graph("id").or(of_token);
    account.id_annotation = Some(ID_ANNOTATION.to_owned());
    account.profile = Profile {
        email: of_graph("mail")
            .or(account.profile.email)
            .filter(|_| one_tenant),
        display_name: of_graph("displayName").or(account.profile.display_name),
        ..account.profile
    };
    account
}

#[async_trait]
impl Flavor for Microsoft {
    async fn endpoints(&self) -> Result<Endpoints> {
        self.open_id.endpoints().await
    }

    fn parameters(&self, nonce: &str) -> Vec<(String, String)> {
        let mut all = vec![("nonce".to_owned(), nonce.to_owned())];
        let hint = self.domain_hint.clone();
        all.extend(hint.map(|hint| ("domain_hint".to_owned(), hint)));
        all
    }

    async fn account(
        &self,
        client: &TokenClient,
        tokens: &Tokens,
        nonce: Option<&str>,
    ) -> Result<Account> {
        // Asked for with a scope of another resource alone, there is none.
        let needed = nonce.filter(|_| {
            tokens.id.is_some()
                || split_scopes(&tokens.scope)
                    .iter()
                    .any(|scope| scope == "openid")
        });
        let claims = self.open_id.claims(client, tokens, needed).await?;
        let graph = self.graph(client, tokens).await?;
        Ok(account(graph.as_ref(), claims.as_ref(), self.one_tenant))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(json: Value) -> Claims {
        json.as_object().cloned().unwrap()
    }

    #[test]
    fn an_address_is_believed_of_a_single_tenant_alone() {
        let graph = object(json!({ "id": "1", "mail": "ada@example.com", "displayName": "Ada" }));
        let claims = object(json!({ "oid": "1", "email": "eve@example.com", "name": "A" }));

        let one = account(Some(&graph), Some(&claims), true);
        assert_eq!(one.profile.email.as_deref(), Some("ada@example.com"));
        assert_eq!(one.profile.display_name.as_deref(), Some("Ada"));
        assert_eq!(one.id.as_deref(), Some("1"));
        assert_eq!(
            account(Some(&graph), Some(&claims), false).profile.email,
            None
        );
        let token_alone = account(None, Some(&claims), true);
        assert_eq!(
            token_alone.profile.email.as_deref(),
            Some("eve@example.com")
        );
        assert_eq!(account(None, None, true).id, None);
    }
}
