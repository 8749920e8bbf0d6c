//! Tokens that nobody may believe.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::routes::stage::{START, Stage};
use crate::tokens::typ;

const ADA: &str = "user:default/ada";
const PATH: &str = "/api/auth/v1/me/tokens";

fn part(json: &Value) -> String {
    BASE64.encode(json.to_string())
}

fn parts(token: &str) -> (Value, Value, String) {
    let mut parts = token.split('.');
    let mut json = || {
        let bytes = BASE64.decode(parts.next().unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let (header, claims) = (json(), json());
    (header, claims, parts.next().unwrap().to_owned())
}

async fn status(stage: &Stage, token: &str) -> u16 {
    stage.get(PATH, token).await.0
}

#[tokio::test]
async fn a_token_is_shaped_as_in_backstage() {
    let stage = Stage::new().await;
    let signed_in = stage.sign_in(ADA).await;

    let (header, claims, _) = parts(&signed_in.identity.token);

    let now = START / 1000;
    assert_eq!(header["typ"], "vnd.backstage.user");
    assert_eq!(header["alg"], "ES256");
    assert!(header["kid"].is_string());
    assert_eq!(claims["iss"], "http://localhost:7007/api/auth");
    assert_eq!(claims["sub"], ADA);
    assert_eq!(claims["aud"], "backstage");
    assert_eq!(
        (&claims["iat"], &claims["exp"]),
        (&json!(now), &json!(now + 3600))
    );
    assert_eq!(claims.get("ent"), None);
    assert_eq!(status(&stage, &signed_in.identity.token).await, 200);
}

#[tokio::test]
async fn a_limited_token_is_made_of_a_whole_one_and_is_good_for_userinfo_alone() {
    let stage = Stage::new().await;
    stage.town.put(ADA, &["group:default/crew"]);
    let token = stage.sign_in(ADA).await.identity.token;
    let (header, claims, _) = parts(&token);
    // Put together as Backstage's backends do.
    let limited_header =
        json!({ "typ": typ::LIMITED_USER, "alg": header["alg"], "kid": header["kid"] });
    let limited_claims =
        json!({ "sub": claims["sub"], "iat": claims["iat"], "exp": claims["exp"] });
    let proof = claims["uip"].as_str().unwrap();
    let limited = format!(
        "{}.{}.{proof}",
        part(&limited_header),
        part(&limited_claims)
    );

    assert_eq!(status(&stage, &limited).await, 401);
    let (status, info) = stage.get("/api/auth/v1/userinfo", &limited).await;
    assert_eq!(status, 200);
    assert_eq!(
        info,
        json!({ "claims": { "sub": ADA, "ent": [ADA, "group:default/crew"] } })
    );
}

#[tokio::test]
async fn a_changed_token_is_refused() {
    let stage = Stage::new().await;
    let token = stage.sign_in(ADA).await.identity.token;
    let (header, claims, signature) = parts(&token);
    let mut other = claims.clone();
    other["sub"] = json!("user:default/root");
    let mut later = claims.clone();
    later["exp"] = json!(START);

    for (why, forged) in [
        (
            "another subject",
            format!("{}.{}.{signature}", part(&header), part(&other)),
        ),
        (
            "a later end",
            format!("{}.{}.{signature}", part(&header), part(&later)),
        ),
        (
            "no signature",
            format!("{}.{}.", part(&header), part(&claims)),
        ),
        ("cut", token[..token.len() - 4].to_owned()),
        ("two parts", token.rsplit_once('.').unwrap().0.to_owned()),
        ("nothing", String::from("....")),
    ] {
        assert_eq!(status(&stage, &forged).await, 401, "{why}");
    }
}

#[tokio::test]
async fn the_algorithm_is_ours_to_choose() {
    let stage = Stage::new().await;
    let token = stage.sign_in(ADA).await.identity.token;
    let (header, claims, signature) = parts(&token);
    for alg in ["none", "NONE", "RS256", "ES384"] {
        let mut changed = header.clone();
        changed["alg"] = json!(alg);
        for end in ["", &signature] {
            let forged = format!("{}.{}.{end}", part(&changed), part(&claims));
            assert_eq!(status(&stage, &forged).await, 401, "{alg}");
        }
    }
    // Signed with what everybody knows: our public key, taken for a shared secret.
    let (_, jwks) = stage.get("/api/auth/.well-known/jwks.json", "").await;
    let secrets = [
        jwks["keys"][0]["x"].as_str().unwrap(),
        jwks["keys"][0].as_str().unwrap_or(""),
    ];
    for secret in secrets {
        let mut confused = Header::new(Algorithm::HS256);
        confused.typ = Some(typ::USER.to_owned());
        confused.kid = header["kid"].as_str().map(str::to_owned);
        let key = EncodingKey::from_secret(secret.as_bytes());
        let forged = encode(&confused, &claims, &key).unwrap();
        assert_eq!(status(&stage, &forged).await, 401);
    }
}

#[tokio::test]
async fn a_token_of_another_key_portal_type_or_time_is_refused() {
    let stage = Stage::new().await;
    let elsewhere = Stage::new().await;
    let inner = &stage.identity.0;
    let now = START / 1000;
    let key = inner.keys.signing().await.unwrap();
    let good = json!({ "iss": "http://localhost:7007/api/auth", "sub": ADA, "aud": "backstage", "iat": now, "exp": now + 60 });
    let sign = |typ: &str, change: &[(&str, Value)]| {
        let mut claims = good.clone();
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        key.sign(typ, &claims).unwrap()
    };

    assert_eq!(status(&stage, &sign(typ::USER, &[])).await, 200);
    for (why, token) in [
        ("another key", elsewhere.sign_in(ADA).await.identity.token),
        (
            "another portal",
            sign(typ::USER, &[("iss", json!("https://evil.org/api/auth"))]),
        ),
        (
            "another audience",
            sign(typ::USER, &[("aud", json!("catalog"))]),
        ),
        ("no audience", sign(typ::USER, &[("aud", Value::Null)])),
        ("over", sign(typ::USER, &[("exp", json!(now))])),
        (
            "of the future",
            sign(
                typ::USER,
                &[("iat", json!(now + 3600)), ("exp", json!(now + 7200))],
            ),
        ),
        (
            "no reference",
            sign(typ::USER, &[("sub", json!("ada ada"))]),
        ),
        ("another type", sign("JWT", &[])),
        ("a limited one", sign(typ::LIMITED_USER, &[])),
    ] {
        assert_eq!(status(&stage, &token).await, 401, "{why}");
    }
}

#[tokio::test]
async fn a_token_that_was_good_is_over_when_its_time_is() {
    let stage = Stage::new().await;
    let token = stage.sign_in(ADA).await.identity.token;
    assert_eq!(status(&stage, &token).await, 200);

    stage.clock.advance(Duration::from_secs(3599));
    assert_eq!(status(&stage, &token).await, 200);
    stage.clock.advance(Duration::from_secs(1));
    assert_eq!(status(&stage, &token).await, 401);
}

#[tokio::test]
async fn a_token_of_a_plugin_is_for_the_plugin_that_it_names() {
    let stage = Stage::new().await;
    let ada = ADA.parse().unwrap();
    let plugin = async |to, ada| {
        stage
            .identity
            .plugin_token("search", to, ada)
            .await
            .unwrap()
    };
    let for_auth = plugin("auth", None).await;
    let for_catalog = plugin("catalog", None).await;
    let for_ada = plugin("auth", Some(&ada)).await;

    // A plugin is known, and is no person.
    assert_eq!(status(&stage, &for_auth).await, 403);
    assert_eq!(status(&stage, &for_catalog).await, 401);
    assert_eq!(status(&stage, &for_ada).await, 200);
}

#[tokio::test]
async fn a_header_that_is_no_token_shows_nothing_and_two_are_refused() {
    let stage = Stage::new().await;
    let token = stage.sign_in(ADA).await.identity.token;
    let bearer = format!("Bearer {token}");
    let (lower, basic) = (format!("bearer   {token}"), format!("Basic {token}"));
    for (headers, expected) in [
        (vec![("authorization", bearer.as_str())], 200),
        (vec![("authorization", lower.as_str())], 200),
        (vec![("authorization", basic.as_str())], 401),
        (vec![("authorization", "Bearer ")], 401),
        (
            vec![
                ("authorization", bearer.as_str()),
                ("authorization", "Bearer x"),
            ],
            401,
        ),
        (vec![], 401),
    ] {
        let (status, _) = stage
            .send(axum::http::Method::GET, PATH, &headers, None)
            .await;
        assert_eq!(status, expected, "{headers:?}");
    }
}
