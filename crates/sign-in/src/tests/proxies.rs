//! Proxies, which say in headers who somebody is, and guests.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use callboard_model::Clock;
use serde_json::{Value, json};

use super::issuer::{Issuer, Key};
use super::stage::{START, Stage};
use crate::providers::testing::{Proxy, alb, iap};

const REFRESH: &str = "/api/auth/oauth2Proxy/refresh";

#[tokio::test]
async fn a_proxy_is_believed_only_where_it_is_configured_and_only_once() {
    let proxy = json!({ "signIn": { "resolvers": [{ "resolver": "forwardedUserMatchingUserEntityName" }] } });
    let stage = Stage::new(json!({ "providers": { "oauth2Proxy": proxy } })).await;
    let ask = async |headers: &[(&str, &str)]| {
        let browser = headers
            .iter()
            .fold(stage.browser(), |browser, (name, value)| {
                browser.with(name, value)
            });
        { browser }.ask("GET", REFRESH).await
    };

    let page = ask(&[
        ("x-forwarded-user", "ada"),
        ("x-forwarded-email", "ada@example.com"),
    ])
    .await;
    assert_eq!(page.status, 200, "{}", page.text);
    let json = page.json();
    assert_eq!(
        json["backstageIdentity"]["identity"]["userEntityRef"],
        "user:default/ada"
    );
    assert_eq!(
        json["profile"],
        json!({ "email": "ada@example.com", "displayName": "ada" })
    );
    for smuggled in [
        &[("x-forwarded-user", "ada"), ("x-forwarded-user", "bob")][..],
        &[("x-forwarded-user", "ada"), ("X-Forwarded-User", "ada")],
        &[("x-forwarded-user", "ada,bob")],
        &[("x_forwarded_user", "ada")],
        &[("x-forwarded-email", "ada@example.com")],
        &[("x-forwarded-user", "eve")],
        &[],
    ] {
        assert_eq!(ask(smuggled).await.status, 401, "{smuggled:?}");
    }
    let stage =
        Stage::new(json!({ "environment": "development", "providers": { "guest": {} } })).await;
    let page = stage
        .browser()
        .with("x-forwarded-user", "ada")
        .ask("GET", REFRESH)
        .await;
    assert_eq!(
        (page.status, page.error().as_str()),
        (404, "No auth provider registered for 'oauth2Proxy'")
    );
    assert_eq!(
        stage.browser().get("/api/auth/guest/start").await.status,
        404
    );
}

#[tokio::test]
async fn guests_come_in_where_it_is_development_and_nowhere_else() {
    let guest = |environment: Value, settings: Value| {
        let auth = json!({ "environment": environment, "providers": { "guest": settings } });
        async move {
            let stage = Stage::new(auth).await;
            stage.browser().ask("GET", "/api/auth/guest/refresh").await
        }
    };
    let user = |page: super::browser::Page| page.json()["backstageIdentity"]["identity"].clone();

    let page = guest(json!("development"), json!({})).await;
    assert_eq!(
        user(page),
        json!({
            "type": "user", "userEntityRef": "user:development/guest", "ownershipEntityRefs": ["user:development/guest"],
        })
    );
    for environment in [json!("production"), json!(null)] {
        assert_eq!(guest(environment, json!({})).await.status, 403);
    }
    let settings =
        json!({ "dangerouslyAllowOutsideDevelopment": true, "userEntityRef": "user:default/ada" });
    let page = guest(json!("production"), settings).await;
    assert_eq!(
        user(page)["ownershipEntityRefs"],
        json!(["user:default/ada", "group:default/crew"])
    );
    let settings =
        json!({ "userEntityRef": "visitor", "ownershipEntityRefs": ["group:default/visitors"] });
    let page = guest(json!("development"), settings).await;
    assert_eq!(
        user(page)["ownershipEntityRefs"],
        json!(["group:default/visitors"])
    );
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
}

async fn outcome(proxy: &dyn Proxy, headers: &HeaderMap) -> String {
    match proxy.vouched(headers).await {
        Ok(vouched) => vouched.account.profile.email.unwrap(),
        Err(error) => error
            .message()
            .replace("the provider's token is not good: ", ""),
    }
}

