//! There and back, as it should be.

use callboard_identity::SESSION_COOKIE;
use serde_json::json;

use super::issuer::Issuer;
use super::stage::{PORTAL, Stage, oidc};

#[tokio::test]
async fn somebody_signs_in_and_gets_a_token_a_session_and_what_the_provider_gave() {
    let issuer = Issuer::start().await;
    let stage = Stage::new(json!({ "providers": oidc(&issuer) })).await;
    let mut browser = stage.browser();
    let query = stage.there(&mut browser, &issuer).await;

    let page = browser
        .get(&format!("/api/auth/oidc/handler/frame?{query}"))
        .await;

    let (origin, told) = page.told();
    assert_eq!(
        (origin.as_str(), &told["type"]),
        (PORTAL, &json!("authorization_response"))
    );
    let response = &told["response"];
    assert_eq!(
        response["profile"],
        json!({ "email": "ada@example.com", "displayName": "Ada" })
    );
    assert_eq!(response["providerInfo"]["accessToken"], "access");
    assert_eq!(response["providerInfo"]["scope"], "openid profile email");
    assert_eq!(response["providerInfo"]["expiresInSeconds"], 300);
    let identity = &response["backstageIdentity"];
    assert_eq!(
        identity["identity"],
        json!({
            "type": "user", "userEntityRef": "user:default/ada",
            "ownershipEntityRefs": ["user:default/ada", "group:default/crew"],
        })
    );
    let token = identity["token"].as_str().unwrap();
    assert_eq!(page.headers["cache-control"], "no-store");
    let cookie = page.cookie("oidc-refresh-token").unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("Path=/api/auth/oidc;")
            || cookie.ends_with("Path=/api/auth/oidc"),
        "{cookie}"
    );
    assert!(browser.cookies.contains_key(SESSION_COOKIE));
    assert!(
        !browser.cookies.contains_key("oidc-nonce"),
        "an attempt is good once"
    );
    assert_eq!(
        browser.get("/api/auth/v1/sign-in-failures").await.status,
        200
    );
    let mut program = stage
        .browser()
        .with("authorization", &format!("Bearer {token}"));
    assert_eq!(
        program.get("/api/auth/v1/sign-in-failures").await.json(),
        json!({ "items": [] })
    );
    assert_eq!(
        stage.written.lines(),
        ["sign-in succeeded user:default/ada oidc"]
    );
}

#[tokio::test]
async fn the_page_that_people_are_sent_to_is_told_what_is_wanted() {
    let issuer = Issuer::start().await;
    let stage = Stage::new(json!({ "providers": oidc(&issuer) })).await;

    let page = stage
        .browser()
        .get("/api/auth/oidc/start?scope=groups")
        .await;

    assert_eq!(page.status, 302);
    let url = page.location();
    let value = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    assert_eq!(
        value("scope").as_deref(),
        Some("groups openid profile email")
    );
    let back = format!("{PORTAL}/api/auth/oidc/handler/frame");
    assert_eq!(value("redirect_uri"), Some(back));
    assert!(value("nonce").is_some() && value("code_challenge").is_some());
    assert_eq!(value("prompt"), None, "`auto` says nothing");
    let cookie = page.cookie("oidc-nonce").unwrap();
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/api/auth/oidc/handler"),
        "{cookie}"
    );
    assert!(cookie.contains("Max-Age=600"), "{cookie}");
}

#[tokio::test]
async fn who_is_still_known_comes_in_again_without_a_second_session() {
    let issuer = Issuer::start().await;
    let stage = Stage::new(json!({ "providers": oidc(&issuer) })).await;
    let mut browser = stage.browser();
    stage.visit(&mut browser, &issuer).await;
    let session = browser.cookies[SESSION_COOKIE].clone();

    let again = browser
        .ask("GET", "/api/auth/oidc/refresh?env=development")
        .await;

    assert_eq!(again.status, 200, "{}", again.text);
    assert_eq!(
        again.json()["backstageIdentity"]["identity"]["userEntityRef"],
        "user:default/ada"
    );
    assert_eq!(browser.cookies[SESSION_COOKIE], session);
    browser.cookies.remove(SESSION_COOKIE);
    let again = browser.ask("POST", "/api/auth/oidc/refresh").await;
    assert_eq!(again.status, 200, "{}", again.text);
    assert!(
        browser.cookies.contains_key(SESSION_COOKIE),
        "a new session, where there is none"
    );
    issuer.behave().knows = false;
    let refused = browser.ask("GET", "/api/auth/oidc/refresh").await;
    assert_eq!(refused.status, 401);
    assert!(
        refused.error().starts_with("Refresh failed; caused by"),
        "{}",
        refused.error()
    );
}

