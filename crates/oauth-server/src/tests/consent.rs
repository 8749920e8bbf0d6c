//! A client asks, and a person answers.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use crate::sql::sessions::{self, NewSession};

use super::stage::{ADA, BACK, IDE, Stage, TOKEN, claims, parameter};

#[tokio::test]
async fn a_client_gets_a_token_of_the_person_who_agrees() {
    let stage = Stage::new().await;
    let session = stage.session(&[]).await;

    let shown = stage.get(&format!("/api/auth/v1/sessions/{session}")).await;
    assert_eq!(
        shown.json,
        json!({ "id": session, "clientId": IDE, "clientName": "The IDE", "scope": "openid offline_access", "redirectUri": BACK })
    );
    let answer = stage.answer(&session, "approve", ADA).await;
    let next = answer.json["redirectUrl"].as_str().unwrap();
    assert!(next.starts_with(&format!("{BACK}&code=")), "{next}");
    assert_eq!(parameter(next, "state").as_deref(), Some("a state"));
    let issuer = "https://portal.example.com/board/api/auth";
    assert_eq!(parameter(next, "iss").as_deref(), Some(issuer));

    let code = parameter(next, "code").unwrap();
    let given = stage.exchange(&code, &[]).await;

    assert_eq!(
        (given.status, &given.headers["cache-control"]),
        (200, &"no-store".parse().unwrap())
    );
    assert_eq!(given.json["token_type"], "Bearer");
    assert_eq!(given.json["expires_in"], 3600);
    assert_eq!(given.json["scope"], "openid offline_access");
    let token = given.json["access_token"].as_str().unwrap();
    let me = stage.call(Method::GET, "/api/auth/v1/me", token).await;
    assert_eq!(me.json["user"]["entityRef"], ADA);
    let id_token = given.json["id_token"].as_str().unwrap();
    let told = claims(id_token);
    assert_eq!(
        (&told["aud"], &told["nonce"], &told["sub"], &told["iss"]),
        (&json!(IDE), &json!("a nonce"), &json!(ADA), &json!(issuer))
    );
    let sessions = stage.call(Method::GET, "/api/auth/v1/me/sessions", id_token);
    assert_eq!(sessions.await.status, 401, "an ID token opens nothing");
    assert_eq!(
        stage.log.lines(),
        [
            "oauth-ask nobody succeeded",
            "oauth-approve user:default/ada succeeded",
            "oauth-token user:default/ada succeeded",
        ]
    );
    let refresh = given.json["refresh_token"].as_str().unwrap();
    for secret in [code.as_str(), token, id_token, refresh] {
        assert!(!stage.log.text().contains(secret));
    }
}

#[tokio::test]
async fn nobody_is_sent_to_where_the_client_does_not_want_them() {
    let stage = Stage::new().await;
    for (name, value) in [
        ("redirect_uri", "https://evil.org/callback"),
        ("redirect_uri", "https://ide.example.com/callback"),
        (
            "redirect_uri",
            "https://ide.example.com/callback?tenant=1&x=2",
        ),
        (
            "redirect_uri",
            "https://ide.example.com.evil.org/callback?tenant=1",
        ),
        (
            "redirect_uri",
            "https://ide.example.com@evil.org/callback?tenant=1",
        ),
        (
            "redirect_uri",
            "https://ide.example.com/callback?tenant=1#x",
        ),
        ("redirect_uri", "javascript:alert(1)"),
        ("redirect_uri", "//evil.org"),
        ("redirect_uri", ""),
        ("client_id", "nobody"),
        ("client_id", ""),
        ("client_id", "https://evil.org/client.json"),
    ] {
        // Also when more is wrong.
        for more in [("state", "a state"), ("response_type", "token")] {
            let answer = stage.ask(&[(name, value), more]).await;
            assert_eq!(answer.refusal(), (400, "invalid_request"), "{name}={value}");
            assert!(!answer.headers.contains_key("location"), "{name}={value}");
            assert!(answer.json["error_description"].is_string());
        }
    }
}

#[tokio::test]
async fn a_known_client_is_told_what_is_wrong_and_by_whom() {
    let stage = Stage::new().await;
    let long = "x".repeat(600);
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "unsupported_response_type"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge_method", "s256", "invalid_request"),
        ("scope", "openid\u{fc}", "invalid_scope"),
        ("nonce", long.as_str(), "invalid_request"),
    ] {
        let answer = stage.ask(&[(name, value)]).await;
        assert_eq!(answer.status, 302, "{name}={value}");
        let next = answer.location();
        assert!(next.as_str().starts_with(BACK), "{next}");
        assert_eq!(
            parameter(next.as_str(), "error").as_deref(),
            Some(error),
            "{name}={value}"
        );
        assert_eq!(
            parameter(next.as_str(), "state").as_deref(),
            Some("a state")
        );
        assert!(parameter(next.as_str(), "iss").is_some());
    }
}

#[tokio::test]
async fn what_is_sent_twice_is_refused() {
    let stage = Stage::new().await;
    let path = "/api/auth/v1/authorize?client_id=ide&client_id=ci&redirect_uri=https://a.org/";
    assert_eq!(stage.get(path).await.refusal(), (400, "invalid_request"));
    let pairs = [
        ("grant_type", "refresh_token"),
        ("grant_type", "authorization_code"),
    ];
    assert_eq!(
        stage.form(TOKEN, &pairs).await.refusal(),
        (400, "invalid_request")
    );
}

