//! What others may try.

use callboard_identity::SESSION_COOKIE;
use serde_json::json;

use super::issuer::Issuer;
use super::stage::{Stage, oidc};

const FRAME: &str = "/api/auth/oidc/handler/frame";

async fn stage(issuer: &Issuer) -> Stage {
    Stage::new(json!({ "providers": oidc(issuer) })).await
}

#[tokio::test]
async fn what_was_begun_in_one_browser_ends_in_no_other() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let (mut attacker, mut victim) = (stage.browser(), stage.browser());
    let query = stage.there(&mut attacker, &issuer).await;

    // Login CSRF: the victim is made to open the attacker's way back.
    let page = victim.get(&format!("{FRAME}?{query}")).await;
    assert_eq!(page.error(), "Auth response is missing cookie nonce");
    stage.there(&mut victim, &issuer).await;
    let page = victim.get(&format!("{FRAME}?{query}")).await;
    assert_eq!(page.error(), "Invalid nonce");
    assert!(!victim.cookies.contains_key(SESSION_COOKIE));
}

#[tokio::test]
async fn what_came_back_once_does_not_come_back_again() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let mut browser = stage.browser();
    let query = stage.there(&mut browser, &issuer).await;
    let before = browser.cookies.clone();
    browser.get(&format!("{FRAME}?{query}")).await.told();

    assert_eq!(
        browser.get(&format!("{FRAME}?{query}")).await.error(),
        "Auth response is missing cookie nonce"
    );
    // Also not for somebody who kept the cookie: the provider gives tokens for a code once.
    browser.cookies = before;
    let refused = browser.get(&format!("{FRAME}?{query}")).await;
    assert_eq!(
        refused.error(),
        "the provider refuses to give tokens: `invalid_grant`"
    );
}

#[tokio::test]
async fn a_code_of_somebody_else_is_of_no_use() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let (mut attacker, mut victim) = (stage.browser(), stage.browser());
    let stolen = stage.there(&mut victim, &issuer).await;
    let own = stage.there(&mut attacker, &issuer).await;
    let code = stolen.split('&').next().unwrap();
    let state = own.split('&').nth(1).unwrap();

    let page = attacker.get(&format!("{FRAME}?{code}&{state}")).await;

    assert_eq!(
        page.error(),
        "the provider refuses to give tokens: `invalid_grant`"
    );
}

#[tokio::test]
async fn an_answer_of_another_provider_is_refused() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let mut browser = stage.browser();
    let query = stage.there(&mut browser, &issuer).await;

    let page = browser
        .get(&format!("{FRAME}?{query}&iss=https://evil.org"))
        .await;

    assert_eq!(page.error(), "another provider sent this answer");
    let query = stage.there(&mut browser, &issuer).await;
    let page = browser
        .get(&format!("{FRAME}?{query}&iss={}", issuer.url))
        .await;
    assert!(page.told().1["response"].is_object());
}

#[tokio::test]
async fn a_state_that_was_changed_is_refused() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let mut browser = stage.browser();
    let query = stage.there(&mut browser, &issuer).await;
    let addition: String = "&origin=https%3A%2F%2Fx.pages.example.com"
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();

    let page = browser.get(&format!("{FRAME}?{query}{addition}")).await;

    assert_eq!(page.error(), "Invalid nonce");
    for (state, status) in [
        ("", 403),
        ("?state=", 403),
        ("?state=6e6f6e63653d31", 403),
        ("?state=656e763d78266e6f6e63653d31", 404),
    ] {
        assert_eq!(
            browser.get(&format!("{FRAME}{state}")).await.status,
            status,
            "{state}"
        );
    }
}

#[tokio::test]
async fn nobody_is_sent_or_told_anywhere_else() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let mut browser = stage.browser();
    for (query, status, message) in [
        (
            "origin=https://evil.org",
            403,
            "Origin 'https://evil.org' is not allowed",
        ),
        ("origin=null", 400, "App origin is invalid, failed to parse"),
        (
            "origin=javascript:alert(1)",
            403,
            "Origin 'null' is not allowed",
        ),
        (
            "origin=https://pages.example.com.evil.org",
            403,
            "Origin 'https://pages.example.com.evil.org' is not allowed",
        ),
        (
            "flow=redirect",
            400,
            "No redirectUrl provided in request query parameters",
        ),
        (
            "flow=redirect&redirectUrl=/catalog",
            400,
            "Redirect URL is invalid, failed to parse",
        ),
        (
            "flow=redirect&redirectUrl=https://evil.org",
            403,
            "Redirect URL is not an allowed origin",
        ),
        (
            "flow=redirect&redirectUrl=javascript:alert(1)",
            403,
            "Redirect URL is not an allowed origin",
        ),
        (
            "flow=redirect&redirectUrl=http://localhost:7007@evil.org/",
            403,
            "Redirect URL is not an allowed origin",
        ),
        (
            "flow=redirect&redirectUrl=http://evil.org%5C@localhost:7007/",
            403,
            "Redirect URL is not an allowed origin",
        ),
        (
            "flow=redirect&redirectUrl=//evil.org",
            400,
            "Redirect URL is invalid, failed to parse",
        ),
        (
            "env=production",
            404,
            "No configuration available for the 'production' environment of this provider.",
        ),
    ] {
        let page = browser.get(&format!("/api/auth/oidc/start?{query}")).await;
        assert_eq!(
            (page.status, page.error().as_str()),
            (status, message),
            "{query}"
        );
        assert_eq!(page.cookie("oidc-nonce"), None);
    }
    let allowed = browser
        .get("/api/auth/oidc/start?origin=https://x.pages.example.com/a")
        .await;
    let query = issuer.consent(&allowed.location());
    assert_eq!(
        browser.get(&format!("{FRAME}?{query}")).await.told().0,
        "https://x.pages.example.com"
    );
    let made_up: String = "env=development&nonce=1&origin=https://evil.org"
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let page = browser.get(&format!("{FRAME}?state={made_up}")).await;
    assert_eq!(page.told().0, "http://localhost:7007");
    let made_up: String = "env=development&nonce=1&flow=redirect&redirectUrl=https://evil.org"
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let page = browser.get(&format!("{FRAME}?state={made_up}")).await;
    assert_eq!(page.error(), "Redirect URL is not an allowed origin");
}

