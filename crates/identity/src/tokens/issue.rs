//! Makes tokens.

use std::sync::Arc;
use std::time::Duration;

use callboard_model::{Clock, EntityRef, Error, Result};
use serde::Serialize;

use super::{USER_AUDIENCE, typ};
use crate::keys::{Keys, SigningKey};

/// The longest token, as in Backstage.
const LONGEST: usize = 32_768;

/// Makes tokens.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) keys: Arc<Keys>,
    pub(crate) clock: Clock,
    /// The address under which our keys are published.
    pub(crate) issuer: String,
    pub(crate) lifetime: Duration,
    /// Whether tokens of people leave out what they own things as.
    pub(crate) omit_ownership: bool,
}

/// A token, and how long it lasts.
#[derive(Clone, Debug)]
pub(crate) struct IssuedToken {
    pub(crate) token: String,
    /// In Unix seconds.
    pub(crate) expires_at: u64,
    pub(crate) lasts: Duration,
}

/// What a token of a person says. The order of the members is Backstage's.
#[derive(Debug, Serialize)]
struct UserClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ent: Option<&'a [EntityRef]>,
    aud: &'static str,
    iat: u64,
    exp: u64,
    /// The signature of the limited token, so that whoever has this token can make that one.
    uip: &'a str,
}

/// What a limited token says; its text has to be the same as Backstage's clients put together.
#[derive(Debug, Serialize)]
struct LimitedClaims<'a> {
    sub: &'a str,
    iat: u64,
    exp: u64,
}

/// What a token of a plugin says.
#[derive(Debug, Serialize)]
struct PluginClaims<'a> {
    sub: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    obo: Option<&'a str>,
}

/// What a program is told of a person.
#[derive(Debug, Serialize)]
struct IdClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
}

impl Issuer {
    /// A token of a person.
    pub(crate) async fn user(
        &self,
        entity_ref: &EntityRef,
        ownership: &[EntityRef],
    ) -> Result<IssuedToken> {
        let key = self.keys.signing().await?;
        let (iat, exp) = self.span();
        let sub = entity_ref.as_str();
        let limited = limited(&key, sub, iat, exp)?;
        let claims = UserClaims {
            iss: &self.issuer,
            sub,
            ent: (!self.omit_ownership).then_some(ownership),
            aud: USER_AUDIENCE,
            iat,
            exp,
            uip: signature(&limited),
        };
        let token = key.sign(typ::USER, &claims)?;
        if token.len() > LONGEST {
            let message = format!(
                "the token of `{entity_ref}` would be {} bytes long, and {LONGEST} are the most",
                token.len()
            );
            return Err(Error::internal("token-too-long", message)
                .hint("leave `auth.omitIdentityTokenOwnershipClaim` on"));
        }
        Ok(self.issued(token, exp))
    }

    /// A token of a person that is for assets alone.
    pub(crate) async fn limited_user(&self, entity_ref: &EntityRef) -> Result<IssuedToken> {
        let key = self.keys.signing().await?;
        let (iat, exp) = self.span();
        Ok(self.issued(limited(&key, entity_ref.as_str(), iat, exp)?, exp))
    }

    /// What tells the program `client` who somebody is.
    pub(crate) async fn id_token(
        &self,
        entity_ref: &EntityRef,
        client: &str,
        nonce: Option<&str>,
    ) -> Result<IssuedToken> {
        let key = self.keys.signing().await?;
        let (iat, exp) = self.span();
        let claims = IdClaims {
            iss: &self.issuer,
            sub: entity_ref.as_str(),
            aud: client,
            iat,
            exp,
            nonce,
        };
        Ok(self.issued(key.sign(typ::ID, &claims)?, exp))
    }

    /// A token with which the plugin `from` calls the plugin `to`; in the name of a person, when it comes with their
    /// limited token.
    pub(crate) async fn plugin(
        &self,
        from: &str,
        to: &str,
        on_behalf_of: Option<&IssuedToken>,
    ) -> Result<IssuedToken> {
        let key = self.keys.signing().await?;
        let (iat, exp) = self.span();
        let exp = on_behalf_of.map_or(exp, |limited| exp.min(limited.expires_at));
        let claims = PluginClaims {
            sub: from,
            aud: to,
            iat,
            exp,
            obo: on_behalf_of.map(|limited| limited.token.as_str()),
        };
        Ok(self.issued(key.sign(typ::PLUGIN, &claims)?, exp))
    }

    /// When a token is made and when it is over, in Unix seconds.
    fn span(&self) -> (u64, u64) {
        let now = self.clock.unix_millis() / 1000;
        (now, now + self.lifetime.as_secs())
    }

    fn issued(&self, token: String, expires_at: u64) -> IssuedToken {
        IssuedToken {
            token,
            expires_at,
            lasts: self.lifetime,
        }
    }
}

fn limited(key: &SigningKey, sub: &str, iat: u64, exp: u64) -> Result<String> {
    key.sign(typ::LIMITED_USER, &LimitedClaims { sub, iat, exp })
}

/// The last part of a token.
fn signature(token: &str) -> &str {
    token.rsplit('.').next().unwrap_or_default()
}
