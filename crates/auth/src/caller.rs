//! Who asks.

use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use callboard_http::ApiError;
use callboard_model::{Error, ErrorKind, Result};

use crate::{Decision, Permission, PermissionPolicy, Permit, Resource};

/// Who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Somebody who did not sign in.
    Guest,
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guest => f.write_str("a guest"),
        }
    }
}

/// What stands between callers and features; the binary puts it around the router as an
/// `axum::Extension`. Without it no request has a caller and every handler refuses.
#[derive(Clone, Debug)]
pub struct Gate(Arc<dyn PermissionPolicy>);

impl Gate {
    /// A gate at which `policy` decides.
    pub fn new(policy: impl PermissionPolicy + 'static) -> Self {
        Self(Arc::new(policy))
    }

    /// Somebody who did not sign in, at this gate.
    pub fn guest(&self) -> Caller {
        Caller {
            principal: Principal::Guest,
            gate: self.clone(),
        }
    }
}

/// Who makes a request, and the gate that says what they may do.
#[derive(Clone, Debug)]
pub struct Caller {
    principal: Principal,
    gate: Gate,
}

impl Caller {
    /// Who it is.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Asks whether the caller may do `P` to `resource`.
    ///
    /// # Errors
    /// `Forbidden`, when the policy says no.
    pub fn may<P: Permission>(&self, resource: &P::Resource) -> Result<Permit<P>> {
        self.ask(Some(&resource.label()))
    }

    /// Asks whether the caller may do `P` at all.
    ///
    /// # Errors
    /// `Forbidden`, when the policy says no.
    pub fn may_any<P: Permission>(&self) -> Result<Permit<P>> {
        self.ask(None)
    }

    fn ask<P: Permission>(&self, resource: Option<&str>) -> Result<Permit<P>> {
        let info = P::info();
        match self.gate.0.decide(&self.principal, &info, resource) {
            Decision::Allow => Ok(Permit::granted()),
            Decision::Deny => {
                let verb = info.action.verb();
                let what = match (resource, info.resource_type) {
                    (Some(label), _) if !label.is_empty() => format!(" `{label}`"),
                    (_, Some(kind)) => format!(" any `{kind}`"),
                    _ => String::new(),
                };
                let message = format!("{} may not {verb}{what}", self.principal);
                Err(Error::new(ErrorKind::Forbidden, "not-allowed", message)
                    .hint(format!("ask for the permission `{}`", info.name)))
            }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let gate = parts.extensions.get::<Gate>().ok_or_else(|| {
            Error::internal(
                "no-gate",
                "a request reached a handler without passing the gate",
            )
        })?;
        Ok(gate.guest())
    }
}

#[cfg(test)]
mod tests {
    use callboard_model::EntityRef;

    use super::*;
    use crate::{Action, AllowAll, PermissionInfo};

    #[derive(Debug)]
    struct DenyAll;

    impl PermissionPolicy for DenyAll {
        fn decide(&self, _: &Principal, _: &PermissionInfo, _: Option<&str>) -> Decision {
            Decision::Deny
        }
    }

    struct DeleteEntity;

    impl Permission for DeleteEntity {
        const NAME: &'static str = "catalog.entity.delete";
        const ACTION: Action = Action::Delete;
        const RESOURCE_TYPE: Option<&'static str> = Some("catalog-entity");
        type Resource = EntityRef;
    }

    #[test]
    fn a_refusal_names_the_caller_the_act_the_thing_and_the_permission() {
        let checkout = EntityRef::new("component", "default", "checkout").unwrap();

        let error = Gate::new(DenyAll)
            .guest()
            .may::<DeleteEntity>(&checkout)
            .unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert_eq!(
            error.message(),
            "a guest may not delete `component:default/checkout`"
        );
        assert_eq!(
            error.hint_text(),
            Some("ask for the permission `catalog.entity.delete`")
        );
    }

    #[test]
    fn a_refusal_of_the_whole_names_the_type() {
        let error = Gate::new(DenyAll)
            .guest()
            .may_any::<DeleteEntity>()
            .unwrap_err();

        assert_eq!(
            error.message(),
            "a guest may not delete any `catalog-entity`"
        );
    }

    #[test]
    fn an_open_gate_gives_permits() {
        let permit = Gate::new(AllowAll)
            .guest()
            .may_any::<DeleteEntity>()
            .unwrap();

        assert_eq!(format!("{permit:?}"), "Permit(catalog.entity.delete)");
    }

    #[tokio::test]
    async fn without_a_gate_there_is_no_caller() {
        let (mut parts, ()) = axum::http::Request::new(()).into_parts();

        let refusal = Caller::from_request_parts(&mut parts, &())
            .await
            .unwrap_err();

        assert_eq!(refusal.status(), 500);
    }
}
