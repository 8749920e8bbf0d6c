//! Codes: each is for one client, once, and for who asked.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::stage::{BACK, CI, IDE, SECRET, Stage, TOKEN, VERIFIER};

#[tokio::test]
async fn a_code_is_good_once_and_shown_again_it_ends_what_it_gave() {
    let stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let given = stage.exchange(&code, &[]).await;
    let refresh = given.json["refresh_token"].as_str().unwrap();
    let again = stage.refresh(refresh).await;
    assert_eq!(again.status, 200);
    let refresh = again.json["refresh_token"].as_str().unwrap();

    let replay = stage.exchange(&code, &[("code_verifier", "guess")]).await;

    assert_eq!(replay.refusal(), (400, "invalid_grant"));
    assert_eq!(
        stage.refresh(refresh).await.refusal(),
        (400, "invalid_grant")
    );
    let used_again = "oauth-code-used-again user:default/ada denied";
    assert!(stage.log.lines().iter().any(|line| line == used_again));
}

#[tokio::test]
async fn of_two_at_once_one_gets_a_token() {
    let stage = Stage::new().await;
    let code = stage.code(&[]).await;

    let (one, other) = tokio::join!(stage.exchange(&code, &[]), stage.exchange(&code, &[]));

    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test]
async fn a_code_is_bound_to_client_address_and_verifier() {
    let stage = Stage::new().await;
    let code = stage.code(&[]).await;
    let long = "v".repeat(129);
    for (changes, refusal) in [
        ([("client_id", "other")], (400, "invalid_grant")),
        (
            [("redirect_uri", "https://ide.example.com/callback")],
            (400, "invalid_grant"),
        ),
        ([("redirect_uri", "")], (400, "invalid_request")),
        ([("code_verifier", "")], (400, "invalid_grant")),
        ([("code_verifier", "guess")], (400, "invalid_grant")),
        ([("code_verifier", long.as_str())], (400, "invalid_grant")),
        ([("code", "guess")], (400, "invalid_grant")),
        ([("code", "")], (400, "invalid_request")),
        (
            [("grant_type", "password")],
            (400, "unsupported_grant_type"),
        ),
        ([("grant_type", "")], (400, "invalid_request")),
        ([("client_secret", "guess")], (401, "invalid_client")),
    ] {
        let answer = stage.exchange(&code, &changes).await;
        assert_eq!(answer.refusal(), refusal, "{changes:?}");
    }
    // None of that took the code.
    assert_eq!(stage.exchange(&code, &[]).await.status, 200);
}

#[tokio::test]
async fn a_client_with_a_secret_cannot_use_the_code_of_another_and_nobody_its_code() {
    let stage = Stage::new().await;
    let (theirs, ours) = (
        stage.code(&[("client_id", CI)]).await,
        stage.code(&[]).await,
    );
    let proof = [("client_id", CI), ("client_secret", SECRET)];

    let stolen = stage.exchange(&ours, &proof).await;
    assert_eq!(stolen.refusal(), (400, "invalid_grant"));
    for without in [
        &[("client_id", CI)][..],
        &[("client_id", "")],
        &[("client_id", CI), ("client_secret", "guess")],
    ] {
        let answer = stage.exchange(&theirs, without).await;
        assert_eq!(answer.refusal(), (401, "invalid_client"), "{without:?}");
        assert_eq!(answer.headers["www-authenticate"], "Basic realm=\"auth\"");
    }
    let as_ide = stage.exchange(&theirs, &[("client_id", IDE)]).await;
    assert_eq!(as_ide.refusal(), (400, "invalid_grant"));
    assert_eq!(stage.exchange(&theirs, &proof).await.status, 200);
}

#[tokio::test]
async fn a_client_may_show_its_secret_in_the_header_and_send_json() {
    let stage = Stage::new().await;
    let code = stage.code(&[("client_id", CI)]).await;
    let send = |pair: &str| {
        let body = json!({
            "grant_type": "authorization_code", "code": code,
            "redirect_uri": BACK, "code_verifier": VERIFIER,
        });
        let request = Request::post(TOKEN)
            .header("content-type", "application/json")
            .header("authorization", format!("Basic {}", STANDARD.encode(pair)))
            .body(Body::from(body.to_string()));
        stage.send(request.unwrap())
    };
    for wrong in ["ci:guess", "ci", ":", "", "other:pass"] {
        assert_eq!(
            send(wrong).await.refusal(),
            (401, "invalid_client"),
            "{wrong}"
        );
    }

    let given = send("ci:pass+%26+word").await;

    assert_eq!(given.status, 200, "{given:?}");
}

#[tokio::test]
async fn a_code_is_over_after_ten_minutes() {
    let stage = Stage::new().await;
    let code = stage.code(&[]).await;
    stage.clock.advance(Duration::from_secs(10 * 60));

    assert_eq!(
        stage.exchange(&code, &[]).await.refusal(),
        (400, "invalid_grant")
    );
}

#[tokio::test]
async fn a_body_is_a_form_or_json_and_small() {
    let stage = Stage::new().await;
    for (content_type, body) in [
        ("text/plain", "grant_type=refresh_token".to_owned()),
        ("application/json", "[]".to_owned()),
        ("application/json", r#"{"grant_type":1}"#.to_owned()),
        ("application/json", "{".to_owned()),
        ("application/x-www-form-urlencoded", "x=".repeat(40_000)),
    ] {
        let request = Request::post(TOKEN)
            .header("content-type", content_type)
            .body(Body::from(body));
        let answer = stage.send(request.unwrap()).await;
        assert_eq!(answer.refusal(), (400, "invalid_request"), "{content_type}");
    }
}
