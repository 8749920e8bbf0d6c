//! Keys and sessions of several replicas, and over time.

use std::time::Duration;

use axum::http::Method;
use serde_json::Value;

use crate::routes::stage::Stage;
use crate::tokens::TokenKind;
use crate::{Identity, SignedIn};

const ADA: &str = "user:default/ada";

async fn token(identity: &Identity) -> String {
    let person = SignedIn {
        entity_ref: ADA.parse().unwrap(),
        ownership: vec![ADA.parse().unwrap()],
        provider: "test".to_owned(),
        user_agent: None,
        previous: None,
    };
    identity.sign_in(person).await.unwrap().identity.token
}

async fn keys(stage: &Stage) -> usize {
    let path = "/api/auth/.well-known/jwks.json";
    let (_, jwks) = stage.send(Method::GET, path, &[], None).await;
    let keys = jwks["keys"].as_array().unwrap();
    let is_public =
        |key: &Value| key["kty"] == "EC" && key["crv"] == "P-256" && key.get("d").is_none();
    assert!(keys.iter().all(is_public), "{jwks}");
    keys.len()
}

#[tokio::test]
async fn a_token_of_one_replica_is_good_at_the_other() {
    let stage = Stage::new().await;
    let other = stage.replica().await;
    stage.clock.advance(Duration::from_secs(2));

    let token = token(&other).await;

    assert_eq!(stage.get("/api/auth/v1/me/tokens", &token).await.0, 200);
}

#[tokio::test]
async fn keys_rotate_while_tokens_of_the_former_are_good() {
    let stage = Stage::new().await;
    let first = token(&stage.identity).await;
    stage.clock.advance(Duration::from_secs(59 * 60));
    let late = token(&stage.identity).await;
    stage.clock.advance(Duration::from_secs(2 * 60));
    let second = token(&stage.identity).await;

    let path = "/api/auth/v1/me/tokens";
    assert_eq!(keys(&stage).await, 2);
    assert_eq!(stage.get(path, &first).await.0, 401);
    assert_eq!(stage.get(path, &late).await.0, 200);
    assert_eq!(stage.get(path, &second).await.0, 200);
    let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid;
    assert_eq!(kid(&first), kid(&late));
    assert_ne!(kid(&first), kid(&second));

    // Three times as long as a token lasts, a key is forgotten.
    stage.clock.advance(Duration::from_secs(2 * 60 * 60));
    assert_eq!(keys(&stage).await, 1);
    let verified = stage
        .identity
        .0
        .verifier
        .verify(&late, TokenKind::User)
        .await;
    assert!(verified.is_err());
}

#[tokio::test]
async fn a_session_of_one_replica_is_known_and_ended_at_the_other() {
    let stage = Stage::new().await;
    let other = stage.replica().await;
    let signed_in = stage.sign_in(ADA).await;
    let cookie = signed_in.cookie.value();

    let found = other.0.sessions.find(cookie).await.unwrap();
    assert_eq!(found.unwrap().user_ref.to_string(), ADA);
    stage
        .identity
        .0
        .sessions
        .end_by_cookie(cookie)
        .await
        .unwrap();
    // What the other replica read a moment ago counts for half a minute.
    assert!(other.0.sessions.find(cookie).await.unwrap().is_some());
    stage.clock.advance(Duration::from_secs(30));
    assert!(other.0.sessions.find(cookie).await.unwrap().is_none());
}

#[tokio::test]
async fn who_is_signed_in_stays_so_while_the_database_is_away() {
    let stage = Stage::new().await;
    let signed_in = stage.sign_in(ADA).await;
    let cookie = format!("{}={}", crate::SESSION_COOKIE, signed_in.cookie.value());
    let me = async |cookie: &str| {
        let headers = [("cookie", cookie)];
        stage
            .send(Method::GET, "/api/auth/v1/me", &headers, None)
            .await
    };
    assert_eq!(me(&cookie).await.0, 200);

    stage.identity.0.sessions.database.close().await;
    stage.clock.advance(Duration::from_secs(60 * 60));

    let (status, body) = me(&cookie).await;
    assert_eq!(
        (status, body["user"]["entityRef"].as_str()),
        (200, Some(ADA))
    );
    // Nobody can tell about a cookie that was never seen.
    assert_eq!(me("callboard-session=unknown").await.0, 503);
}
