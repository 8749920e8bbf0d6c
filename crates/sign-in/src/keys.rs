//! Keys that others publish, and what is signed with them.

use std::collections::HashSet;
use std::fmt;

use axum::http::{HeaderMap, Method};
use callboard_model::{Clock, Error, ErrorKind, Result};
use callboard_source::Partner;
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use url::Url;

/// How long published keys count until they are looked at again.
const COUNT: u64 = 10 * 60_000;
/// The shortest time between two looks, so that made-up tokens send nobody anywhere.
const BETWEEN_LOOKS: u64 = 30_000;
/// How far the clocks of two machines may differ, in seconds.
const LEEWAY: u64 = 30;
/// What others may sign with: nothing whose key is shared.
const SIGNED: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// The claims of a token.
pub(crate) type Claims = Map<String, Value>;

/// What a token has to be like.
#[derive(Clone, Debug)]
pub(crate) struct Expected<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) issuer: &'a str,
    pub(crate) audience: Option<&'a str>,
}

/// Keys that somebody publishes, read when they are needed.
pub(crate) struct PublishedKeys {
    url: Url,
    partner: Partner,
    clock: Clock,
    read: Mutex<Read>,
}

#[derive(Default)]
struct Read {
    keys: Option<JwkSet>,
    looked_at: Option<u64>,
}

impl PublishedKeys {
    pub(crate) fn new(url: Url, partner: Partner, clock: Clock) -> Self {
        Self {
            url,
            partner,
            clock,
            read: Mutex::default(),
        }
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// The claims of a token that one of the keys signed.
    ///
    /// # Errors
    /// `Unauthenticated`, with the rule that it broke; `Unavailable`, when there are no keys yet.
    pub(crate) async fn verify(&self, token: &str, expected: &Expected<'_>) -> Result<Claims> {
        let header = header(token, expected.algorithm)?;
        let key = self.key(&header).await?;
        verify(token, &key, expected, &self.clock)
    }

    async fn key(&self, header: &Header) -> Result<DecodingKey> {
        let now = self.clock.unix_millis();
        let mut read = self.read.lock().await;
        let since = read.looked_at.map(|at| now.saturating_sub(at));
        let known = read.keys.as_ref().and_then(|keys| find(keys, header));
        let is_fresh = known.is_some() && since.is_some_and(|since| since < COUNT);
        let is_early = since.is_some_and(|since| since < BETWEEN_LOOKS);
        if !is_fresh && !is_early {
            read.looked_at = Some(now);
            match self.fetch().await {
                Ok(keys) => read.keys = Some(keys),
                Err(error) if read.keys.is_none() => return Err(error),
                Err(error) => {
                    tracing::warn!(url = %self.url, %error, "the keys of a provider cannot be read; those that were read last count");
                }
            }
        }
        let found = read.keys.as_ref().and_then(|keys| find(keys, header));
        found.ok_or_else(|| refused("it is signed with a key that nobody published"))
    }

    async fn fetch(&self) -> Result<JwkSet> {
        let reply = self
            .partner
            .send(Method::GET, &self.url, HeaderMap::new(), Vec::new())
            .await?;
        let wrong = || Error::unavailable("jwks", format!("`{}` did not give its keys", self.url));
        if !reply.status.is_success() {
            return Err(wrong());
        }
        let json: Value = serde_json::from_slice(&reply.body).map_err(|_| wrong())?;
        let keys = json
            .get("keys")
            .and_then(Value::as_array)
            .ok_or_else(wrong)?;
        // One of a kind that we do not know does not make the others bad.
        let known = keys
            .iter()
            .filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok());
        Ok(JwkSet {
            keys: known.collect(),
        })
    }
}

impl fmt::Debug for PublishedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublishedKeys({})", self.url)
    }
}