#[tokio::test]
async fn a_session_is_answered_once_and_by_one() {
    let stage = Stage::new().await;
    let session = stage.session(&[]).await;

    let (ada, eve) = tokio::join!(
        stage.answer(&session, "approve", ADA),
        stage.answer(&session, "approve", "user:default/eve"),
    );

    let mut statuses = [ada.status, eve.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    for verb in ["approve", "reject"] {
        for person in [ADA, "user:default/eve"] {
            let again = stage.answer(&session, verb, person).await;
            assert_eq!(again.refusal(), (400, "invalid_request"), "{verb} {person}");
        }
    }
    let shown = stage.get(&format!("/api/auth/v1/sessions/{session}")).await;
    assert_eq!(shown.refusal(), (400, "invalid_request"));
}

#[tokio::test]
async fn a_person_who_does_not_agree_gives_nothing() {
    let stage = Stage::new().await;
    let session = stage.session(&[]).await;

    let answer = stage.answer(&session, "reject", ADA).await;

    let next = answer.json["redirectUrl"].as_str().unwrap();
    assert!(next.starts_with(BACK), "{next}");
    assert_eq!(parameter(next, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(next, "state").as_deref(), Some("a state"));
    assert_eq!(parameter(next, "code"), None);
    assert_eq!(stage.answer(&session, "approve", ADA).await.status, 400);
}

#[tokio::test]
async fn only_people_who_are_signed_in_answer() {
    let stage = Stage::new().await;
    let session = stage.session(&[]).await;
    for verb in ["approve", "reject"] {
        let path = format!("/api/auth/v1/sessions/{session}/{verb}");
        let program = stage.call(Method::POST, &path, "correct-horse").await;
        assert_eq!(program.refusal(), (403, "access_denied"));
        assert_eq!(stage.call(Method::POST, &path, "wrong").await.status, 401);
        assert_eq!(stage.form(&path, &[]).await.status, 401);
        // A plugin that acts for somebody.
        let ada = ADA.parse().unwrap();
        let plugin = stage.identity.plugin_token("search", "auth", Some(&ada));
        let plugin = stage
            .call(Method::POST, &path, &plugin.await.unwrap())
            .await;
        assert_eq!(plugin.refusal(), (403, "access_denied"));
    }
    assert_eq!(stage.answer(&session, "approve", ADA).await.status, 200);
}

#[tokio::test]
async fn a_question_does_not_wait_for_ever() {
    let stage = Stage::new().await;
    let session = stage.session(&[]).await;
    stage.clock.advance(Duration::from_secs(60 * 60));

    let path = format!("/api/auth/v1/sessions/{session}");
    let shown = stage.get(&path).await;
    assert_eq!(
        shown.json["error_description"],
        "Authorization session expired"
    );
    assert_eq!(stage.answer(&session, "approve", ADA).await.status, 400);
    assert_eq!(
        stage.get("/api/auth/v1/sessions/unknown").await.refusal(),
        (400, "invalid_request")
    );
}

#[tokio::test]
async fn only_so_many_questions_wait_for_an_answer() {
    let stage = Stage::new().await;
    let began = |id: &'static str, now: i64| {
        let database = stage.database.clone();
        async move {
            let session = NewSession {
                id,
                client_id: IDE,
                client_name: "The IDE",
                redirect_uri: BACK,
                scope: "",
                state: None,
                nonce: None,
                challenge: "",
                now,
                expires_at: now + 10,
            };
            sessions::add(&database, &session, 2).await.unwrap()
        }
    };

    let mut all = Vec::new();
    for (id, now) in [("a", 0), ("b", 0), ("c", 0), ("d", 10)] {
        all.push(began(id, now).await);
    }

    assert_eq!(
        all,
        [true, true, false, true],
        "those that are over do not count"
    );
}

#[tokio::test]
async fn what_is_over_goes_away() {
    let stage = Stage::new().await;
    stage.session(&[]).await;
    stage.refresh_token().await;
    let rows = || async {
        let sessions: Vec<(i64,)> = stage
            .database
            .fetch("SELECT COUNT(*) FROM oauth_sessions", &[])
            .await
            .unwrap();
        let tokens: Vec<(i64,)> = stage
            .database
            .fetch("SELECT COUNT(*) FROM oauth_refresh_tokens", &[])
            .await
            .unwrap();
        (sessions[0].0, tokens[0].0)
    };
    let day = Duration::from_secs(24 * 60 * 60);

    crate::keeper::sweep(&stage.database, &stage.clock)
        .await
        .unwrap();
    assert_eq!(rows().await, (2, 1));
    stage.clock.advance(day * 2);
    crate::keeper::sweep(&stage.database, &stage.clock)
        .await
        .unwrap();
    assert_eq!(rows().await, (0, 1));
    stage.clock.advance(day * 30);
    crate::keeper::sweep(&stage.database, &stage.clock)
        .await
        .unwrap();
    assert_eq!(rows().await, (0, 0));
}
