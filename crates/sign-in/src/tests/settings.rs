//! What the configuration says.

use callboard_model::{Clock, Error};
use serde_json::{Value, json};

use super::issuer::{CLIENT, Issuer, SECRET};
use super::stage::{PORTAL, START, Stage, oidc};
use crate::SignInSettings;
use crate::providers::Providers;

fn read(auth: Value) -> Result<Providers, Error> {
    let settings: SignInSettings = serde_json::from_value(auth).unwrap();
    let base = || PORTAL.parse().unwrap();
    let urls = callboard_identity::Urls::new(base(), base(), &[]).unwrap();
    Providers::new(&settings, &urls, &Clock::manual(START))
}

fn client(more: Value) -> Value {
    let mut client = json!({ "clientId": "a", "clientSecret": "b" });
    for (name, value) in more.as_object().unwrap() {
        client[name] = value.clone();
    }
    client
}

#[test]
fn what_cannot_be_is_said_at_the_start() {
    let resolvers = |name: &str| json!({ "signIn": { "resolvers": [{ "resolver": name }] } });
    let alb = |region: &str| json!({ "issuer": "i", "region": region, "signIn": resolvers("emailMatchingUserEntityProfileEmail")["signIn"] });
    let domains = json!({ "signIn": { "resolvers": [{ "resolver": "usernameMatchingUserEntityName", "allowedDomains": [] }] } });
    for (providers, message) in [
        (
            json!({ "github": { "production": client(resolvers("emailMatching")) } }),
            "`auth.providers.github` names the sign-in resolver `emailMatching`, which does not exist",
        ),
        (
            json!({ "gitlab": { "production": client(domains) } }),
            "`auth.providers.gitlab`: the resolver `usernameMatchingUserEntityName` has no option `allowedDomains`",
        ),
        (
            json!({ "oauth2Proxy": {} }),
            "`auth.providers.oauth2Proxy` has no sign-in resolver",
        ),
        (
            json!({ "awsalb": alb("evil.org/") }),
            "`auth.providers.awsalb.region` is `evil.org/`",
        ),
        (
            json!({ "microsoft": { "production": client(json!({ "tenantId": "a/../b" })) } }),
            "`auth.providers.microsoft.production.tenantId` is `a/../b`",
        ),
        (
            json!({ "oidc": { "production": client(json!({ "metadataUrl": "https://a.org", "tokenSignedResponseAlg": "HS256" })) } }),
            "`auth.providers.oidc.production.tokenSignedResponseAlg` is `HS256`",
        ),
        (
            json!({ "oidc": { "production": client(json!({ "metadataUrl": "https://a.org", "tokenEndpointAuthMethod": "none" })) } }),
            "`auth.providers.oidc.production.tokenEndpointAuthMethod` is `none`",
        ),
        (
            json!({ "google": { "production": { "clientId": "", "clientSecret": "" } } }),
            "`auth.providers.google.production` has an empty `clientId` or `clientSecret`",
        ),
        (
            json!({ "guest": { "userEntityRef": ":" } }),
            "`auth.providers.guest` names `:`, which is no entity reference",
        ),
    ] {
        assert_eq!(
            read(json!({ "providers": providers }))
                .unwrap_err()
                .message(),
            message
        );
    }
}

#[test]
fn an_unknown_resolver_is_answered_with_those_that_the_provider_has() {
    let error = read(
        json!({ "providers": { "google": { "x": client(json!({ "signIn": { "resolvers": [{ "resolver": "y" }] } })) } } }),
    );

    assert_eq!(
        error.unwrap_err().hint_text(),
        Some(
            "the resolvers of `google` are `emailMatchingUserEntityProfileEmail`, `emailLocalPartMatchingUserEntityName`, `emailMatchingUserEntityAnnotation`"
        )
    );
}

#[tokio::test]
async fn each_environment_is_its_own_and_one_counts_when_none_is_named() {
    let issuer = Issuer::start().await;
    let mut providers = oidc(&issuer);
    let mut production = providers["oidc"]["development"].clone();
    production["clientId"] = "other".into();
    providers["oidc"]["production"] = production;
    let stage = Stage::new(json!({ "environment": "production", "providers": providers })).await;
    let mut browser = stage.browser();
    let mut asked = async |query: &str| {
        let url = browser
            .get(&format!("/api/auth/oidc/start{query}"))
            .await
            .location();
        url.query_pairs()
            .find(|(key, _)| key == "client_id")
            .unwrap()
            .1
            .into_owned()
    };

    assert_eq!(asked("?env=development").await, CLIENT);
    assert_eq!(asked("?env=production").await, "other");
    assert_eq!(asked("").await, "other");
}

#[tokio::test]
async fn what_is_offered_is_in_order_and_of_the_environment() {
    let one = |name: &str| json!({ "clientId": "a", "clientSecret": SECRET, "signIn": { "resolvers": [{ "resolver": name }] } });
    let mut guest = json!({ "environment": "production", "providers": {
        "guest": {},
        "github": { "production": one("usernameMatchingUserEntityName") },
        "gitlab": { "development": one("usernameMatchingUserEntityName") },
        "oauth2Proxy": { "signIn": { "resolvers": [{ "resolver": "forwardedUserMatchingUserEntityName" }] } },
        "google": { "production": { "clientId": "a", "clientSecret": SECRET } },
    } });
    let stage = Stage::new(guest.clone()).await;
    let list = stage.browser().get("/api/auth/v1/providers").await.json();
    assert_eq!(
        list,
        json!({ "providers": [
        { "id": "github", "title": "GitHub", "kind": "popup", "environment": "production" },
        { "id": "oauth2Proxy", "title": "OAuth2 Proxy", "kind": "proxy", "environment": "production" },
    ] })
    );

    guest["providers"]["guest"]["dangerouslyAllowOutsideDevelopment"] = true.into();
    let stage = Stage::new(guest).await;
    let list = stage.browser().get("/api/auth/v1/providers").await.json();
    assert_eq!(
        list["providers"][0],
        json!({ "id": "guest", "title": "Guest", "kind": "guest", "environment": "production" })
    );
}
