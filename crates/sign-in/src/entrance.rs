//! Where people come in.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum_extra::extract::cookie::Cookie;
use callboard_auth::{Audit, AuditEvent, Directory, Outcome};
use callboard_identity::{BackstageIdentity, Identity, SignedIn, Urls};
use callboard_model::{EntityRef, Error, ErrorKind, Result};

use crate::SignInSettings;
use crate::account::Account;
use crate::failures::{Failure, Failures};
use crate::providers::Providers;
use crate::rate_limit::RateLimit;
use crate::resolvers::{Comparison, Found, Resolved, Resolvers};

/// Where people come in: the providers, and what became of attempts. Clones share everything.
#[derive(Clone, Debug)]
pub struct Entrance(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    providers: Providers,
    identity: Identity,
    audit: Audit,
    failures: Failures,
    rate_limit: RateLimit,
}

/// A request by which somebody wants to come in.
#[derive(Debug)]
pub(crate) struct Visit<'a> {
    pub(crate) provider: &'static str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) request_id: Option<&'a str>,
    /// Whose session the request shows.
    pub(crate) session_of: Option<EntityRef>,
}

/// What somebody gets who came in.
#[derive(Debug)]
pub(crate) struct Welcome {
    pub(crate) identity: BackstageIdentity,
    /// That of a new session; the one that there is goes on without it.
    pub(crate) cookie: Option<Cookie<'static>>,
}

impl Entrance {
    /// Reads the section `auth` of the configuration. What happens is written down in `audit`.
    ///
    /// # Errors
    /// `Invalid`, when what it says cannot be.
    pub fn open(settings: &SignInSettings, identity: Identity, audit: Audit) -> Result<Self> {
        let clock = identity.clock().clone();
        Ok(Self(Arc::new(Inner {
            providers: Providers::new(settings, identity.urls(), &clock)?,
            identity,
            audit,
            failures: Failures::default(),
            rate_limit: RateLimit::new(clock),
        })))
    }

    pub(crate) fn providers(&self) -> &Providers {
        &self.0.providers
    }

    pub(crate) fn urls(&self) -> &Urls {
        self.0.identity.urls()
    }

    pub(crate) fn failures(&self) -> &Failures {
        &self.0.failures
    }

    pub(crate) fn rate_limit(&self) -> &RateLimit {
        &self.0.rate_limit
    }

    pub(crate) fn directory(&self) -> &dyn Directory {
        self.0.identity.directory().as_ref()
    }

    /// Finds out who the owner of an account is here. Without resolvers nobody is asked for.
    ///
    /// # Errors
    /// `Unauthenticated`, with a sentence that betrays nothing about the catalog, when it is nobody;
    /// `Unavailable`, when the directory is not there yet.
    pub(crate) fn resolve(
        &self,
        visit: &Visit<'_>,
        resolvers: &Resolvers,
        account: &Account,
    ) -> Result<Option<Found>> {
        if resolvers.is_empty() {
            return Ok(None);
        }
        match resolvers.resolve(self.directory(), account)? {
            Resolved::User(found) => Ok(Some(found)),
            Resolved::Nobody(comparisons) => {
                let error = nobody(visit);
                self.write_down(visit, &error, comparisons);
                Err(error)
            }
        }
    }

    /// Lets somebody in: with a new session, unless the request shows one of theirs.
    ///
    /// # Errors
    /// `Unavailable`, when the database is away.
    pub(crate) async fn welcome(&self, visit: &Visit<'_>, found: Found) -> Result<Welcome> {
        let Found {
            entity_ref,
            ownership,
        } = found;
        let identity = &self.0.identity;
        if visit.session_of.as_ref() == Some(&entity_ref) {
            let identity = identity.refresh(entity_ref, ownership).await?;
            return Ok(Welcome {
                identity,
                cookie: None,
            });
        }
        let agent = visit
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok());
        let actor = entity_ref.to_string();
        let signed_in = identity
            .sign_in(SignedIn {
                entity_ref,
                ownership,
                provider: visit.provider.to_owned(),
                user_agent: agent.map(str::to_owned),
                previous: Some(visit.headers.clone()),
            })
            .await?;
        self.record(
            visit,
            AuditEvent::new("sign-in", Some(actor), Outcome::Succeeded),
        );
        Ok(Welcome {
            identity: signed_in.identity,
            cookie: Some(signed_in.cookie),
        })
    }

    /// Ends the session that a request shows: the cookie that takes its place.
    ///
    /// # Errors
    /// `Unavailable`, when the database is away.
    pub(crate) async fn farewell(&self, headers: &HeaderMap) -> Result<Cookie<'static>> {
        self.0.identity.sign_out(headers).await
    }

    /// Keeps why somebody did not come in; what the resolvers found is kept already.
    pub(crate) fn failed(&self, visit: &Visit<'_>, error: &Error) {
        if error.code() != NOBODY {
            self.write_down(visit, error, Vec::new());
        }
    }

    fn write_down(&self, visit: &Visit<'_>, error: &Error, comparisons: Vec<Comparison>) {
        let outcome = match error.kind() {
            ErrorKind::Unavailable | ErrorKind::Internal => Outcome::Failed,
            _ => Outcome::Denied,
        };
        let event = AuditEvent::new("sign-in", None, outcome).with("code", error.code());
        self.record(visit, event);
        tracing::info!(
            provider = visit.provider,
            code = error.code(),
            reason = error.message(),
            compared = ?comparisons,
            "somebody could not sign in"
        );
        self.0.failures.add(Failure {
            at: self.0.identity.clock().unix_millis(),
            provider: visit.provider,
            request_id: visit.request_id.map(str::to_owned),
            code: error.code().to_owned(),
            reason: error.message().to_owned(),
            hint: error.hint_text().map(str::to_owned),
            comparisons,
        });
    }

    fn record(&self, visit: &Visit<'_>, event: AuditEvent) {
        let event = event
            .with("provider", visit.provider)
            .request(visit.request_id);
        self.0.audit.record(event);
    }
}

/// The code of [`nobody`].
const NOBODY: &str = "no-user";

/// The same whether there is nobody, several, or somebody who may not: only administrators learn which.
fn nobody(visit: &Visit<'_>) -> Error {
    let attempt = match visit.request_id {
        Some(id) => format!(" and name the attempt `{id}`"),
        None => String::new(),
    };
    let message = format!(
        "Failed to sign-in, unable to resolve user identity. Ask an administrator of the portal to make you known to it{attempt}."
    );
    Error::new(ErrorKind::Unauthenticated, NOBODY, message)
}
