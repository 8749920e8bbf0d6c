//! Everything that this crate holds, opened once.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, SameSite};
use callboard_auth::{Authenticator, Directory};
use callboard_db::Database;
use callboard_model::{Clock, EntityRef, Ids, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::authenticator::{Headers, session_cookie};
use crate::config::{AuthSettings, BackendAuthSettings};
use crate::external::External;
use crate::keys::Keys;
use crate::people::People;
use crate::personal_tokens::PersonalTokens;
use crate::sessions::Sessions;
use crate::tokens::{IssuedToken, Issuer, Verifier};
use crate::{SESSION_COOKIE, Urls, sql};

/// What identity stands on.
#[derive(Clone, Debug)]
pub struct Foundations {
    /// Where keys, sessions and tokens are kept.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// Where new ids come from.
    pub ids: Ids,
    /// Where the portal is found.
    pub urls: Urls,
    /// Who knows people and groups.
    pub directory: Arc<dyn Directory>,
}

/// Who people and programs are. Clones share everything.
#[derive(Clone, Debug)]
pub struct Identity(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) clock: Clock,
    ids: Ids,
    pub(crate) urls: Urls,
    pub(crate) people: People,
    pub(crate) keys: Arc<Keys>,
    pub(crate) issuer: Issuer,
    pub(crate) verifier: Verifier,
    pub(crate) sessions: Sessions,
    pub(crate) personal_tokens: PersonalTokens,
    pub(crate) external: External,
}

/// Somebody whom a provider vouched for.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who it is.
    pub entity_ref: EntityRef,
    /// What they own things as: themselves and their groups.
    pub ownership: Vec<EntityRef>,
    /// The provider that vouched for them, such as `github`.
    pub provider: String,
    /// What their browser calls itself.
    pub user_agent: Option<String>,
    /// The request by which they sign in: the session that it shows ends.
    pub previous: Option<HeaderMap>,
}

/// What somebody gets who signed in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// For Backstage's frontends.
    pub identity: BackstageIdentity,
    /// For browsers: the cookie of the session, which scripts cannot read.
    pub cookie: Cookie<'static>,
}

/// Who somebody is, and a token that says so: what Backstage's frontends expect of a sign-in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BackstageIdentity {
    /// The token.
    pub token: String,
    /// How long it lasts.
    pub expires_in_seconds: u64,
    /// Who it is.
    pub identity: UserIdentity,
}

/// Who somebody is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserIdentity {
    /// `user`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub identity_type: &'static str,
    /// The entity that they are.
    #[schema(value_type = String)]
    pub user_entity_ref: EntityRef,
    /// What they own things as.
    #[schema(value_type = Vec<String>)]
    pub ownership_entity_refs: Vec<EntityRef>,
}

impl Identity {
    /// Brings the tables up to date and reads what there is.
    ///
    /// # Errors
    /// When the configuration is wrong, or the database refuses.
    pub async fn open(
        foundations: Foundations,
        settings: &AuthSettings,
        backend: &BackendAuthSettings,
    ) -> Result<Self> {
        let Foundations {
            database,
            clock,
            ids,
            urls,
            directory,
        } = foundations;
        database.migrate(&sql::MIGRATIONS).await?;
        let lifetime = lifetime(settings);
        let keys = Keys::open(database.clone(), clock.clone(), ids.clone(), lifetime).await?;
        let keys = Arc::new(keys);
        Ok(Self(Arc::new(Inner {
            issuer: Issuer {
                keys: Arc::clone(&keys),
                clock: clock.clone(),
                issuer: urls.auth(),
                lifetime,
                omit_ownership: settings.omit_identity_token_ownership_claim,
            },
            verifier: Verifier {
                keys: Arc::clone(&keys),
                clock: clock.clone(),
                issuer: urls.auth(),
            },
            keys,
            people: People::new(directory, database.clone(), clock.clone()),
            sessions: Sessions::new(
                database.clone(),
                clock.clone(),
                ids.clone(),
                &settings.session,
            ),
            personal_tokens: PersonalTokens::new(database, clock.clone(), ids.clone()),
            external: External::new(&backend.external_access, &clock)?,
            clock,
            ids,
            urls,
        })))
    }

    /// What finds out who makes a request.
    pub fn authenticator(&self) -> Arc<dyn Authenticator> {
        Arc::new(Headers::new(Arc::clone(&self.0)))
    }

    /// Signs somebody in whom a provider vouched for. The session that their browser had before ends, so that nobody
    /// can have prepared it.
    ///
    /// # Errors
    /// `Unavailable`, when the database is away.
    pub async fn sign_in(&self, person: SignedIn) -> Result<SignIn> {
        let inner = &self.0;
        inner
            .people
            .arrived(&person.entity_ref, &person.ownership)
            .await?;
        if let Some(cookie) = person.previous.as_ref().and_then(session_cookie) {
            inner.sessions.end_by_cookie(&cookie).await?;
        }
        let agent = person.user_agent.as_deref().unwrap_or_default();
        let (cookie, lasts) = inner
            .sessions
            .begin(&person.entity_ref, &person.provider, agent)
            .await?;
        let token = inner
            .issuer
            .user(&person.entity_ref, &person.ownership)
            .await?;
        Ok(SignIn {
            identity: BackstageIdentity::new(token, person.entity_ref, person.ownership),
            cookie: self.cookie(cookie.expose().to_owned(), lasts),
        })
    }

