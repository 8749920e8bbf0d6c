//! What stands between callers and features.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use callboard_http::{ApiError, RequestId};
use callboard_model::{Error, ErrorKind, Result};

use crate::{Audit, Caller, Credentials, Decision, PermissionInfo, PermissionPolicy, Principal};

/// Finds out who makes a request.
#[async_trait]
pub trait Authenticator: fmt::Debug + Send + Sync {
    /// What the request shows of who makes it; `None` when it shows nothing.
    ///
    /// # Errors
    /// `Unauthenticated`, when what it shows is not good; `Forbidden`, when it is not for this request;
    /// `Unavailable`, when that cannot be found out now.
    async fn authenticate(&self, request: &Parts) -> Result<Option<Credentials>>;
}

/// What becomes of those who show nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    /// They come in as guests.
    AreGuests,
    /// They have to sign in.
    HaveToSignIn,
}

/// What stands between callers and features. Every operation is behind [`admit`] or [`recognise`].
#[derive(Clone, Debug)]
pub struct Gate(Arc<Keeper>);

#[derive(Debug)]
struct Keeper {
    policy: Arc<dyn PermissionPolicy>,
    authenticator: Option<Arc<dyn Authenticator>>,
    strangers: Strangers,
    audit: Audit,
}

impl Gate {
    /// A gate at which `policy` decides, and nobody has to sign in.
    pub fn new(policy: impl PermissionPolicy + 'static) -> Self {
        Self(Arc::new(Keeper {
            policy: Arc::new(policy),
            authenticator: None,
            strangers: Strangers::AreGuests,
            audit: Audit::default(),
        }))
    }

    /// A gate at which `policy` decides what those may do whom `authenticator` knows.
    pub fn with(
        policy: Arc<dyn PermissionPolicy>,
        authenticator: Arc<dyn Authenticator>,
        strangers: Strangers,
        audit: Audit,
    ) -> Self {
        Self(Arc::new(Keeper {
            policy,
            authenticator: Some(authenticator),
            strangers,
            audit,
        }))
    }

    /// Somebody who did not sign in, at this gate.
    pub fn guest(&self) -> Caller {
        self.caller(Credentials::of(Principal::Guest))
    }

    /// Somebody who is known.
    pub fn caller(&self, credentials: Credentials) -> Caller {
        Caller::new(credentials, None, self.clone())
    }

    /// Where what happens at this gate is written down.
    pub fn audit(&self) -> &Audit {
        &self.0.audit
    }

    /// What the policy says.
    pub(crate) fn decide(&self, principal: &Principal, permission: &PermissionInfo) -> Decision {
        match principal {
            // What a service may do was decided when it was given its token (PERM-06).
            Principal::Service(_) => Decision::Allow,
            Principal::Guest | Principal::User(_) => self.0.policy.decide(principal, permission),
        }
    }

    /// Who makes a request; nobody, when it shows nothing and guests are not let in.
    async fn caller_of(&self, request: &Parts) -> Result<Option<Caller>> {
        let shown = match &self.0.authenticator {
            None => None,
            Some(authenticator) => authenticator.authenticate(request).await?,
        };
        match shown {
            None if self.0.strangers == Strangers::HaveToSignIn => Ok(None),
            None => Ok(Some(self.at(request, Credentials::of(Principal::Guest)))),
            Some(mut credentials) => {
                if let Some(restrictions) = credentials.restrictions {
                    let here = restrictions.for_plugin(plugin_of(request.uri.path()))?;
                    credentials.restrictions = Some(Arc::new(here));
                }
                Ok(Some(self.at(request, credentials)))
            }
        }
    }

    fn at(&self, request: &Parts, credentials: Credentials) -> Caller {
        let id = request.extensions.get::<RequestId>().cloned();
        Caller::new(credentials, id, self.clone())
    }
}

/// The plugin whose operation a path is. What is beside the API, such as `/metrics`, counts by its own name.
fn plugin_of(path: &str) -> Option<&str> {
    let path = path.strip_prefix("/api/").or_else(|| path.strip_prefix('/'))?;
    path.split('/').next()
}

/// The step before every operation that needs to know who calls: whoever may not come in is sent away.
///
/// # Errors
/// `Unauthenticated`, when nobody is there; those of the [`Authenticator`].
pub async fn admit(
    State(gate): State<Gate>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let caller = gate.caller_of(&parts).await?.ok_or_else(nobody)?;
    parts.extensions.insert(Arrival::Known(caller));
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// The step before operations that are open to all: they learn who calls when they ask.
pub async fn recognise(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let arrival = match gate.caller_of(&parts).await {
        Ok(Some(caller)) => Arrival::Known(caller),
        Ok(None) => Arrival::Nobody,
        Err(error) => Arrival::Refused(ApiError::from(error)),
    };
    parts.extensions.insert(arrival);
    next.run(Request::from_parts(parts, body)).await
}

/// What came of looking at a request.
#[derive(Clone, Debug)]
pub(crate) enum Arrival {
    Known(Caller),
    Nobody,
    Refused(ApiError),
}

impl Arrival {
    /// Who makes the request.
    pub(crate) fn of(parts: &Parts) -> Result<Option<Caller>, ApiError> {
        match parts.extensions.get::<Self>() {
            Some(Self::Known(caller)) => Ok(Some(caller.clone())),
            Some(Self::Nobody) => Ok(None),
            Some(Self::Refused(error)) => Err(error.clone()),
            None => Err(Error::internal(
                "no-gate",
                "a request reached a handler without passing the gate",
            )
            .into()),
        }
    }
}

/// What somebody is told who shows nothing.
pub(crate) fn nobody() -> Error {
    Error::new(
        ErrorKind::Unauthenticated,
        "missing-credentials",
        "Missing credentials",
    )
    .hint("sign in, or send a token as `Authorization: Bearer …`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_a_plugin() {
        assert_eq!(plugin_of("/api/catalog/entities"), Some("catalog"));
        assert_eq!(plugin_of("/api/catalog"), Some("catalog"));
        assert_eq!(plugin_of("/metrics"), Some("metrics"));
        assert_eq!(plugin_of("/apical/x"), Some("apical"));
    }
}