#[tokio::test]
async fn pages_of_other_sites_neither_refresh_nor_sign_out() {
    let issuer = Issuer::start().await;
    let stage = Stage::new(json!({ "environment": "development", "providers": { "oidc": oidc(&issuer)["oidc"], "guest": {} } })).await;
    let mut browser = stage.browser();
    stage.visit(&mut browser, &issuer).await;
    let session = browser.cookies[SESSION_COOKIE].clone();

    for (method, path) in [
        ("GET", "/api/auth/oidc/refresh"),
        ("POST", "/api/auth/oidc/refresh"),
        ("POST", "/api/auth/oidc/logout"),
        ("GET", "/api/auth/guest/refresh"),
        ("POST", "/api/auth/guest/logout"),
    ] {
        let page = browser.send(method, path, "").await;
        assert_eq!(
            (page.status, page.error().as_str()),
            (401, "Invalid X-Requested-With header"),
            "{method} {path}"
        );
        let mut foreign = stage.browser().with("origin", "https://evil.org");
        foreign.cookies = browser.cookies.clone();
        assert_eq!(
            foreign.ask(method, path).await.status,
            403,
            "{method} {path}"
        );
    }
    assert_eq!(browser.cookies[SESSION_COOKIE], session);
}

#[tokio::test]
async fn who_was_signed_in_before_is_not_any_more() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let mut browser = stage.browser();
    stage.visit(&mut browser, &issuer).await;
    let before = browser.cookies.clone();
    stage.visit(&mut browser, &issuer).await;

    assert_ne!(browser.cookies[SESSION_COOKIE], before[SESSION_COOKIE]);
    let mut former = stage.browser();
    former.cookies = before;
    assert_eq!(
        former.get("/api/auth/v1/sign-in-failures").await.status,
        401
    );
    let mut fixed = stage.browser();
    fixed
        .cookies
        .insert(SESSION_COOKIE.to_owned(), "prepared".to_owned());
    stage.visit(&mut fixed, &issuer).await;
    assert_ne!(fixed.cookies[SESSION_COOKIE], "prepared");
}

#[tokio::test]
async fn a_failure_betrays_nothing_to_whoever_failed_and_everything_to_administrators() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let mut messages = Vec::new();
    for email in ["nobody@example.com", "twins@example.com"] {
        issuer.behave().person["email"] = email.into();
        let told = stage.visit(&mut stage.browser(), &issuer).await;
        let message = told["error"]["message"].as_str().unwrap();
        messages.push(message.split('`').next().unwrap().to_owned());
    }
    assert_eq!(
        messages[0], messages[1],
        "whether there is nobody or several"
    );
    issuer.behave().person["email"] = "ada@example.com".into();
    let mut ada = stage.browser();
    stage.visit(&mut ada, &issuer).await;

    let failures = ada.get("/api/auth/v1/sign-in-failures").await.json();

    let items = failures["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["provider"], "oidc");
    assert_eq!(items[0]["at"], "2026-01-01T00:00:00.000Z");
    assert!(items[0]["requestId"].is_string());
    assert_eq!(
        items[0]["comparisons"],
        json!([{
            "resolver": "emailMatchingUserEntityProfileEmail",
            "compared": "a user of whom `spec.profile.email` is `twins@example.com`", "result": "several",
        }])
    );
    assert_eq!(items[1]["comparisons"][0]["result"], "nobody");
    let text = failures.to_string();
    assert!(
        !text.contains("access") && !text.contains("code-") && !text.contains("refresh"),
        "{text}"
    );
    assert_eq!(
        stage.written.lines(),
        [
            "sign-in denied nobody oidc",
            "sign-in denied nobody oidc",
            "sign-in succeeded user:default/ada oidc",
        ]
    );
}

#[tokio::test]
async fn a_provider_that_refuses_or_is_away_is_named() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer).await;
    let mut browser = stage.browser();
    let query = stage.there(&mut browser, &issuer).await;
    let state = query.split('&').nth(1).unwrap();
    let page = browser
        .get(&format!(
            "{FRAME}?error=login_required&error_description=%3Cb%3E&{state}"
        ))
        .await;
    assert_eq!(page.error(), "Authentication rejected, `<b>`");

    let query = stage.there(&mut browser, &issuer).await;
    issuer.behave().away = true;
    let page = browser.get(&format!("{FRAME}?{query}")).await;
    assert_eq!(page.told().1["error"]["name"], "AuthenticationError");
    let away = Issuer::start().await;
    away.behave().away = true;
    let stage = Stage::new(json!({ "providers": oidc(&away) })).await;
    let page = stage.browser().get("/api/auth/oidc/start").await;
    assert_eq!(page.status, 503, "{}", page.text);
}