    /// A new token for somebody whom a provider vouched for again; their session goes on.
    ///
    /// # Errors
    /// `Unavailable`, when the database is away.
    pub async fn refresh(
        &self,
        entity_ref: EntityRef,
        ownership: Vec<EntityRef>,
    ) -> Result<BackstageIdentity> {
        self.0.people.arrived(&entity_ref, &ownership).await?;
        let token = self.0.issuer.user(&entity_ref, &ownership).await?;
        Ok(BackstageIdentity::new(token, entity_ref, ownership))
    }

    /// A new token of somebody who let a program act for them, with what they own things as now.
    ///
    /// # Errors
    /// `Unavailable`, when the database is away.
    pub async fn user_token(&self, entity_ref: &EntityRef) -> Result<BackstageIdentity> {
        let user = self.0.people.user(entity_ref).await?;
        let token = self.0.issuer.user(entity_ref, &user.ownership).await?;
        let ownership = user.ownership.clone();
        Ok(BackstageIdentity::new(token, entity_ref.clone(), ownership))
    }

    /// What tells the program `client` who somebody is, as OpenID Connect has it. It opens nothing here: it is no
    /// token of a user.
    ///
    /// # Errors
    /// `Unavailable`, when a new key is due and the database is away.
    pub async fn id_token(
        &self,
        entity_ref: &EntityRef,
        client: &str,
        nonce: Option<&str>,
    ) -> Result<String> {
        let token = self.0.issuer.id_token(entity_ref, client, nonce).await?;
        Ok(token.token)
    }

    /// Ends the session that a request shows, if it shows one: the cookie that takes its place.
    ///
    /// # Errors
    /// `Unavailable`, when the database is away.
    pub async fn sign_out(&self, headers: &HeaderMap) -> Result<Cookie<'static>> {
        if let Some(cookie) = session_cookie(headers) {
            self.0.sessions.end_by_cookie(&cookie).await?;
        }
        Ok(self.cookie(String::new(), Duration::ZERO))
    }

    /// Ends every session of somebody, such as when their password changes.
    ///
    /// # Errors
    /// `Unavailable`, when the database is away.
    pub async fn end_sessions(&self, entity_ref: &EntityRef) -> Result<()> {
        self.0.sessions.end_all(entity_ref).await
    }

    /// A token with which the plugin `from` calls the plugin `to` of this portal, in another process (AUTH-08); in the
    /// name of a person, when it does something for one.
    ///
    /// # Errors
    /// `Unavailable`, when a new key is due and the database is away.
    pub async fn plugin_token(
        &self,
        from: &str,
        to: &str,
        on_behalf_of: Option<&EntityRef>,
    ) -> Result<String> {
        let issuer = &self.0.issuer;
        let limited = match on_behalf_of {
            None => None,
            Some(entity_ref) => Some(issuer.limited_user(entity_ref).await?),
        };
        let token = issuer.plugin(from, to, limited.as_ref()).await?;
        Ok(token.token)
    }

    /// Where the portal is found.
    pub fn urls(&self) -> &Urls {
        &self.0.urls
    }

    /// Who knows people and groups.
    pub fn directory(&self) -> &Arc<dyn Directory> {
        &self.0.people.directory
    }

    /// Where new ids come from.
    pub fn ids(&self) -> &Ids {
        &self.0.ids
    }

    /// What time it is.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    fn cookie(&self, value: String, lasts: Duration) -> Cookie<'static> {
        let seconds = i64::try_from(lasts.as_secs()).unwrap_or(i64::MAX);
        Cookie::build((SESSION_COOKIE, value))
            .path(self.0.urls.cookie_path().to_owned())
            .http_only(true)
            .secure(self.0.urls.is_secure())
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(seconds))
            .build()
    }
}

impl BackstageIdentity {
    fn new(token: IssuedToken, user: EntityRef, ownership: Vec<EntityRef>) -> Self {
        Self {
            token: token.token,
            expires_in_seconds: token.lasts.as_secs(),
            identity: UserIdentity {
                identity_type: "user",
                user_entity_ref: user,
                ownership_entity_refs: ownership,
            },
        }
    }
}

/// How long a token lasts: what is out of bounds counts as the nearest bound, as in Backstage.
fn lifetime(settings: &AuthSettings) -> Duration {
    const SHORTEST: Duration = Duration::from_secs(10 * 60);
    const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
    settings
        .backstage_token_expiration
        .get()
        .clamp(SHORTEST, LONGEST)
}
