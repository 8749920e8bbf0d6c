//! Personal access tokens, and what programs of the configuration may do.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use crate::routes::stage::Stage;

const ADA: &str = "user:default/ada";
const TOKENS: &str = "/api/auth/v1/me/tokens";

async fn create(stage: &Stage, by: &str, body: Value) -> (u16, Value) {
    let bearer = format!("Bearer {by}");
    let headers = [("authorization", bearer.as_str())];
    stage.send(Method::POST, TOKENS, &headers, Some(body)).await
}

#[tokio::test]
async fn a_token_is_shown_once_and_works_until_it_is_over_or_revoked() {
    let stage = Stage::new().await;
    let ada = stage.sign_in(ADA).await.identity.token;

    let (status, created) =
        create(&stage, &ada, json!({ "name": "ci", "expiresInDays": 30 })).await;

    assert_eq!(status, 201);
    let secret = created["token"].as_str().unwrap();
    assert!(secret.starts_with("callboard_"));
    let (status, list) = stage.get(TOKENS, secret).await;
    assert_eq!(status, 200);
    assert!(!list.to_string().contains(secret), "{list}");
    assert_eq!(list["items"][0]["name"], "ci");
    assert_eq!(list["items"][0]["expiresAt"], "2026-01-31T00:00:00.000Z");

    let (_, other) = create(&stage, &ada, json!({ "name": "other", "expiresInDays": 2 })).await;
    let other = other["token"].as_str().unwrap();
    let path = format!("{TOKENS}/{}", created["id"].as_str().unwrap());
    let bearer = format!("Bearer {ada}");
    let (status, _) = stage
        .send(Method::DELETE, &path, &[("authorization", &bearer)], None)
        .await;
    assert_eq!(status, 204);
    assert_eq!(stage.get(TOKENS, secret).await.0, 401);
    stage.clock.advance(Duration::from_secs(2 * 24 * 60 * 60));
    assert_eq!(stage.get(TOKENS, other).await.0, 401);
}

#[tokio::test]
async fn a_token_that_only_reads_makes_no_other() {
    let stage = Stage::new().await;
    let ada = stage.sign_in(ADA).await.identity.token;
    let body =
        json!({ "name": "reader", "expiresInDays": 1, "restrictions": [{ "actions": ["read"] }] });
    let (_, created) = create(&stage, &ada, body).await;
    let reader = created["token"].as_str().unwrap();

    assert_eq!(stage.get(TOKENS, reader).await.0, 200);
    // Nor does one that is for all that this plugin does, of which making tokens is a part.
    let body =
        json!({ "name": "auth", "expiresInDays": 1, "restrictions": [{ "plugin": "auth" }] });
    let (_, created) = create(&stage, &ada, body).await;
    let all_of_auth = created["token"].as_str().unwrap();
    let (status, _) = create(
        &stage,
        all_of_auth,
        json!({ "name": "more", "expiresInDays": 1 }),
    )
    .await;
    assert_eq!(status, 403);
    let (status, refusal) = create(
        &stage,
        reader,
        json!({ "name": "more", "expiresInDays": 1 }),
    )
    .await;
    assert_eq!(
        (status, &refusal["error"]["code"]),
        (403, &json!("token-restricted"))
    );

    let body =
        json!({ "name": "catalog", "expiresInDays": 1, "restrictions": [{ "plugin": "catalog" }] });
    let (_, created) = create(&stage, &ada, body).await;
    let (status, refusal) = stage.get(TOKENS, created["token"].as_str().unwrap()).await;
    assert_eq!(status, 403);
    assert_eq!(
        refusal["error"]["message"],
        "This token's access is restricted to plugin(s) 'catalog'"
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_new_token_is_said() {
    let stage = Stage::new().await;
    let ada = stage.sign_in(ADA).await.identity.token;
    for (body, code) in [
        (json!({ "name": " ", "expiresInDays": 1 }), "token-name"),
        (
            json!({ "name": "x".repeat(101), "expiresInDays": 1 }),
            "token-name",
        ),
        (
            json!({ "name": "x", "expiresInDays": 0 }),
            "token-expiration",
        ),
        (
            json!({ "name": "x", "expiresInDays": 367 }),
            "token-expiration",
        ),
        (
            json!({ "name": "x", "expiresInDays": 1, "restrictions": [] }),
            "token-restrictions",
        ),
    ] {
        let (status, refusal) = create(&stage, &ada, body).await;
        assert_eq!((status, &refusal["error"]["code"]), (400, &json!(code)));
    }
    let (status, _) = create(
        &stage,
        &ada,
        json!({ "name": "x", "expiresInDays": 1, "admin": true }),
    )
    .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_person_has_at_most_a_hundred() {
    let stage = Stage::new().await;
    let ada = stage.sign_in(ADA).await.identity.token;
    let body = || json!({ "name": "x", "expiresInDays": 1 });
    for _ in 0..100 {
        assert_eq!(create(&stage, &ada, body()).await.0, 201);
    }

    let (status, refusal) = create(&stage, &ada, body()).await;

    assert_eq!(
        (status, &refusal["error"]["code"]),
        (409, &json!("too-many-tokens"))
    );
    stage.clock.advance(Duration::from_secs(24 * 60 * 60));
    let ada = stage.sign_in(ADA).await.identity.token;
    assert_eq!(create(&stage, &ada, body()).await.0, 201);
}

#[tokio::test]
async fn a_program_is_nobody_with_an_account() {
    let stage = Stage::with(json!({ "externalAccess": [
        { "type": "static", "options": { "token": "correct-horse", "subject": "ci" } },
    ] }))
    .await;

    let (status, refusal) = stage.get(TOKENS, "correct-horse").await;

    assert_eq!(
        (status, &refusal["error"]["code"]),
        (403, &json!("no-person"))
    );
    assert_eq!(stage.get(TOKENS, "wrong-horse").await.0, 401);
}

#[tokio::test]
async fn changes_of_groups_count_for_those_who_are_signed_in() {
    let stage = Stage::new().await;
    stage.town.put(ADA, &["group:default/crew"]);
    let token = stage.sign_in(ADA).await.identity.token;
    let groups = async || {
        let (_, me) = stage.get("/api/auth/v1/me", &token).await;
        me["user"]["ownershipEntityRefs"].clone()
    };

    assert_eq!(groups().await, json!([ADA, "group:default/crew"]));
    stage.town.put(ADA, &["group:default/guests"]);
    assert_eq!(groups().await, json!([ADA, "group:default/guests"]));
}

#[tokio::test]
async fn the_cookie_for_assets_holds_a_limited_token() {
    let stage = Stage::new().await;
    let token = stage.sign_in(ADA).await.identity.token;
    let bearer = format!("Bearer {token}");
    let path = "/api/techdocs/.backstage/auth/v1/cookie";

    let (status, body, headers) = stage
        .exchange(Method::GET, path, &[("authorization", &bearer)], None)
        .await;

    assert_eq!(
        (status, &body["expiresAt"]),
        (200, &json!("2026-01-01T01:00:00.000Z"))
    );
    let cookie = headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("backstage-auth=ey"), "{cookie}");
    assert!(
        cookie.contains("Path=/api/techdocs") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    let (status, _, headers) = stage.exchange(Method::DELETE, path, &[], None).await;
    assert_eq!(status, 204);
    assert!(
        headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(stage.send(Method::GET, path, &[], None).await.0, 401);
}
