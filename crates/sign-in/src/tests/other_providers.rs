//! GitHub, GitLab and servers of OAuth 2, as far as they are not on the internet.

use serde_json::{Value, json};

use super::issuer::{CLIENT, Issuer, SECRET};
use super::stage::Stage;

async fn sign_in(
    stage: &Stage,
    issuer: &Issuer,
    provider: &str,
) -> (super::browser::Browser, Value) {
    let mut browser = stage.browser();
    let page = browser.get(&format!("/api/auth/{provider}/start")).await;
    let query = issuer.consent(&page.location());
    let told = browser
        .get(&format!("/api/auth/{provider}/handler/frame?{query}"))
        .await
        .told()
        .1;
    (browser, told)
}

fn user(told: &Value) -> &str {
    let user = &told["response"]["backstageIdentity"]["identity"]["userEntityRef"];
    user.as_str().unwrap_or_else(|| panic!("{told}"))
}

fn settings(more: Value, resolver: &str) -> Value {
    let mut settings = json!({ "clientId": CLIENT, "clientSecret": SECRET, "signIn": { "resolvers": [{ "resolver": resolver }] } });
    for (name, value) in more.as_object().unwrap() {
        settings[name] = value.clone();
    }
    json!({ "development": settings })
}

#[tokio::test]
async fn github_knows_people_by_their_id_letter_by_letter() {
    let issuer = Issuer::start().await;
    let github = settings(
        json!({ "enterpriseInstanceUrl": issuer.url }),
        "userIdMatchingUserEntityAnnotation",
    );
    let stage = Stage::new(json!({ "providers": { "github": github } })).await;

    let (mut browser, told) = sign_in(&stage, &issuer, "github").await;

    assert_eq!(user(&told), "user:default/ada");
    assert_eq!(told["response"]["providerInfo"]["scope"], "read:user");
    assert_eq!(
        browser.cookies["github-granted-scope"],
        "read:user".replace(':', "%3A")
    );
    let again = browser.ask("GET", "/api/auth/github/refresh").await;
    assert_eq!(again.status, 200, "{}", again.text);
    issuer.behave().person["node_id"] = "u_aDA".into();
    let (_, told) = sign_in(&stage, &issuer, "github").await;
    assert!(told["error"].is_object(), "{told}");
}

#[tokio::test]
async fn gitlab_knows_people_by_their_name() {
    let issuer = Issuer::start().await;
    let gitlab = settings(
        json!({ "audience": issuer.url }),
        "usernameMatchingUserEntityName",
    );
    let stage = Stage::new(json!({ "providers": { "gitlab": gitlab } })).await;

    let (_, told) = sign_in(&stage, &issuer, "gitlab").await;

    assert_eq!(user(&told), "user:default/ada");
    for name in ["ada/../bob", "group:default/crew", "", "a b"] {
        issuer.behave().person["username"] = name.into();
        let (_, told) = sign_in(&stage, &issuer, "gitlab").await;
        assert!(told["error"].is_object(), "{name}");
    }
}

#[tokio::test]
async fn an_identity_token_of_a_plain_server_has_to_be_for_us() {
    let issuer = Issuer::start().await;
    let urls = json!({
        "authorizationUrl": issuer.url.join("authorize").unwrap(), "tokenUrl": issuer.url.join("token").unwrap(),
        "includeBasicAuth": true,
    });
    let stage = Stage::new(
        json!({ "providers": { "oauth2": settings(urls, "emailMatchingUserEntityProfileEmail") } }),
    )
    .await;

    let (_, told) = sign_in(&stage, &issuer, "oauth2").await;

    assert_eq!(user(&told), "user:default/ada");
    for (claim, value) in [
        ("aud", json!("another")),
        ("exp", json!(1)),
        ("email_verified", json!(false)),
    ] {
        issuer.behave().claims = [(claim.to_owned(), value)].into();
        let (_, told) = sign_in(&stage, &issuer, "oauth2").await;
        assert!(told["error"].is_object(), "{claim}: {told}");
    }
}

#[tokio::test]
async fn a_token_of_github_that_never_ends_is_kept_and_asked_about_again() {
    let issuer = Issuer::start().await;
    let github = settings(
        json!({ "enterpriseInstanceUrl": issuer.url }),
        "usernameMatchingUserEntityName",
    );
    let stage = Stage::new(json!({ "providers": { "github": github } })).await;
    let mut browser = stage.browser();
    browser.cookies.insert(
        "github-refresh-token".to_owned(),
        "access-token-v2.kept".to_owned(),
    );

    let refused = browser.ask("GET", "/api/auth/github/refresh").await;
    assert!(
        refused
            .error()
            .contains("session has not been granted the requested scope"),
        "{}",
        refused.text
    );
    browser
        .cookies
        .insert("github-granted-scope".to_owned(), "read:user".to_owned());
    let again = browser.ask("GET", "/api/auth/github/refresh").await;

    assert_eq!(
        again.json()["providerInfo"],
        json!({ "accessToken": "kept", "scope": "read:user" })
    );
}
