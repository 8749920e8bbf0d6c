//! A token that older Backstages sign with a shared secret: `type: legacy`.

use std::collections::HashSet;
use std::fmt;

use async_trait::async_trait;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use callboard_model::Clock;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use serde_json::Value;

use super::{TokenCheck, word};
use crate::config::AccessOptions;

/// Whom such tokens are of.
const SUBJECT: &str = "backstage-server";

/// People leave out the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) struct Legacy {
    key: DecodingKey,
    subject: String,
    clock: Clock,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    aud: Option<Value>,
    #[serde(default)]
    exp: Option<u64>,
}

impl Legacy {
    pub(super) fn new(options: &AccessOptions, clock: Clock) -> Result<Self, String> {
        let secret = word(
            "secret",
            options.secret.as_ref().map(|secret| secret.expose()),
        )?;
        let key = BASE64
            .decode(secret)
            .map_err(|_| "`options.secret` is no base64".to_owned())?;
        Ok(Self {
            key: DecodingKey::from_secret(&key),
            subject: word("subject", options.subject.as_deref())?,
            clock,
        })
    }
}

#[async_trait]
impl TokenCheck for Legacy {
    async fn subject(&self, token: &str) -> Option<String> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims = HashSet::new();
        // Compared with the app's clock below; a token of these has no audience.
        validation.validate_exp = false;
        validation.validate_aud = false;
        let claims = decode::<Claims>(token, &self.key, &validation).ok()?.claims;
        let now = self.clock.unix_millis() / 1000;
        let is_good =
            claims.sub == SUBJECT && claims.aud.is_none() && claims.exp.is_none_or(|end| now < end);
        is_good.then(|| self.subject.clone())
    }
}

impl fmt::Debug for Legacy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Legacy({})", self.subject)
    }
}
