//! Google Cloud's Identity-Aware Proxy, which signs who somebody is.

use async_trait::async_trait;
use axum::http::HeaderMap;
use callboard_model::{Clock, Error, Result};
use callboard_source::{Limits, Partner};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use url::Url;

use super::claims::text;
use super::proxy::{Proxy, Vouched, single, unproven};
use crate::account::{Account, Profile};
use crate::config::GcpIapSettings;
use crate::keys::{Expected, PublishedKeys, refused};

const HEADER: &str = "x-goog-iap-jwt-assertion";
const ISSUER: &str = "https://cloud.google.com/iap";
const KEYS: &str = "https://www.gstatic.com/iap/verify/public_key-jwk";

#[derive(Debug)]
pub(crate) struct GcpIap {
    header: String,
    audience: String,
    keys: PublishedKeys,
}

impl GcpIap {
    pub(super) fn new(settings: &GcpIapSettings, clock: &Clock) -> Result<Self> {
        let url: Url = KEYS.parse().map_err(|error| {
            Error::internal("gcp-iap", "an address of Google is none").source(error)
        })?;
        Self::with_keys(settings, url, clock)
    }

    /// One whose keys are elsewhere.
    pub(super) fn with_keys(settings: &GcpIapSettings, url: Url, clock: &Clock) -> Result<Self> {
        if settings.audience.is_empty() {
            let message = "`auth.providers.gcpIap.audience` is empty";
            return Err(Error::invalid("sign-in-provider", message)
                .hint("write the audience of the backend service"));
        }
        let partner = Partner::new(named(&url), Limits::default())?;
        Ok(Self {
            header: settings
                .jwt_header
                .clone()
                .unwrap_or_else(|| HEADER.to_owned()),
            audience: settings.audience.clone(),
            keys: PublishedKeys::new(url, partner, clock.clone()),
        })
    }
}

/// Google's keys are on the public internet; those of a test are not.
fn named(url: &Url) -> Option<&Url> {
    Some(url).filter(|_| cfg!(test))
}

#[async_trait]
impl Proxy for GcpIap {
    async fn vouched(&self, headers: &HeaderMap) -> Result<Vouched> {
        let token = single(headers, &self.header)?;
        let token = token.ok_or_else(|| unproven("Missing Google IAP header"))?;
        let expected = Expected {
            algorithm: Algorithm::ES256,
            issuer: ISSUER,
            audience: Some(&self.audience),
        };
        let claims = self.keys.verify(token, &expected).await?;
        let subject = text(&claims, "sub").ok_or_else(|| refused("it is about nobody"))?;
        let email = text(&claims, "email").ok_or_else(|| refused("it has no address"))?;
        Ok(Vouched {
            account: Account {
                profile: Profile {
                    email: Some(email),
                    ..Profile::default()
                },
                // Such as `accounts.google.com:1234`.
                id: subject.split_once(':').map(|(_, id)| id.to_owned()),
                id_annotation: Some("google.com/user-id".to_owned()),
                ..Account::default()
            },
            provider_info: json!({ "iapToken": Value::Object(claims) }),
        })
    }
}
