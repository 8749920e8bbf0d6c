//! Identity tokens that nobody may believe.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::issuer::{Issuer, Key};
use super::stage::{START, Stage, oidc};

/// What is said to somebody whose provider's token is so.
async fn refusal(claims: &[(&str, Value)], forge: Option<fn(&Issuer, &Value) -> String>) -> String {
    let issuer = Issuer::start().await;
    let stage = Stage::new(json!({ "providers": oidc(&issuer) })).await;
    {
        let mut behave = issuer.behave();
        behave.claims = claims
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        behave.forge = forge;
    }
    let mut browser = stage.browser();
    let told = stage.visit(&mut browser, &issuer).await;
    assert_eq!(told.get("response"), None, "{told}");
    assert_eq!(told["error"]["name"], "AuthenticationError");
    assert_eq!(stage.written.lines(), ["sign-in denied nobody oidc"]);
    let message = told["error"]["message"].as_str().unwrap();
    message
        .strip_prefix("the provider's token is not good: ")
        .unwrap_or(message)
        .to_owned()
}

#[tokio::test]
async fn claims_that_are_not_ours_are_refused() {
    let now = START / 1000;
    for (claim, value, expected) in [
        ("iss", json!("https://evil.org/"), "somebody else issued it"),
        ("iss", json!(null), "somebody else issued it"),
        ("aud", json!("another"), "it is for somebody else"),
        (
            "aud",
            json!(["another", "third"]),
            "it is for somebody else",
        ),
        (
            "aud",
            json!(["callboard", "another"]),
            "it is for somebody else",
        ),
        ("aud", json!(null), "it is for somebody else"),
        ("exp", json!(now - 31), "it is over, or never is"),
        ("exp", json!(null), "it is over, or never is"),
        ("iat", json!(now + 3600), "it is not good yet"),
        ("nbf", json!(now + 3600), "it is not good yet"),
        (
            "nonce",
            json!("of another sign-in"),
            "it was made for another sign-in",
        ),
        ("nonce", json!(null), "it was made for another sign-in"),
        ("sub", json!(null), "it is about nobody"),
        ("sub", json!("2"), "the access token is somebody else's"),
    ] {
        assert_eq!(
            refusal(&[(claim, value.clone())], None).await,
            expected,
            "{claim} {value}"
        );
    }
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_is_refused() {
    let another_key: fn(&Issuer, &Value) -> String = |_, claims| Key::new().sign(claims);
    assert_eq!(
        refusal(&[], Some(another_key)).await,
        "its signature is wrong"
    );
    let unknown_key: fn(&Issuer, &Value) -> String = |issuer, claims| {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("two".to_owned());
        encode(&header, claims, &issuer.key.encoding).unwrap()
    };
    assert_eq!(
        refusal(&[], Some(unknown_key)).await,
        "it is signed with a key that nobody published"
    );
    let none: fn(&Issuer, &Value) -> String = |_, claims| {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}.", part(&json!({ "alg": "none" })), part(claims))
    };
    assert_eq!(refusal(&[], Some(none)).await, "it is no signed token");
    let confused: fn(&Issuer, &Value) -> String = |issuer, claims| {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("one".to_owned());
        encode(
            &header,
            claims,
            &EncodingKey::from_secret(issuer.key.pem().as_bytes()),
        )
        .unwrap()
    };
    assert_eq!(
        refusal(&[], Some(confused)).await,
        "it is signed in a way that is not the provider's"
    );
    let garbage: fn(&Issuer, &Value) -> String = |_, _| "a.b.c".to_owned();
    assert_eq!(refusal(&[], Some(garbage)).await, "it is no signed token");
}

#[tokio::test]
async fn an_address_that_was_not_verified_is_nobodys() {
    for verified in [json!(false), json!("true"), json!(null)] {
        let issuer = Issuer::start().await;
        let stage = Stage::new(json!({ "providers": oidc(&issuer) })).await;
        issuer.behave().person["email_verified"] = verified;

        let told = stage.visit(&mut stage.browser(), &issuer).await;

        assert!(
            told["error"]["message"]
                .as_str()
                .unwrap()
                .starts_with("Failed to sign-in"),
            "{told}"
        );
    }
}
