//! Sessions of browsers.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use crate::routes::stage::Stage;
use crate::{SESSION_COOKIE, SignIn, SignedIn};

const ADA: &str = "user:default/ada";
const ME: &str = "/api/auth/v1/me";
const SESSIONS: &str = "/api/auth/v1/me/sessions";

fn cookie(signed_in: &SignIn) -> String {
    format!("{SESSION_COOKIE}={}", signed_in.cookie.value())
}

async fn who(stage: &Stage, cookie: &str) -> Option<String> {
    let (_, me) = stage
        .send(Method::GET, ME, &[("cookie", cookie)], None)
        .await;
    me["user"]["entityRef"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn the_cookie_of_a_session_is_out_of_reach_of_scripts_and_other_sites() {
    let stage = Stage::new().await;

    let signed_in = stage.sign_in(ADA).await;

    let text = signed_in.cookie.to_string();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"] {
        assert!(text.contains(attribute), "{text}");
    }
    assert_eq!(who(&stage, &cookie(&signed_in)).await.as_deref(), Some(ADA));
    assert_eq!(who(&stage, "callboard-session=guess").await, None);
}

#[tokio::test]
async fn a_session_is_over_when_it_is_not_used_or_old() {
    let stage = Stage::new().await;
    let cookie = cookie(&stage.sign_in(ADA).await);
    let hours = |hours: u64| Duration::from_secs(hours * 60 * 60);

    // Used every day, for a week.
    for _ in 0..7 {
        stage.clock.advance(hours(23));
        assert_eq!(who(&stage, &cookie).await.as_deref(), Some(ADA));
    }
    stage.clock.advance(hours(8));
    assert_eq!(who(&stage, &cookie).await, None);

    let other = self::cookie(&stage.sign_in(ADA).await);
    stage.clock.advance(hours(24));
    assert_eq!(who(&stage, &other).await, None);
}

#[tokio::test]
async fn signing_in_ends_the_session_that_was_there_before() {
    let stage = Stage::new().await;
    let prepared = stage.sign_in("user:default/eve").await;
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("cookie", cookie(&prepared).parse().unwrap());

    let person = SignedIn {
        entity_ref: ADA.parse().unwrap(),
        ownership: vec![ADA.parse().unwrap()],
        provider: "test".to_owned(),
        user_agent: None,
        previous: Some(headers),
    };
    let signed_in = stage.identity.sign_in(person).await.unwrap();

    assert_ne!(signed_in.cookie.value(), prepared.cookie.value());
    assert_eq!(who(&stage, &cookie(&prepared)).await, None);
    assert_eq!(who(&stage, &cookie(&signed_in)).await.as_deref(), Some(ADA));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie_away() {
    let stage = Stage::new().await;
    let cookie = cookie(&stage.sign_in(ADA).await);
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("cookie", cookie.parse().unwrap());

    let gone = stage.identity.sign_out(&headers).await.unwrap();

    assert_eq!(
        (gone.value(), gone.max_age().unwrap().whole_seconds()),
        ("", 0)
    );
    assert_eq!(who(&stage, &cookie).await, None);
}

#[tokio::test]
async fn people_see_and_end_their_sessions_and_nobody_elses() {
    let stage = Stage::new().await;
    let (here, there) = (stage.sign_in(ADA).await, stage.sign_in(ADA).await);
    let eve = stage.sign_in("user:default/eve").await;
    let (mine, hers) = (cookie(&here), cookie(&eve));

    let (_, list) = stage
        .send(Method::GET, SESSIONS, &[("cookie", &mine)], None)
        .await;

    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        items
            .iter()
            .filter(|item| item["current"] == json!(true))
            .count(),
        1
    );
    assert_eq!(items[0]["userAgent"], "Firefox");
    let other = items
        .iter()
        .find(|item| item["current"] == json!(false))
        .unwrap();
    let path = format!("{SESSIONS}/{}", other["id"].as_str().unwrap());
    let (status, _) = stage
        .send(Method::DELETE, &path, &[("cookie", &hers)], None)
        .await;
    assert_eq!(status, 404);
    let (status, _) = stage
        .send(Method::DELETE, &path, &[("cookie", &mine)], None)
        .await;
    assert_eq!(status, 204);
    assert_eq!(who(&stage, &cookie(&there)).await, None);
    assert_eq!(who(&stage, &mine).await.as_deref(), Some(ADA));
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing_with_the_cookie() {
    let stage = Stage::new().await;
    let cookie = cookie(&stage.sign_in(ADA).await);
    let body = json!({ "name": "evil", "expiresInDays": 1 });
    let send = |site: &'static str| {
        let headers = [
            ("cookie", cookie.clone()),
            ("sec-fetch-site", site.to_owned()),
        ];
        let (stage, body) = (&stage, body.clone());
        async move {
            let headers: Vec<(&str, &str)> = headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let path = "/api/auth/v1/me/tokens";
            stage.send(Method::POST, path, &headers, Some(body)).await
        }
    };

    let (status, refusal) = send("cross-site").await;
    assert_eq!(
        (status, &refusal["error"]["code"]),
        (403, &json!("cross-site"))
    );
    assert_eq!(send("same-site").await.0, 403);
    assert_eq!(send("same-origin").await.0, 201);
}
