//! Clients that stay.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use super::stage::{ADA, CI, IDE, SECRET, Stage, TOKEN, settings};

const REVOKE: &str = "/api/auth/v1/revoke";
const INVALID: (u16, &str) = (400, "invalid_grant");
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn a_refresh_token_is_good_once_and_shown_again_it_ends_its_family() {
    let stage = Stage::new().await;
    let first = stage.refresh_token().await;

    let answer = stage.refresh(&first).await;

    let mut names: Vec<_> = answer.json.as_object().unwrap().keys().collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["access_token", "expires_in", "refresh_token", "token_type"]
    );
    let second = answer.json["refresh_token"].as_str().unwrap();
    assert_ne!(second, first);
    assert_eq!(stage.refresh(&first).await.refusal(), INVALID);
    assert_eq!(stage.refresh(second).await.refusal(), INVALID);
    let again = "oauth-refresh-token-used-again user:default/ada denied";
    assert!(stage.log.lines().iter().any(|line| line == again));
    for secret in [first.as_str(), second] {
        assert!(!stage.log.text().contains(secret));
    }
}

#[tokio::test]
async fn a_guess_ends_nothing() {
    let stage = Stage::new().await;
    let token = stage.refresh_token().await;
    let (family, part) = token.split_once('.').unwrap();
    let other = stage.refresh_token().await;
    for guess in [
        format!("{}.{part}", other.replace('.', "").split_at(43).1),
        part.to_owned(),
        family.to_owned(),
        format!("{token}.x"),
        ".".to_owned(),
        "x".repeat(5_000),
    ] {
        assert_eq!(stage.refresh(&guess).await.refusal(), INVALID, "{guess}");
    }

    assert_eq!(stage.refresh(&token).await.status, 200);
}

#[tokio::test]
async fn of_two_at_once_at_most_one_goes_on() {
    let stage = Stage::new().await;
    let token = stage.refresh_token().await;

    let (one, other) = tokio::join!(stage.refresh(&token), stage.refresh(&token));

    let given = [&one, &other]
        .into_iter()
        .filter(|answer| answer.status == 200);
    assert!(given.count() <= 1);
}

#[tokio::test]
async fn secrets_are_kept_as_hashes_alone() {
    let stage = Stage::new().await;
    let token = stage.refresh_token().await;
    let sql = "SELECT family_hash, token_hash, id FROM oauth_refresh_tokens";
    let rows: Vec<(String, String, String)> = stage.database.fetch(sql, &[]).await.unwrap();

    for part in token.split('.') {
        assert!(!format!("{rows:?}").contains(part));
    }
}

#[tokio::test]
async fn a_client_goes_when_it_is_not_seen_and_after_a_year() {
    let stage = Stage::new().await;
    let token = stage.refresh_token().await;
    stage.clock.advance(DAY * 30);
    assert_eq!(stage.refresh(&token).await.refusal(), INVALID);

    let mut token = stage.refresh_token().await;
    for _ in 0..14 {
        stage.clock.advance(DAY * 26);
        let answer = stage.refresh(&token).await;
        assert_eq!(answer.status, 200);
        token = answer.json["refresh_token"].as_str().unwrap().to_owned();
    }
    stage.clock.advance(DAY);
    assert_eq!(stage.refresh(&token).await.refusal(), INVALID);
}

#[tokio::test]
async fn of_one_person_only_some_clients_stay() {
    let stage = Stage::new().await;
    let mut tokens = Vec::new();
    for _ in 0..4 {
        tokens.push(stage.refresh_token().await);
        stage.clock.advance(Duration::from_secs(1));
    }

    let mut statuses = Vec::new();
    for token in &tokens {
        statuses.push(stage.refresh(token).await.status);
    }

    assert_eq!(statuses, [400, 200, 200, 200]);
}

#[tokio::test]
async fn the_client_goes_with_its_person() {
    let stage = Stage::new().await;
    let token = stage.refresh_token().await;

    stage.town.0.lock().unwrap().1 = true;
    let away = stage.refresh(&token).await;
    assert_eq!(away.refusal(), (503, "temporarily_unavailable"));
    stage.town.0.lock().unwrap().1 = false;
    let token = stage.refresh(&token).await.json["refresh_token"]
        .as_str()
        .unwrap()
        .to_owned();

    stage.town.0.lock().unwrap().0.clear();
    let gone = stage.refresh(&token).await;
    assert_eq!(gone.refusal(), INVALID);
    assert_eq!(
        gone.json["error_description"],
        "User entity no longer exists in the catalog"
    );
    stage.town.0.lock().unwrap().0.insert(ADA.parse().unwrap());
    assert_eq!(
        stage.refresh(&token).await.refusal(),
        INVALID,
        "it does not come back"
    );
}

