//! Reads tokens, and believes only those that we signed.

use std::collections::HashSet;
use std::sync::Arc;

use callboard_model::{Clock, EntityRef, Error, ErrorKind, Result};
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;

use super::{USER_AUDIENCE, typ};
use crate::keys::Keys;

/// Reads tokens.
#[derive(Debug)]
pub(crate) struct Verifier {
    pub(crate) keys: Arc<Keys>,
    pub(crate) clock: Clock,
    /// The address under which our keys are published.
    pub(crate) issuer: String,
}

/// Which of our tokens one says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    User,
    LimitedUser,
    Plugin,
}

impl TokenKind {
    /// What the header of `token` says; nothing, when it is no token of ours. Nothing is believed by that.
    pub(crate) fn of(token: &str) -> Option<Self> {
        match decode_header(token).ok()?.typ?.as_str() {
            typ::USER => Some(Self::User),
            typ::LIMITED_USER => Some(Self::LimitedUser),
            typ::PLUGIN => Some(Self::Plugin),
            _ => None,
        }
    }
}

/// What a good token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) bearer: Bearer,
    /// In Unix seconds.
    pub(crate) expires_at: u64,
}

/// Who holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bearer {
    /// A person; the plugin that acts in their name.
    User(EntityRef, Option<String>),
    /// A plugin, and the one that it calls.
    Plugin(String, String),
}

#[derive(Debug, Deserialize)]
struct Claims {
    sub: String,
    iat: u64,
    exp: u64,
    #[serde(default)]
    aud: Option<String>,
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    obo: Option<String>,
}

impl Verifier {
    /// Who holds `token`, of the type `kind`.
    ///
    /// # Errors
    /// `Unauthenticated`, when it is not one that we signed, is over, or is for others; `Unavailable`, when its key
    /// has to be looked up and the database is away.
    pub(crate) async fn verify(&self, token: &str, kind: TokenKind) -> Result<Verified> {
        let claims = self.claims(token, kind).await?;
        match kind {
            TokenKind::User => self.user(&claims),
            TokenKind::LimitedUser => person(&claims, None),
            TokenKind::Plugin => self.plugin(claims).await,
        }
    }

    fn user(&self, claims: &Claims) -> Result<Verified> {
        if claims.aud.as_deref() != Some(USER_AUDIENCE) {
            return Err(refused("it is for others"));
        }
        if claims.iss.as_deref() != Some(self.issuer.as_str()) {
            return Err(refused("it is of another portal"));
        }
        person(claims, None)
    }

    async fn plugin(&self, claims: Claims) -> Result<Verified> {
        let Some(to) = claims.aud.filter(|_| is_plugin_id(&claims.sub)) else {
            return Err(refused("its subject or audience is wrong"));
        };
        let Some(limited) = &claims.obo else {
            return Ok(Verified {
                bearer: Bearer::Plugin(claims.sub, to),
                expires_at: claims.exp,
            });
        };
        let actor = format!("plugin:{}", claims.sub);
        let theirs = self.claims(limited, TokenKind::LimitedUser).await?;
        let mut verified = person(&theirs, Some(actor))?;
        verified.expires_at = verified.expires_at.min(claims.exp);
        Ok(verified)
    }

    /// What a token says that we signed, that is of the type that it has to be, and that is not over.
    async fn claims(&self, token: &str, kind: TokenKind) -> Result<Claims> {
        if TokenKind::of(token) != Some(kind) {
            return Err(refused("it is of another type"));
        }
        let id = decode_header(token).ok().and_then(|header| header.kid);
        let id = id.ok_or_else(|| refused("it does not name its key"))?;
        let key = self.keys.public(&id).await?;
        let key = key.ok_or_else(|| refused("nobody knows its key"))?;
        // Never what the token says: the algorithm is ours.
        let mut validation = Validation::new(Algorithm::ES256);
        // Times are compared with the app's clock below; who it is for, by its type.
        validation.required_spec_claims = HashSet::new();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let claims = decode::<Claims>(token, &key, &validation)
            .map_err(|_| refused("its signature is wrong"))?
            .claims;
        let now = self.clock.unix_millis() / 1000;
        if claims.exp <= now {
            return Err(refused("it is over"));
        }
        // A clock may be a little behind the one of the replica that made it.
        if claims.iat > now + 60 {
            return Err(refused("it is of the future"));
        }
        Ok(claims)
    }
}

fn person(claims: &Claims, actor: Option<String>) -> Result<Verified> {
    let entity_ref = claims
        .sub
        .parse()
        .map_err(|_| refused("its subject is no entity reference"))?;
    Ok(Verified {
        bearer: Bearer::User(entity_ref, actor),
        expires_at: claims.exp,
    })
}

fn is_plugin_id(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !text.is_empty() && text.chars().all(allowed)
}

fn refused(why: &str) -> Error {
    let message = format!("the token is not accepted: {why}");
    Error::new(ErrorKind::Unauthenticated, "invalid-token", message)
        .hint("sign in again, or get a new token")
}