#[tokio::test]
async fn googles_proxy_signs_whom_it_lets_through() {
    let issuer = Issuer::start().await;
    let proxy = iap(issuer.url.join("jwks").unwrap(), &Clock::manual(START));
    let now = START / 1000;
    let claims = json!({
        "iss": "https://cloud.google.com/iap", "aud": "/projects/1/apps/a", "sub": "accounts.google.com:42",
        "email": "ada@example.com", "iat": now, "exp": now + 600,
    });
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        claims
    };
    let header = "x-goog-iap-jwt-assertion";

    for (claims, expected) in [
        (claims.clone(), "ada@example.com"),
        (
            with("aud", json!("/projects/2/apps/a")),
            "it is for somebody else",
        ),
        (
            with("iss", json!("https://evil.org")),
            "somebody else issued it",
        ),
        (with("exp", json!(now - 60)), "it is over, or never is"),
        (with("email", json!(null)), "it has no address"),
    ] {
        let token = issuer.key.sign(&claims);
        assert_eq!(
            outcome(&proxy, &headers(&[(header, &token)])).await,
            expected
        );
    }
    let forged = Key::new().sign(&claims);
    assert_eq!(
        outcome(&proxy, &headers(&[(header, &forged)])).await,
        "its signature is wrong"
    );
    assert_eq!(
        outcome(&proxy, &headers(&[])).await,
        "Missing Google IAP header"
    );
    let vouched = proxy
        .vouched(&headers(&[(header, &issuer.key.sign(&claims))]))
        .await
        .unwrap();
    assert_eq!(vouched.account.id.as_deref(), Some("42"));
}

/// A token as the balancer makes it, with padding.
fn padded(key: &Key, header: &Value, claims: &Value) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE.encode(header.to_string()),
        URL_SAFE.encode(claims.to_string())
    );
    let signature = key
        .pair
        .sign(&aws_lc_rs::rand::SystemRandom::new(), signed.as_bytes())
        .unwrap();
    format!("{signed}.{}", URL_SAFE.encode(signature.as_ref()))
}

#[tokio::test]
async fn amazons_balancer_signs_whom_it_lets_through() {
    let issuer = Issuer::start().await;
    let clock = Clock::manual(START);
    let proxy = alb(issuer.url.join("keys/").unwrap(), &clock);
    let now = START / 1000;
    let header = json!({ "alg": "ES256", "kid": "one", "signer": "arn:balancer" });
    let claims = json!({ "iss": "https://id.example.com", "sub": "1", "email": "ada@example.com", "exp": now + 120 });
    let change = |json: &Value, name: &str, value: Value| {
        let mut json = json.clone();
        json[name] = value;
        json
    };
    let ask = async |token: &str| {
        clock.advance(std::time::Duration::from_secs(2));
        outcome(
            &proxy,
            &headers(&[
                ("x-amzn-oidc-data", token),
                ("x-amzn-oidc-accesstoken", "a"),
            ]),
        )
        .await
    };

    assert_eq!(
        ask(&padded(&issuer.key, &header, &claims)).await,
        "ada@example.com"
    );
    for (header, claims, expected) in [
        (
            change(&header, "signer", json!("arn:other")),
            claims.clone(),
            "another balancer signed it",
        ),
        (
            change(&header, "alg", json!("none")),
            claims.clone(),
            "it is signed in a way that is not the balancer's",
        ),
        (
            change(&header, "alg", json!("HS256")),
            claims.clone(),
            "it is signed in a way that is not the balancer's",
        ),
        (
            change(&header, "kid", json!("../jwks")),
            claims.clone(),
            "it names no key",
        ),
        (
            change(&header, "kid", json!("two")),
            claims.clone(),
            "it is signed with a key that nobody published",
        ),
        (
            header.clone(),
            change(&claims, "iss", json!("https://evil.org")),
            "somebody else issued it",
        ),
        (
            header.clone(),
            change(&claims, "exp", json!(now - 60)),
            "it is over, or never is",
        ),
        (
            header.clone(),
            change(&claims, "email", json!(null)),
            "it has no address",
        ),
    ] {
        assert_eq!(ask(&padded(&issuer.key, &header, &claims)).await, expected);
    }
    assert_eq!(
        ask(&padded(&Key::new(), &header, &claims)).await,
        "its signature is wrong"
    );
    assert_eq!(ask("a.b").await, "it is no signed token");
    let alone = padded(&issuer.key, &header, &claims);
    let missing = outcome(&proxy, &headers(&[("x-amzn-oidc-data", &alone)])).await;
    assert_eq!(missing, "Missing ALB OIDC header: x-amzn-oidc-accesstoken");
}