#[tokio::test]
async fn a_person_need_not_be_known_where_that_is_dangerously_said() {
    let mut settings = settings();
    settings
        .refresh_tokens
        .dangerously_disable_catalog_presence_check = true;
    let stage = Stage::with(settings).await;
    stage.town.0.lock().unwrap().0.clear();
    let token = stage.refresh_token().await;

    assert_eq!(stage.refresh(&token).await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_is_for_its_client() {
    let stage = Stage::new().await;
    let token = stage.refresh_token().await;
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&pairs[..], more].concat();

    let other = stage
        .form(
            TOKEN,
            &with(&[("client_id", CI), ("client_secret", SECRET)]),
        )
        .await;
    assert_eq!(other.refusal(), INVALID);
    let unproven = stage
        .form(TOKEN, &with(&[("client_id", IDE), ("client_secret", "x")]))
        .await;
    assert_eq!(unproven.refusal(), (401, "invalid_client"));
    let missing = stage.form(TOKEN, &pairs[..1]).await;
    assert_eq!(missing.refusal(), (400, "invalid_request"));
    assert_eq!(stage.refresh(&token).await.status, 200);
}

#[tokio::test]
async fn a_client_that_asks_for_nothing_or_may_not_does_not_stay() {
    let stage = Stage::new().await;
    let code = stage.code(&[("scope", "")]).await;
    let given = stage.exchange(&code, &[]).await.json;
    assert_eq!(
        (&given["scope"], given.get("refresh_token")),
        (&json!("openid"), None)
    );

    let mut settings = settings();
    settings.refresh_tokens.enabled = false;
    let stage = Stage::with(settings).await;
    let code = stage.code(&[]).await;
    let given = stage.exchange(&code, &[]).await.json;
    assert_eq!(
        (&given["scope"], given.get("refresh_token")),
        (&json!("openid"), None)
    );
    assert_eq!(stage.refresh("x").await.refusal(), (400, "invalid_request"));
}

#[tokio::test]
async fn a_client_gives_its_token_back() {
    let stage = Stage::new().await;
    let first = stage.refresh_token().await;
    let second = stage.refresh(&first).await.json["refresh_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let revoke = |token: &str, client: &'static [(&'static str, &'static str)]| {
        let pairs = [
            &[("token", token.to_owned())][..],
            &client
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect::<Vec<_>>()[..],
        ]
        .concat();
        let stage = &stage;
        async move {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            stage.form(REVOKE, &pairs).await
        }
    };

    for (client, refusal) in [
        (&[][..], (401, "invalid_client")),
        (&[("client_id", "nobody")], (401, "invalid_client")),
        (&[("client_id", CI)], (401, "invalid_client")),
        (&[("client_id", CI), ("client_secret", SECRET)], INVALID),
    ] {
        assert_eq!(
            revoke(&second, client).await.refusal(),
            refusal,
            "{client:?}"
        );
    }
    assert_eq!(
        revoke("", &[("client_id", IDE)]).await.refusal(),
        (400, "invalid_request")
    );
    assert_eq!(revoke("something", &[("client_id", IDE)]).await.status, 200);
    assert_eq!(revoke(&second, &[("client_id", IDE)]).await.status, 200);
    assert_eq!(stage.refresh(&second).await.refusal(), INVALID);
}

#[tokio::test]
async fn people_see_and_end_the_clients_that_act_for_them() {
    let stage = Stage::new().await;
    let token = stage.refresh_token().await;
    let (ada, eve) = (
        stage.token_of(ADA).await,
        stage.token_of("user:default/eve").await,
    );
    let path = "/api/auth/v1/me/clients";

    let mine = stage.call(Method::GET, path, &ada).await.json;
    let hers = stage.call(Method::GET, path, &eve).await.json;

    assert_eq!(hers, json!({ "items": [] }));
    assert_eq!(mine["items"][0]["clientName"], "The IDE");
    let one = format!("{path}/{}", mine["items"][0]["id"].as_str().unwrap());
    assert_eq!(stage.call(Method::DELETE, &one, &eve).await.status, 404);
    assert_eq!(stage.call(Method::DELETE, &one, &ada).await.status, 204);
    assert_eq!(stage.refresh(&token).await.refusal(), INVALID);
}

#[tokio::test]
async fn programs_end_all_clients_of_somebody() {
    let stage = Stage::new().await;
    let token = stage.refresh_token().await;
    let ada = stage.token_of(ADA).await;
    let send = |token: &str, person: &str| {
        let request = Request::post("/api/auth/v1/offline-sessions/revoke")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(json!({ "userEntityRef": person }).to_string()));
        stage.send(request.unwrap())
    };

    assert_eq!(send(&ada, ADA).await.status, 403);
    assert_eq!(
        send("correct-horse", "group:default/math").await.status,
        400
    );
    assert_eq!(
        send("correct-horse", "user:default/eve").await.json,
        json!({ "revokedCount": 0 })
    );
    assert_eq!(
        send("correct-horse", "Ada").await.json,
        json!({ "revokedCount": 1 })
    );
    assert_eq!(stage.refresh(&token).await.refusal(), INVALID);
}
