//! Amazon's Application Load Balancer, which signs who somebody is.
//!
//! Its tokens are JWTs whose parts are padded, which no JWT has; so they are taken apart here.

use std::collections::HashMap;

use async_trait::async_trait;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use axum::http::{HeaderMap, Method};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use callboard_model::{Clock, Error, Result};
use callboard_source::{Limits, Partner};
use serde_json::json;
use tokio::sync::Mutex;
use url::Url;

use super::claims::text;
use super::proxy::{Proxy, Vouched, single, unproven};
use crate::account::{Account, Profile};
use crate::config::AwsAlbSettings;
use crate::keys::{Claims, Expected, check, refused};

const TOKEN: &str = "x-amzn-oidc-data";
const ACCESS_TOKEN: &str = "x-amzn-oidc-accesstoken";
/// What stands before the point of a key on the curve P-256.
const KEY_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// The most keys that are remembered.
const MOST_KEYS: usize = 64;
/// The shortest time between two questions for a key, so that made-up tokens send nobody anywhere.
const BETWEEN_LOOKS: u64 = 1_000;

#[derive(Debug)]
pub(crate) struct AwsAlb {
    issuer: String,
    signer: Option<String>,
    base: Url,
    partner: Partner,
    clock: Clock,
    keys: Mutex<Keys>,
}

#[derive(Debug, Default)]
struct Keys {
    points: HashMap<String, Vec<u8>>,
    looked_at: Option<u64>,
}

impl AwsAlb {
    pub(super) fn new(settings: &AwsAlbSettings, clock: &Clock) -> Result<Self> {
        let region = settings.region.as_str();
        let is_plain = |character: char| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
        };
        if region.is_empty() || !region.chars().all(is_plain) {
            let message = format!("`auth.providers.awsalb.region` is `{region}`");
            return Err(Error::invalid("sign-in-provider", message)
                .hint("write a region such as `eu-central-1`"));
        }
        let base = if region.starts_with("us-gov") {
            format!("https://s3-{region}.amazonaws.com/aws-elb-public-keys-prod-{region}/")
        } else {
            format!("https://public-keys.auth.elb.{region}.amazonaws.com/")
        };
        let base = base.parse().map_err(|error| {
            Error::internal("aws-alb", "an address of Amazon is none").source(error)
        })?;
        Self::with_keys(settings, base, clock)
    }

    /// One whose keys are elsewhere.
    pub(super) fn with_keys(settings: &AwsAlbSettings, base: Url, clock: &Clock) -> Result<Self> {
        let named = Some(&base).filter(|_| cfg!(test));
        Ok(Self {
            issuer: settings.issuer.clone(),
            signer: settings.signer.clone(),
            partner: Partner::new(
                named,
                Limits {
                    bytes: 16 * 1024,
                    ..Limits::default()
                },
            )?,
            base,
            clock: clock.clone(),
            keys: Mutex::default(),
        })
    }

    async fn claims(&self, token: &str) -> Result<Claims> {
        let token = PaddedToken::read(token).ok_or_else(|| refused("it is no signed token"))?;
        if text(&token.header, "alg").as_deref() != Some("ES256") {
            return Err(refused("it is signed in a way that is not the balancer's"));
        }
        let id = text(&token.header, "kid").ok_or_else(|| refused("it names no key"))?;
        let point = self.key(&id).await?;
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        key.verify(token.signed.as_bytes(), &token.signature)
            .map_err(|_| refused("its signature is wrong"))?;
        if self.signer.is_some() && text(&token.header, "signer") != self.signer {
            return Err(refused("another balancer signed it"));
        }
        let expected = Expected {
            algorithm: jsonwebtoken::Algorithm::ES256,
            issuer: &self.issuer,
            audience: None,
        };
        check(&token.claims, &expected, self.clock.unix_millis() / 1000)?;
        Ok(token.claims)
    }

    async fn key(&self, id: &str) -> Result<Vec<u8>> {
        let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '-';
        if id.len() > 64 || !id.chars().all(is_plain) {
            return Err(refused("it names no key"));
        }
        let now = self.clock.unix_millis();
        let mut keys = self.keys.lock().await;
        if let Some(point) = keys.points.get(id) {
            return Ok(point.clone());
        }
        if keys
            .looked_at
            .is_some_and(|at| now < at.saturating_add(BETWEEN_LOOKS))
        {
            return Err(Error::unavailable(
                "aws-alb",
                "the balancer's keys were asked for a moment ago",
            )
            .hint("try again"));
        }
        keys.looked_at = Some(now);
        let point = self.fetch(id).await?;
        if keys.points.len() >= MOST_KEYS {
            keys.points.clear();
        }
        keys.points.insert(id.to_owned(), point.clone());
        Ok(point)
    }

    async fn fetch(&self, id: &str) -> Result<Vec<u8>> {
        let url = self.base.join(id).map_err(|_| refused("it names no key"))?;
        let reply = self
            .partner
            .send(Method::GET, &url, HeaderMap::new(), Vec::new())
            .await?;
        if !reply.status.is_success() {
            return Err(refused("it is signed with a key that nobody published"));
        }
        let pem = String::from_utf8(reply.body).unwrap_or_default();
        point(&pem).ok_or_else(|| Error::unavailable("aws-alb", format!("`{url}` is no key")))
    }
}

/// A JWT whose parts may be padded.
struct PaddedToken<'a> {
    header: Claims,
    claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> PaddedToken<'a> {
    fn read(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok();
        let json = |part: &str| serde_json::from_slice(&bytes(part)?).ok();
        Some(Self {
            header: json(header)?,
            claims: json(claims)?,
            signed,
            signature: bytes(signature)?,
        })
    }
}

/// The point of a key on the curve P-256, which is written in PEM.
fn point(pem: &str) -> Option<Vec<u8>> {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let text: String = lines.map(str::trim).collect();
    let der = STANDARD.decode(text).ok()?;
    der.strip_prefix(&KEY_PREFIX).map(<[u8]>::to_vec)
}

#[async_trait]
impl Proxy for AwsAlb {
    async fn vouched(&self, headers: &HeaderMap) -> Result<Vouched> {
        let needed = |name| {
            let missing = || unproven(&format!("Missing ALB OIDC header: {name}"));
            single(headers, name)?.ok_or_else(missing)
        };
        let (token, access_token) = (needed(TOKEN)?, needed(ACCESS_TOKEN)?);
        let claims = self.claims(token).await?;
        let email = text(&claims, "email").ok_or_else(|| refused("it has no address"))?;
        let username = email.split('@').next().map(str::to_owned);
        Ok(Vouched {
            account: Account {
                profile: Profile {
                    picture: text(&claims, "picture"),
                    display_name: text(&claims, "name").or_else(|| username.clone()),
                    email: Some(email),
                },
                username,
                id: text(&claims, "sub"),
                ..Account::default()
            },
            provider_info: json!({ "accessToken": access_token, "expiresInSeconds": claims.get("exp") }),
        })
    }
}
