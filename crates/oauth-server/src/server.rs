//! Everything that this crate holds, opened once.

use std::sync::Arc;
use std::time::Duration;

use callboard_auth::{Audit, AuditEvent, Outcome};
use callboard_db::Database;
use callboard_http::RequestId;
use callboard_identity::{Identity, ProgramSignIn};
use callboard_model::{Clock, Error, Ids, Result};

use crate::clients::Clients;
use crate::{OAuthSettings, RefreshTokenSettings, sql};

/// What the server stands on.
#[derive(Clone, Debug)]
pub struct Foundations {
    /// Where sessions and refresh tokens are kept.
    pub database: Database,
    /// Where new ids come from.
    pub ids: Ids,
    /// Who people are, and who makes their tokens.
    pub identity: Identity,
    /// Where it is written down what clients and people did.
    pub audit: Audit,
}

/// The server. Clones share everything.
#[derive(Clone, Debug)]
pub struct OAuthServer(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) ids: Ids,
    pub(crate) identity: Identity,
    pub(crate) clients: Clients,
    /// How long clients may stay; not at all, when there is nothing.
    pub(crate) staying: Option<Staying>,
    audit: Audit,
}

/// How long clients may stay.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Staying {
    /// Without a new token.
    pub(crate) unseen: Duration,
    /// Until the person is asked again.
    pub(crate) at_most: Duration,
    /// The most of one person.
    pub(crate) most_of_one: i64,
    /// Whether the person has to be in the catalog.
    pub(crate) person_has_to_be_known: bool,
}

impl OAuthServer {
    /// Brings the tables up to date and reads which clients there are.
    ///
    /// # Errors
    /// When the configuration is wrong, or the database refuses.
    pub async fn open(foundations: Foundations, settings: &OAuthSettings) -> Result<Self> {
        let Foundations {
            database,
            ids,
            identity,
            audit,
        } = foundations;
        let staying = Staying::of(&settings.refresh_tokens)?;
        let clients = Clients::new(settings, identity.urls(), identity.clock())?;
        database.migrate(&sql::MIGRATIONS).await?;
        Ok(Self(Arc::new(Inner {
            database,
            ids,
            identity,
            clients,
            staying,
            audit,
        })))
    }

    /// What programs are told of this server.
    pub fn offer(&self) -> ProgramSignIn {
        let clients = &self.0.clients;
        if !clients.are_wanted() {
            return ProgramSignIn::default();
        }
        let mut offer = ProgramSignIn {
            grant_types: vec!["authorization_code"],
            client_authentication: clients.ways_to_authenticate(),
            client_documents: clients.may_describe_themselves(),
            ..ProgramSignIn::default()
        };
        if self.0.staying.is_some() {
            offer.grant_types.push("refresh_token");
            offer.scopes.push("offline_access");
        }
        offer
    }
}

impl Inner {
    pub(crate) fn clock(&self) -> &Clock {
        self.identity.clock()
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock().unix_millis()
    }

    /// Writes down what happened, as part of a request.
    pub(crate) fn record(&self, event: AuditEvent, request: Option<&RequestId>) {
        self.audit
            .record(event.request(request.map(RequestId::as_str)));
    }
}

/// Something that a client did, or that was done for it.
pub(crate) fn event(name: &str, actor: Option<&str>, outcome: Outcome) -> AuditEvent {
    AuditEvent::new(name, actor.map(str::to_owned), outcome)
}

impl Staying {
    pub(crate) fn of(settings: &RefreshTokenSettings) -> Result<Option<Self>> {
        let wrong = |key: &str, why: &str| {
            let message = format!("`auth.experimentalRefreshToken.{key}` {why}");
            Err(Error::invalid("refresh-token", message))
        };
        let unseen = settings.token_lifetime.get();
        let at_most = settings.max_rotation_lifetime.get();
        if !settings.enabled {
            return Ok(None);
        }
        if unseen < Duration::from_secs(1) {
            return wrong("tokenLifetime", "is shorter than a second");
        }
        if at_most <= unseen {
            return wrong("maxRotationLifetime", "is not longer than `tokenLifetime`");
        }
        if settings.max_tokens_per_user == 0 {
            return wrong("maxTokensPerUser", "is not positive");
        }
        Ok(Some(Self {
            unseen,
            at_most,
            most_of_one: i64::from(settings.max_tokens_per_user),
            person_has_to_be_known: !settings.dangerously_disable_catalog_presence_check,
        }))
    }

    /// When a client goes that began to stay at `began` and is seen at `now`.
    pub(crate) fn end(&self, began: u64, now: u64) -> u64 {
        after(now, self.unseen).min(after(began, self.at_most))
    }
}

/// A time in Unix milliseconds, later.
pub(crate) fn after(from: u64, span: Duration) -> u64 {
    from.saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
}