/// The header of a token that says it is signed as it has to be.
///
/// # Errors
/// `Unauthenticated`, when it is not.
pub(crate) fn header(token: &str, algorithm: Algorithm) -> Result<Header> {
    let header = decode_header(token).map_err(|_| refused("it is no signed token"))?;
    if header.alg == algorithm && SIGNED.contains(&algorithm) {
        Ok(header)
    } else {
        Err(refused("it is signed in a way that is not the provider's"))
    }
}

/// The claims of a token that `key` signed.
///
/// # Errors
/// `Unauthenticated`, with the rule that it broke.
pub(crate) fn verify(
    token: &str,
    key: &DecodingKey,
    expected: &Expected<'_>,
    clock: &Clock,
) -> Result<Claims> {
    let mut validation = Validation::new(expected.algorithm);
    // Compared below, with the app's clock and with words of what is wrong.
    validation.required_spec_claims = HashSet::new();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let verified = decode::<Claims>(token, key, &validation);
    let claims = verified
        .map_err(|_| refused("its signature is wrong"))?
        .claims;
    check(&claims, expected, clock.unix_millis() / 1000)?;
    Ok(claims)
}

/// Whether the claims of a token whose signature is good are what they have to be.
///
/// # Errors
/// `Unauthenticated`, with the rule that they break.
pub(crate) fn check(claims: &Claims, expected: &Expected<'_>, now: u64) -> Result<()> {
    if claims.get("iss").and_then(Value::as_str) != Some(expected.issuer) {
        return Err(refused("somebody else issued it"));
    }
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64);
    let is_over = seconds("exp").is_none_or(|end| end + LEEWAY as f64 <= now as f64);
    if is_over {
        return Err(refused("it is over, or never is"));
    }
    let is_early = ["nbf", "iat"]
        .into_iter()
        .filter_map(seconds)
        .any(|start| start > (now + LEEWAY) as f64);
    if is_early {
        return Err(refused("it is not good yet"));
    }
    match expected.audience {
        Some(audience) => check_audience(claims, audience),
        None => Ok(()),
    }
}

fn check_audience(claims: &Claims, audience: &str) -> Result<()> {
    let named = match claims.get("aud") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let party = claims.get("azp").and_then(Value::as_str);
    // Of several audiences, one has to be the party that it was made for.
    let is_ours = named.contains(&audience) && (named.len() == 1 || party == Some(audience));
    if is_ours && party.is_none_or(|party| party == audience || named.len() == 1) {
        Ok(())
    } else {
        Err(refused("it is for somebody else"))
    }
}

/// The key that a header names, or the only one that may sign. One that says what it is for is used for that alone.
fn find(keys: &JwkSet, header: &Header) -> Option<DecodingKey> {
    let signs = |jwk: &&Jwk| !matches!(jwk.common.public_key_use, Some(PublicKeyUse::Encryption));
    let may = |jwk: &&Jwk| {
        let named = jwk.common.key_algorithm;
        named.is_none_or(|named| named == KeyAlgorithm::from(header.alg))
    };
    let mut usable = keys.keys.iter().filter(signs).filter(may);
    let jwk = match &header.kid {
        Some(id) => usable.find(|jwk| jwk.common.key_id.as_deref() == Some(id))?,
        None => usable.next().filter(|_| usable.next().is_none())?,
    };
    DecodingKey::from_jwk(jwk).ok()
}

/// The algorithm of this name.
pub(crate) fn algorithm(name: &str) -> Option<Algorithm> {
    SIGNED.into_iter().find(|one| format!("{one:?}") == name)
}

/// The algorithms that there are, for people.
pub(crate) fn algorithms() -> String {
    SIGNED.map(|one| format!("`{one:?}`")).join(", ")
}

/// What is said about a token that is not good.
pub(crate) fn refused(reason: &str) -> Error {
    let message = format!("the provider's token is not good: {reason}");
    Error::new(ErrorKind::Unauthenticated, "provider-token", message).hint("sign in again")
}
