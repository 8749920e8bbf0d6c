//! What programs are told, and where there are no clients.

use serde_json::json;

use super::stage::{Stage, TOKEN, settings};
use crate::OAuthSettings;

const CONFIGURATION: &str = "/api/auth/.well-known/openid-configuration";

#[tokio::test]
async fn the_configuration_says_what_there_is() {
    let stage = Stage::new().await;
    let all = stage.get(CONFIGURATION).await.json;

    assert_eq!(
        all["grant_types_supported"],
        json!(["authorization_code", "refresh_token"])
    );
    assert_eq!(
        all["token_endpoint_auth_methods_supported"],
        json!(["client_secret_basic", "client_secret_post", "none"])
    );
    assert_eq!(all["scopes_supported"], json!(["openid", "offline_access"]));
    assert_eq!(all["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(all["client_id_metadata_document_supported"], true);
    assert_eq!(
        all["revocation_endpoint"],
        "https://portal.example.com/board/api/auth/v1/revoke"
    );
}

#[tokio::test]
async fn without_clients_there_is_nothing() {
    let stage = Stage::with(OAuthSettings::default()).await;
    for path in [
        "/api/auth/v1/authorize?client_id=ide",
        "/api/auth/v1/sessions/x",
        "/api/auth/.well-known/oauth-client/cli.json",
    ] {
        assert_eq!(
            stage.get(path).await.refusal(),
            (404, "not_found"),
            "{path}"
        );
    }
    for path in [TOKEN, "/api/auth/v1/revoke"] {
        assert_eq!(
            stage.form(path, &[]).await.refusal(),
            (404, "not_found"),
            "{path}"
        );
    }
    let all = stage.get(CONFIGURATION).await.json;
    assert_eq!(all["grant_types_supported"], json!([]));
    assert_eq!(all.get("revocation_endpoint"), None);
}

#[tokio::test]
async fn a_wrong_configuration_is_named() {
    for (key, value) in [
        ("tokenLifetime", json!({ "seconds": 0 })),
        ("maxRotationLifetime", json!({ "days": 30 })),
        ("maxTokensPerUser", json!(0)),
    ] {
        let settings: crate::RefreshTokenSettings =
            serde_json::from_value(json!({ "enabled": true, key: value })).unwrap();
        let error = crate::server::Staying::of(&settings).unwrap_err();
        let name = format!("`auth.experimentalRefreshToken.{key}`");
        assert!(error.message().starts_with(&name), "{error}");
    }
    let mut settings = settings();
    settings.client_documents.allowed_client_id_patterns = Some(vec!["claude.ai/*".to_owned()]);
    let urls = Stage::new().await.identity.urls().clone();
    let clock = callboard_model::Clock::manual(0);
    let error = crate::clients::Clients::new(&settings, &urls, &clock).unwrap_err();
    assert!(
        error.message().contains("allowedClientIdPatterns"),
        "{error}"
    );
}