#[tokio::test]
async fn who_signs_out_is_signed_out_here_and_there() {
    let issuer = Issuer::start().await;
    let mut providers = oidc(&issuer);
    providers["oidc"]["development"]["logoutRedirectUrl"] = json!(PORTAL);
    let stage = Stage::new(json!({ "providers": providers })).await;
    let mut browser = stage.browser();
    stage.visit(&mut browser, &issuer).await;
    let session = browser.cookies.clone();

    let out = browser
        .ask("POST", "/api/auth/oidc/logout?env=development")
        .await;

    let url = out.json()["logoutUrl"].as_str().unwrap().to_owned();
    assert_eq!(
        url,
        "https://id.example.com/end?client_id=callboard&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A7007%2F"
    );
    assert_eq!(issuer.behave().revoked, ["refresh-1"]);
    assert_eq!(browser.cookies.len(), 0, "{:?}", browser.cookies);
    let mut former = stage.browser();
    former.cookies = session;
    assert_eq!(
        former.get("/api/auth/v1/sign-in-failures").await.status,
        401
    );
    stage.visit(&mut browser, &issuer).await;
    issuer.behave().away = true;
    let again = browser.ask("POST", "/api/auth/oidc/logout").await;
    assert_eq!(
        (again.status, browser.cookies.len()),
        (200, 0),
        "that the provider is away keeps nobody signed in"
    );
}

#[tokio::test]
async fn without_a_window_the_browser_comes_back_to_its_page() {
    let issuer = Issuer::start().await;
    let stage = Stage::new(json!({ "providers": oidc(&issuer) })).await;
    let mut browser = stage.browser();
    let target = format!("{PORTAL}/catalog?filter=a%26b");
    let start = format!(
        "/api/auth/oidc/start?flow=redirect&redirectUrl={}",
        target.replace('%', "%25").replace('?', "%3F")
    );
    let there = browser.get(&start).await.location();

    let back = browser
        .get(&format!(
            "/api/auth/oidc/handler/frame?{}",
            issuer.consent(&there)
        ))
        .await;

    assert_eq!(
        (back.status, back.location().as_str()),
        (302, target.as_str())
    );
    assert!(browser.cookies.contains_key(SESSION_COOKIE));
    let there = browser.get(&start).await.location();
    let query = issuer.consent(&there);
    issuer.behave().person["email"] = "twins@example.com".into();
    let back = browser
        .get(&format!("/api/auth/oidc/handler/frame?{query}"))
        .await;
    let url = back.location();
    assert!(
        url.as_str()
            .starts_with("http://localhost:7007/?error=Failed+to+sign-in"),
        "{url}"
    );
}

#[tokio::test]
async fn a_form_is_as_good_as_an_address() {
    let issuer = Issuer::start().await;
    let stage = Stage::new(json!({ "providers": oidc(&issuer) })).await;
    let mut browser = stage.browser();
    let query = stage.there(&mut browser, &issuer).await;

    let page = browser
        .send("POST", "/api/auth/oidc/handler/frame", &query)
        .await;

    assert!(page.told().1["response"]["backstageIdentity"].is_object());
}

#[tokio::test]
async fn a_provider_without_resolvers_gives_access_to_its_api_alone() {
    let issuer = Issuer::start().await;
    let mut providers = oidc(&issuer);
    providers["oidc"]["development"]["signIn"] = json!({});
    let stage = Stage::new(json!({ "providers": providers })).await;
    let mut browser = stage.browser();

    let told = stage.visit(&mut browser, &issuer).await;

    assert_eq!(told["response"]["providerInfo"]["accessToken"], "access");
    assert_eq!(told["response"].get("backstageIdentity"), None);
    assert!(!browser.cookies.contains_key(SESSION_COOKIE));
    let offered = browser.get("/api/auth/v1/providers").await.json();
    assert_eq!(offered, json!({ "providers": [] }));
}
