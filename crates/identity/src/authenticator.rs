//! Who makes a request: what its headers show.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use callboard_auth::{Authenticator, Credentials, Principal, User};
use callboard_model::{EntityRef, Error, ErrorKind, Result};
use quick_cache::sync::Cache;

use crate::identity::Inner;
use crate::personal_tokens::PREFIX;
use crate::random_token::hash;
use crate::tokens::{Bearer, TokenKind, Verified};
use crate::{SESSION_COOKIE, cross_site};

/// The most tokens whose signatures are remembered to be good: checking one takes as long as a hundred answers.
const MOST_REMEMBERED: usize = 20_000;
/// The longest token that is looked at; ours are never longer.
const LONGEST: usize = 32_768;

/// Finds out who makes a request.
#[derive(Debug)]
pub(crate) struct Headers {
    identity: Arc<Inner>,
    verified: Cache<String, Verified>,
}

impl Headers {
    pub(crate) fn new(identity: Arc<Inner>) -> Self {
        Self {
            identity,
            verified: Cache::new(MOST_REMEMBERED),
        }
    }

    async fn by_token(&self, token: &str, plugin: Option<&str>) -> Result<Credentials> {
        if token.len() > LONGEST {
            return Err(illegal());
        }
        if token.starts_with(PREFIX) {
            return self.by_personal_token(token).await;
        }
        match TokenKind::of(token) {
            Some(kind @ (TokenKind::User | TokenKind::Plugin)) => {
                self.by_own_token(token, kind, plugin).await
            }
            // For assets alone, which ask for it by its cookie.
            Some(TokenKind::LimitedUser) => Err(illegal()),
            None => {
                let program = self.identity.external.find(token).await;
                program.ok_or_else(illegal)
            }
        }
    }

    async fn by_own_token(
        &self,
        token: &str,
        kind: TokenKind,
        plugin: Option<&str>,
    ) -> Result<Credentials> {
        let verified = self.verified(token, kind).await?;
        match verified.bearer {
            Bearer::User(entity_ref, actor) => self.user(&entity_ref, actor).await,
            Bearer::Plugin(from, to) if plugin == Some(&to) => Ok(Credentials::of(
                Principal::service(format!("plugin:{from}")),
            )),
            Bearer::Plugin(..) => Err(illegal()),
        }
    }

    async fn verified(&self, token: &str, kind: TokenKind) -> Result<Verified> {
        let key = hash(token);
        let now = self.identity.clock.unix_millis() / 1000;
        if let Some(verified) = self.verified.get(&key) {
            if now < verified.expires_at {
                return Ok(verified);
            }
            self.verified.remove(&key);
        }
        let verified = self.identity.verifier.verify(token, kind).await?;
        self.verified.insert(key, verified.clone());
        Ok(verified)
    }

    async fn by_personal_token(&self, token: &str) -> Result<Credentials> {
        let found = self.identity.personal_tokens.find(token).await?;
        let found = found.ok_or_else(illegal)?;
        let mut credentials = self.user(&found.user_ref, None).await?;
        credentials.restrictions = found.restrictions.clone();
        Ok(credentials)
    }

    async fn by_session(&self, cookie: &str) -> Result<Option<Credentials>> {
        match self.identity.sessions.find(cookie).await? {
            None => Ok(None),
            Some(session) => self.user(&session.user_ref, None).await.map(Some),
        }
    }

    async fn user(&self, entity_ref: &EntityRef, actor: Option<String>) -> Result<Credentials> {
        let user = self.identity.people.user(entity_ref).await?;
        let user = match actor {
            None => user,
            Some(_) => Arc::new(User {
                actor,
                ..User::clone(&user)
            }),
        };
        Ok(Credentials::of(Principal::User(user)))
    }
}

#[async_trait]
impl Authenticator for Headers {
    async fn authenticate(&self, request: &Parts) -> Result<Option<Credentials>> {
        if let Some(token) = bearer(&request.headers)? {
            let plugin = plugin_of(request.uri.path());
            return self.by_token(token, plugin).await.map(Some);
        }
        let Some(cookie) = session_cookie(&request.headers) else {
            return Ok(None);
        };
        let credentials = self.by_session(&cookie).await?;
        if credentials.is_some() {
            cross_site::refuse(request, &self.identity.urls)?;
        }
        Ok(credentials)
    }
}

/// The token of a request. What is no bearer token is none of ours.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let Some(header) = all.next() else {
        return Ok(None);
    };
    if all.next().is_some() {
        return Err(illegal());
    }
    let text = header.to_str().map_err(|_| illegal())?;
    let Some((scheme, token)) = text.split_once(' ') else {
        return Ok(None);
    };
    let token = token.trim_start_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    if token.is_empty() || token.contains(char::is_whitespace) {
        return Err(illegal());
    }
    Ok(Some(token))
}

/// The cookie of a session.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let cookie = jar.get(SESSION_COOKIE)?;
    Some(cookie.value().to_owned()).filter(|value| !value.is_empty())
}

/// The plugin whose operation a path is.
fn plugin_of(path: &str) -> Option<&str> {
    path.strip_prefix("/api/")?.split('/').next()
}

/// What is said of every token that is not good, in Backstage's words.
fn illegal() -> Error {
    Error::new(ErrorKind::Unauthenticated, "illegal-token", "Illegal token")
        .hint("sign in again, or get a new token")
}
