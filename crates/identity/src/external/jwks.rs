//! A token that others sign, who publish their keys: `type: jwks`.

use std::collections::HashSet;
use std::fmt;

use async_trait::async_trait;
use callboard_model::{Clock, Error, Result};
use callboard_source::{
    AllowConfig, AllowList, Answer, Client, HostPattern, Limits, ReadingConfig, Validators,
};
use jsonwebtoken::jwk::{JwkSet, KeyAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::{TokenCheck, word};
use crate::config::AccessOptions;

/// How long published keys count until they are looked at again.
const COUNT: u64 = 10 * 60_000;
/// The shortest time between two looks, so that made-up tokens send nobody anywhere.
const BETWEEN_LOOKS: u64 = 30_000;
/// The largest set of keys.
const LARGEST: usize = 256 * 1024;
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

pub(super) struct Jwks {
    url: Url,
    client: Client,
    clock: Clock,
    algorithms: Vec<Algorithm>,
    issuers: Vec<String>,
    audiences: Vec<String>,
    prefix: String,
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    set: Option<JwkSet>,
    looked_at: Option<u64>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    exp: Option<u64>,
    #[serde(default)]
    nbf: Option<u64>,
}

impl Jwks {
    pub(super) fn new(options: &AccessOptions, clock: Clock) -> Result<Self, String> {
        let url: Url = word("url", options.url.as_deref())?
            .parse()
            .map_err(|error| format!("`options.url` is no address: {error}"))?;
        let named = options.algorithm.members();
        let algorithms = named
            .iter()
            .map(|name| algorithm(name))
            .collect::<Result<_, _>>()?;
        let prefix = match options.subject_prefix.as_deref() {
            None => "external:".to_owned(),
            Some(prefix) => format!("external:{prefix}:"),
        };
        Ok(Self {
            client: client(&url)?,
            url,
            clock,
            algorithms,
            issuers: options.issuer.members(),
            audiences: options.audience.members(),
            prefix,
            keys: Mutex::default(),
        })
    }

    /// The key that a token names; looks whether there are new ones, if nobody did just now.
    async fn key(&self, header: &Header) -> Option<DecodingKey> {
        let now = self.clock.unix_millis();
        let mut keys = self.keys.lock().await;
        let since = keys.looked_at.map(|at| now.saturating_sub(at));
        let counts = since.is_some_and(|since| since < COUNT);
        let known = keys.set.as_ref().and_then(|set| find(set, header));
        if known.is_some() && counts {
            return known;
        }
        if since.is_some_and(|since| since < BETWEEN_LOOKS) {
            return known;
        }
        keys.looked_at = Some(now);
        match self.fetch().await {
            Ok(set) => keys.set = Some(set),
            Err(error) => {
                tracing::warn!(url = %self.url, %error, "the keys of a program's tokens cannot be read; those that were read last count");
            }
        }
        keys.set.as_ref().and_then(|set| find(set, header))
    }

    async fn fetch(&self) -> Result<JwkSet> {
        let host = self.url.host_str().map(str::to_owned);
        let may = |url: &Url| url.host_str() == host.as_deref();
        match self
            .client
            .get(&self.url, &Validators::default(), may)
            .await?
        {
            Answer::Found(file) => serde_json::from_slice(&file.content).map_err(|error| {
                Error::unavailable("jwks", format!("`{}` is no set of keys", self.url))
                    .source(error)
            }),
            Answer::NotModified => Err(Error::unavailable(
                "jwks",
                format!("`{}` did not give its keys", self.url),
            )),
        }
    }

    fn validation(&self, header: &Header) -> Option<Validation> {
        let accepted = if self.algorithms.is_empty() {
            SIGNED.contains(&header.alg)
        } else {
            self.algorithms.contains(&header.alg)
        };
        if !accepted {
            return None;
        }
        let mut validation = Validation::new(header.alg);
        validation.required_spec_claims = HashSet::new();
        // Compared with the app's clock.
        validation.validate_exp = false;
        validation.validate_aud = !self.audiences.is_empty();
        if !self.audiences.is_empty() {
            validation.set_audience(&self.audiences);
            validation.required_spec_claims.insert("aud".to_owned());
        }
        if !self.issuers.is_empty() {
            validation.set_issuer(&self.issuers);
            validation.required_spec_claims.insert("iss".to_owned());
        }
        Some(validation)
    }
}

#[async_trait]
impl TokenCheck for Jwks {
    async fn subject(&self, token: &str) -> Option<String> {
        let header = decode_header(token).ok()?;
        let validation = self.validation(&header)?;
        let key = self.key(&header).await?;
        let claims = decode::<Claims>(token, &key, &validation).ok()?.claims;
        let now = self.clock.unix_millis() / 1000;
        let is_good = claims.exp.is_none_or(|end| now < end)
            && claims.nbf.is_none_or(|start| start <= now)
            && !claims.sub.is_empty();
        is_good.then(|| format!("{}{}", self.prefix, claims.sub))
    }
}

impl fmt::Debug for Jwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jwks({})", self.url)
    }
}

/// The key that a header names, or the only one. One that says what it is for is used for that alone.
fn find(set: &JwkSet, header: &Header) -> Option<DecodingKey> {
    let jwk = match (&header.kid, set.keys.as_slice()) {
        (Some(id), _) => set.find(id)?,
        (None, [only]) => only,
        (None, _) => return None,
    };
    let is_for = jwk.common.key_algorithm;
    if is_for.is_some_and(|named| named != KeyAlgorithm::from(header.alg)) {
        return None;
    }
    DecodingKey::from_jwk(jwk).ok()
}

fn algorithm(name: &str) -> Result<Algorithm, String> {
    let known = SIGNED.into_iter().find(|one| format!("{one:?}") == name);
    known.ok_or_else(|| {
        let names = SIGNED.map(|one| format!("`{one:?}`"));
        format!(
            "`options.algorithm` is `{name}`, and there are {}",
            names.join(", ")
        )
    })
}

/// One that reaches the host of `url` and no other. The operator wrote it, so it may be in a private network.
fn client(url: &Url) -> Result<Client, String> {
    let host = url.host_str().unwrap_or_default();
    let host = match url.port() {
        None => host.to_owned(),
        Some(port) => format!("{host}:{port}"),
    };
    let reading = ReadingConfig {
        allow: vec![AllowConfig {
            host: HostPattern::try_from(host)?,
            paths: None,
        }],
    };
    let limits = Limits {
        bytes: LARGEST,
        ..Limits::default()
    };
    Client::new(AllowList::new(&reading), limits).map_err(|error| error.message().to_owned())
}
