//! Clients that describe themselves.

use super::stage::{BACK, Stage, parameter};

const COMMAND_LINE: &str =
    "https://portal.example.com/board/api/auth/.well-known/oauth-client/cli.json";

#[tokio::test]
async fn backstages_command_line_signs_in_on_any_port_of_its_machine() {
    let stage = Stage::new().await;
    let document = stage
        .get("/api/auth/.well-known/oauth-client/cli.json")
        .await;
    assert_eq!(document.json["client_id"], COMMAND_LINE);
    assert_eq!(
        document.json["redirect_uris"][0],
        "http://127.0.0.1:8055/callback"
    );
    assert_eq!(document.json["token_endpoint_auth_method"], "none");

    let here = "http://127.0.0.1:41234/callback";
    let changes = [("client_id", COMMAND_LINE), ("redirect_uri", here)];
    let session = stage.session(&changes).await;
    let shown = stage.get(&format!("/api/auth/v1/sessions/{session}")).await;
    assert_eq!(shown.json["clientName"], "Backstage CLI");
    let code = stage.code(&changes).await;
    let other_port = [
        ("client_id", COMMAND_LINE),
        ("redirect_uri", "http://127.0.0.1:8055/callback"),
    ];
    assert_eq!(
        stage.exchange(&code, &other_port).await.refusal(),
        (400, "invalid_grant")
    );
    assert_eq!(stage.exchange(&code, &changes).await.status, 200);
}

#[tokio::test]
async fn its_people_are_sent_nowhere_else() {
    let stage = Stage::new().await;
    for elsewhere in [
        BACK,
        "http://127.0.0.1:8055/other",
        "http://localhost:8055/callback",
        "http://127.0.0.1.evil.org/callback",
        "https://127.0.0.1:8055/callback",
    ] {
        let changes = [("client_id", COMMAND_LINE), ("redirect_uri", elsewhere)];
        let answer = stage.ask(&changes).await;
        assert_eq!(answer.refusal(), (400, "invalid_request"), "{elsewhere}");
        assert!(!answer.headers.contains_key("location"));
    }
}

#[tokio::test]
async fn pkce_is_asked_of_every_client() {
    let stage = Stage::new().await;
    let changes = [
        ("client_id", COMMAND_LINE),
        ("redirect_uri", "http://127.0.0.1:8055/callback"),
        ("code_challenge_method", "plain"),
    ];
    let next = stage.ask(&changes).await.location();

    assert_eq!(
        parameter(next.as_str(), "error").as_deref(),
        Some("invalid_request")
    );
}
