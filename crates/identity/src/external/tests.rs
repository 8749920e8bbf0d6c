//! What each kind of program shows, and what is refused.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;
use crate::config::{AccessOptions, OneOrMany, PermissionAttribute};

const NOW: u64 = 1_767_225_600_000;

fn external(list: Value) -> Result<External> {
    let list: Vec<ExternalAccess> = serde_json::from_value(list).unwrap();
    External::new(&list, &Clock::manual(NOW))
}

async fn subject(external: &External, token: &str) -> Option<String> {
    let found = external.find(token).await?;
    match found.principal {
        Principal::Service(service) => Some(service.subject.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_fixed_text_is_known_whole_or_not_at_all() {
    let external = external(json!([
        { "type": "static", "options": { "token": "correct-horse", "subject": "ci" } },
    ]))
    .unwrap();

    assert_eq!(
        subject(&external, "correct-horse").await.as_deref(),
        Some("ci")
    );
    for wrong in ["correct-hors", "correct-horse ", "Correct-horse", ""] {
        assert_eq!(subject(&external, wrong).await, None, "{wrong}");
    }
}

#[tokio::test]
async fn restrictions_come_along() {
    let external = external(json!([{
        "type": "static",
        "options": { "token": "correct-horse", "subject": "ci" },
        "accessRestrictions": [
            { "plugin": "catalog", "permission": "catalog.entity.read, catalog.location.create" },
            { "plugin": "search", "permissionAttribute": { "action": ["read"] } },
        ],
    }]))
    .unwrap();

    let found = external.find("correct-horse").await.unwrap();

    let restrictions = found.restrictions.unwrap();
    assert_eq!(
        restrictions.0[0].permissions,
        ["catalog.entity.read", "catalog.location.create"]
    );
    assert_eq!(restrictions.0[1].actions, [Action::Read]);
    assert!(restrictions.for_plugin(Some("scaffolder")).is_err());
}

fn legacy() -> External {
    external(json!([
        { "type": "legacy", "options": { "secret": "c2VjcmV0LXNlY3JldC1zZWNyZXQ", "subject": "old" } },
    ]))
    .unwrap()
}

fn signed(key: &[u8], claims: &Value) -> String {
    encode(
        &Header::new(Algorithm::HS256),
        claims,
        &EncodingKey::from_secret(key),
    )
    .unwrap()
}

#[tokio::test]
async fn older_backstages_sign_with_a_shared_secret() {
    let key = b"secret-secret-secret";
    let (now, external) = (NOW / 1000, legacy());
    let good = json!({ "sub": "backstage-server", "exp": now + 60 });

    assert_eq!(
        subject(&external, &signed(key, &good)).await.as_deref(),
        Some("old")
    );
    for (why, token) in [
        ("another key", signed(b"guess", &good)),
        (
            "another subject",
            signed(key, &json!({ "sub": "user:default/ada", "exp": now + 60 })),
        ),
        (
            "an audience",
            signed(
                key,
                &json!({ "sub": "backstage-server", "aud": "backstage", "exp": now + 60 }),
            ),
        ),
        (
            "over",
            signed(key, &json!({ "sub": "backstage-server", "exp": now })),
        ),
        ("no token", "abc".to_owned()),
    ] {
        assert_eq!(subject(&external, &token).await, None, "{why}");
    }
}

#[tokio::test]
async fn a_token_without_a_signature_is_nobodys() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    let part = |json: Value| BASE64.encode(json.to_string());
    let claims = part(json!({ "sub": "backstage-server" }));
    for alg in ["none", "None", "NONE"] {
        let token = format!("{}.{claims}.", part(json!({ "alg": alg, "typ": "JWT" })));
        assert_eq!(subject(&legacy(), &token).await, None, "{alg}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let message = |json: Value| external(json!([json])).unwrap_err().message().to_owned();

    for (options, expected) in [
        (
            json!({ "token": "short", "subject": "ci" }),
            "`options.token` is shorter than 8 characters",
        ),
        (
            json!({ "token": "with a space", "subject": "ci" }),
            "`options.token` is empty or has spaces",
        ),
        (
            json!({ "token": "long-enough" }),
            "`options.subject` is missing",
        ),
    ] {
        let message = message(json!({ "type": "static", "options": options }));
        assert_eq!(
            message,
            format!("`backend.auth.externalAccess[0]` is wrong: {expected}")
        );
    }
    let twice = json!([{ "plugin": "catalog" }, { "plugin": "catalog" }]);
    let options = json!({ "token": "long-enough", "subject": "ci" });
    assert!(
        message(json!({ "type": "static", "options": options, "accessRestrictions": twice }))
            .ends_with("names the plugin `catalog` twice")
    );
    let jwks = json!({ "url": "https://keys.example.com/jwks", "algorithm": "HS256" });
    assert!(
        message(json!({ "type": "jwks", "options": jwks }))
            .contains("`options.algorithm` is `HS256`")
    );
}

#[test]
fn secrets_are_not_printed() {
    let external = external(json!([
        { "type": "static", "options": { "token": "correct-horse", "subject": "ci" } },
        { "type": "legacy", "options": { "secret": "c2VjcmV0LXNlY3JldC1zZWNyZXQ", "subject": "old" } },
    ]))
    .unwrap();
    let options = AccessOptions {
        token: Some("correct-horse".into()),
        algorithm: OneOrMany::default(),
        ..AccessOptions::default()
    };

    let printed = format!(
        "{external:?} {options:?} {:?}",
        PermissionAttribute::default()
    );

    assert!(
        !printed.contains("horse") && !printed.contains("c2Vj"),
        "{printed}"
    );
}
