//! A provider on a socket of this machine, which can be made to misbehave.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use url::Url;

use super::stage::START;

pub(super) const CLIENT: &str = "callboard";
pub(super) const SECRET: &str = "a secret of the client";

/// A key pair on the curve P-256.
pub(super) struct Key {
    pub(super) pair: EcdsaKeyPair,
    pub(super) encoding: EncodingKey,
}

/// How the provider is to behave, and what it saw.
pub(super) struct Behaviour {
    /// What identity tokens claim instead; null takes a claim away.
    pub(super) claims: BTreeMap<String, Value>,
    /// Makes the whole token.
    pub(super) forge: Option<fn(&Issuer, &Value) -> String>,
    /// What is said about the owner of an access token.
    pub(super) person: Value,
    /// Whether refresh tokens are good.
    pub(super) knows: bool,
    pub(super) away: bool,
    pub(super) revoked: Vec<String>,
    codes: BTreeMap<String, Code>,
}

struct Code {
    nonce: Option<String>,
    challenge: String,
}

/// The provider.
#[derive(Clone)]
pub(super) struct Issuer {
    pub(super) url: Url,
    pub(super) key: Arc<Key>,
    state: Arc<Mutex<Behaviour>>,
}

impl Key {
    pub(super) fn new() -> Self {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        Self {
            pair: EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref()).unwrap(),
            encoding: EncodingKey::from_ec_der(document.as_ref()),
        }
    }

    pub(super) fn jwks(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let part = |range| URL_SAFE_NO_PAD.encode(&point[range]);
        json!({ "keys": [
            { "kty": "future", "kid": "unheard-of" },
            { "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "one", "x": part(1..33), "y": part(33..65) },
        ] })
    }

    pub(super) fn pem(&self) -> String {
        let der = self.pair.public_key().as_der().unwrap();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            STANDARD.encode(der.as_ref())
        )
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("one".to_owned());
        encode(&header, claims, &self.encoding).unwrap()
    }
}

impl Issuer {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let person = json!({
            "sub": "1", "name": "Ada", "email": "ada@example.com", "email_verified": true, "preferred_username": "ada",
            "login": "ada", "node_id": "U_Ada", "id": 7, "username": "ada", "web_url": "http://git.example.com/ada",
        });
        let issuer = Self {
            url,
            key: Arc::new(Key::new()),
            state: Arc::new(Mutex::new(Behaviour {
                claims: BTreeMap::new(),
                forge: None,
                person,
                knows: true,
                away: false,
                revoked: Vec::new(),
                codes: BTreeMap::new(),
            })),
        };
        let router = Router::new().fallback(answer).with_state(issuer.clone());
        #[expect(clippy::disallowed_methods, reason = "the server of a test")]
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    pub(super) fn behave(&self) -> MutexGuard<'_, Behaviour> {
        self.state.lock().unwrap()
    }

    /// Somebody signs in at the page that they were sent to: what they are sent back with.
    pub(super) fn consent(&self, page: &Url) -> String {
        let query: BTreeMap<_, _> = page.query_pairs().into_owned().collect();
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["code_challenge_method"], "S256");
        let mut state = self.behave();
        let code = format!("code-{}", state.codes.len());
        state.codes.insert(
            code.clone(),
            Code {
                nonce: query.get("nonce").cloned(),
                challenge: query["code_challenge"].clone(),
            },
        );
        format!("code={code}&state={}", query["state"])
    }

    /// The claims of an identity token of a well-behaved provider.
    fn claims(&self, nonce: Option<&str>) -> Value {
        let now = START / 1000;
        let mut claims = json!({
            "iss": self.url.as_str(), "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 3600,
            "email": "ada@example.com", "name": "Ada", "preferred_username": "ada",
        });
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        let state = self.behave();
        let members = claims.as_object_mut().unwrap();
        for (name, value) in &state.claims {
            if value.is_null() {
                members.remove(name);
            } else {
                members.insert(name.clone(), value.clone());
            }
        }
        claims
    }

    fn tokens(&self, nonce: Option<&str>) -> Response {
        let claims = self.claims(nonce);
        let forge = self.behave().forge;
        let token = forge.map_or_else(|| self.key.sign(&claims), |forge| forge(self, &claims));
        json_answer(&json!({
            "access_token": "access", "token_type": "Bearer", "expires_in": 300, "refresh_token": "refresh-1",
            "scope": "openid profile email", "id_token": token,
        }))
    }

    fn exchange(&self, headers: &HeaderMap, form: &BTreeMap<String, String>) -> Response {
        if !is_client(headers, form) {
            return refuse("invalid_client");
        }
        if form["grant_type"] == "refresh_token" {
            let is_known = self.behave().knows && form["refresh_token"] == "refresh-1";
            return if is_known {
                self.tokens(None)
            } else {
                refuse("invalid_grant")
            };
        }
        let Some(code) = self.behave().codes.remove(&form["code"]) else {
            return refuse("invalid_grant");
        };
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, form["code_verifier"].as_bytes()));
        if challenge != code.challenge {
            return refuse("invalid_grant");
        }
        self.tokens(code.nonce.as_deref())
    }
}

async fn answer(
    State(issuer): State<Issuer>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let at = |path: &str| issuer.url.join(path).unwrap();
    if issuer.behave().away {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    match uri.path() {
        "/.well-known/openid-configuration" => json_answer(&json!({
            "issuer": issuer.url, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
            "jwks_uri": at("jwks"), "userinfo_endpoint": at("userinfo"), "revocation_endpoint": at("revoke"),
            "end_session_endpoint": "https://id.example.com/end",
        })),
        "/jwks" => json_answer(&issuer.key.jwks()),
        "/keys/one" => issuer.key.pem().into_response(),
        "/token" | "/login/oauth/access_token" | "/oauth/token" => issuer.exchange(&headers, &form),
        "/userinfo" | "/api/v3/user" | "/api/v4/user" => json_answer(&issuer.behave().person),
        "/revoke" if !is_client(&headers, &form) => refuse("invalid_client"),
        "/revoke" => {
            issuer.behave().revoked.push(form["token"].clone());
            StatusCode::OK.into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether a request shows our secret: the encoding is that of a form.
fn is_client(headers: &HeaderMap, form: &BTreeMap<String, String>) -> bool {
    let pair = format!("{CLIENT}:{}", SECRET.replace(' ', "+"));
    let basic = format!("Basic {}", STANDARD.encode(pair));
    let in_header = headers
        .get(AUTHORIZATION)
        .is_some_and(|value| value == &basic);
    let in_body = form
        .get("client_secret")
        .is_some_and(|secret| secret == SECRET);
    in_header || in_body
}

fn json_answer(json: &Value) -> Response {
    ([("content-type", "application/json")], json.to_string()).into_response()
}

fn refuse(error: &str) -> Response {
    (
        StatusCode::BAD_REQUEST,
        json_answer(&json!({ "error": error })),
    )
        .into_response()
}
