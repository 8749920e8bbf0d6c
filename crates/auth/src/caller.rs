//! Who asks.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use callboard_http::{ApiError, RequestId};
use callboard_model::{Error, ErrorKind, Result};

use crate::gate::{Arrival, nobody};
use crate::{
    Action, AuditEvent, Conditions, Credentials, Decision, Gate, Permission, PermissionInfo,
    Permit, Principal, Resource, Scope, User, Witness,
};

/// Who makes a request, and the gate that says what they may do.
#[derive(Clone, Debug)]
pub struct Caller {
    credentials: Credentials,
    request_id: Option<RequestId>,
    witness: Option<Witness>,
    gate: Gate,
}

impl Caller {
    /// Somebody who calls outside of any request.
    pub(crate) fn new(credentials: Credentials, gate: Gate) -> Self {
        Self {
            credentials,
            request_id: None,
            witness: None,
            gate,
        }
    }

    /// The same, as who makes `request`.
    pub(crate) fn of(mut self, request: &Parts) -> Self {
        self.request_id = request.extensions.get::<RequestId>().cloned();
        self.witness = request.extensions.get::<Witness>().cloned();
        self
    }

    /// Writes down what the caller did, as part of this request.
    pub fn record(&self, event: AuditEvent) {
        if let Some(witness) = &self.witness {
            witness.told();
        }
        let id = self.request_id.as_ref().map(RequestId::as_str);
        self.gate.audit().record(event.request(id));
    }

    /// Who it is.
    pub fn principal(&self) -> &Principal {
        &self.credentials.principal
    }

    /// The person who calls, to do something to what is theirs alone: no policy is asked about that, only what the
    /// token is for. A token with restrictions makes and changes nothing of that kind, or it could make another one
    /// that is for more.
    ///
    /// # Errors
    /// `Forbidden`, when it is no person, or the token is not for that.
    pub fn person(&self, action: Action) -> Result<&User> {
        let user = self.principal().as_user().ok_or_else(|| {
            let message = format!("{} is nobody with an account here", self.principal());
            Error::new(ErrorKind::Forbidden, "no-person", message).hint("sign in as a user")
        })?;
        let restricted = self.credentials.restrictions.as_deref();
        let makes_more = matches!(action, Action::Create | Action::Update);
        if restricted.is_some_and(|parts| makes_more || !parts.allow_unnamed(action)) {
            let message = format!(
                "the token of {} may not {} what is theirs",
                self.principal(),
                action.verb()
            );
            return Err(
                Error::new(ErrorKind::Forbidden, "token-restricted", message)
                    .hint("sign in in a browser, or use a token without restrictions"),
            );
        }
        Ok(user)
    }

    /// Asks whether the caller may do `P`, which is about nothing single.
    ///
    /// # Errors
    /// `Forbidden`, when the policy says no; `Internal`, when it names conditions.
    pub fn may<P: Permission<Resource = ()>>(&self) -> Result<Permit<P>> {
        match self.decision::<P>() {
            Decision::Allow => Ok(Permit::granted()),
            Decision::Deny => Err(self.refusal::<P>()),
            Decision::Conditional(conditions) => Err(Error::internal(
                "conditions-about-nothing",
                format!(
                    "the policy answered `{}` with conditions, but it is about nothing single: {conditions}",
                    P::NAME
                ),
            )),
        }
    }

    /// Asks whether the caller may do `P` to `resource`; `matches` says whether that is like conditions.
    ///
    /// # Errors
    /// `Forbidden`, when the policy says no; those of `matches`.
    pub fn may_with<P: Permission>(
        &self,
        resource: &P::Resource,
        matches: impl FnOnce(&Conditions) -> Result<bool>,
    ) -> Result<Permit<P>> {
        let allowed = match self.decision::<P>() {
            Decision::Allow => true,
            Decision::Deny => false,
            Decision::Conditional(conditions) => matches(&conditions)?,
        };
        if allowed {
            Ok(Permit::granted())
        } else {
            Err(self.refused::<P>(Some(&resource.label())))
        }
    }

    /// Asks to which things the caller may do `P`. It may be to none, which a list shows as Backstage does: by
    /// being empty.
    pub fn scope<P: Permission>(&self) -> Scope<P> {
        match self.decision::<P>() {
            Decision::Allow => Scope::all(),
            Decision::Deny => Scope::nothing(),
            Decision::Conditional(conditions) => Scope::like(conditions),
        }
    }

    /// Asks whether there can be anything that the caller may do `P` to.
    ///
    /// # Errors
    /// `Forbidden`, when the policy says to nothing.
    pub fn may_some<P: Permission>(&self) -> Result<()> {
        match self.decision::<P>() {
            Decision::Allow | Decision::Conditional(_) => Ok(()),
            Decision::Deny => Err(self.refusal::<P>()),
        }
    }

    /// What the policy says about a permission that somebody asks about by its name.
    pub fn decide(&self, permission: &PermissionInfo) -> Decision {
        let restricted = self.credentials.restrictions.as_deref();
        if restricted.is_some_and(|restrictions| !restrictions.allow(permission)) {
            return Decision::Deny;
        }
        self.gate.decide(self.principal(), permission)
    }

    fn decision<P: Permission>(&self) -> Decision {
        self.decide(&P::info())
    }

    /// What somebody is told who may not do `P` to a thing whose name they need not know.
    pub fn refusal<P: Permission>(&self) -> Error {
        self.refused::<P>(None)
    }

    fn refused<P: Permission>(&self, resource: Option<&str>) -> Error {
        let verb = P::ACTION.map_or("do", Action::verb);
        let what = match (resource, P::RESOURCE_TYPE) {
            (Some(label), _) => format!(" `{label}`"),
            (None, Some(kind)) => format!(" any `{kind}`"),
            (None, None) => " this".to_owned(),
        };
        let message = format!("{} may not {verb}{what}", self.principal());
        Error::new(ErrorKind::Forbidden, "not-allowed", message)
            .hint(format!("ask for the permission `{}`", P::NAME))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Arrival::of(parts)?.ok_or_else(|| nobody().into())
    }
}

/// `None` is somebody who shows nothing, at an operation that is open to all.
impl<S: Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, ApiError> {
        Arrival::of(parts)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use callboard_model::EntityRef;
    use serde_json::json;

    use super::*;
    use crate::{AllowAll, Extent, PermissionPolicy, Restriction, Restrictions};

    /// A policy with one answer.
    #[derive(Debug)]
    struct Always(Decision);

    impl PermissionPolicy for Always {
        fn decide(&self, _: &Principal, _: &PermissionInfo) -> Decision {
            self.0.clone()
        }
    }

    struct DeleteEntity;

    impl Permission for DeleteEntity {
        const NAME: &'static str = "catalog.entity.delete";
        const ACTION: Option<Action> = Some(Action::Delete);
        const RESOURCE_TYPE: Option<&'static str> = Some("catalog-entity");
        type Resource = EntityRef;
    }

    struct CreateLocation;

    impl Permission for CreateLocation {
        const NAME: &'static str = "catalog.location.create";
        const ACTION: Option<Action> = Some(Action::Create);
        type Resource = ();
    }

    fn caller(decision: Decision) -> Caller {
        Gate::new(Always(decision)).guest()
    }

    fn conditional() -> Decision {
        let rule = json!({ "rule": "R", "resourceType": "catalog-entity" });
        Decision::Conditional(Arc::new(Conditions::parse(&rule).unwrap()))
    }

    fn checkout() -> EntityRef {
        EntityRef::new("component", "default", "checkout").unwrap()
    }

    #[test]
    fn a_refusal_names_the_caller_the_act_the_thing_and_the_permission() {
        let error = caller(Decision::Deny)
            .may_with::<DeleteEntity>(&checkout(), |_| Ok(true))
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
        let error = caller(Decision::Deny)
            .may_some::<DeleteEntity>()
            .unwrap_err();

        assert_eq!(
            error.message(),
            "a guest may not delete any `catalog-entity`"
        );
    }

    #[test]
    fn a_refusal_about_nothing_single_is_a_sentence() {
        let error = caller(Decision::Deny).may::<CreateLocation>().unwrap_err();

        assert_eq!(error.message(), "a guest may not create this");
    }

    #[test]
    fn an_open_gate_gives_permits() {
        let guest = Gate::new(AllowAll).guest();

        let permit = guest.may::<CreateLocation>().unwrap();
        assert_eq!(format!("{permit:?}"), "Permit(catalog.location.create)");
        assert_eq!(guest.scope::<DeleteEntity>().extent(), &Extent::All);
    }

    #[test]
    fn conditions_are_judged_for_a_thing_and_handed_on_for_all() {
        let caller = caller(conditional());

        assert!(
            caller
                .may_with::<DeleteEntity>(&checkout(), |_| Ok(true))
                .is_ok()
        );
        let refused = caller.may_with::<DeleteEntity>(&checkout(), |_| Ok(false));
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Forbidden);
        let scope = caller.scope::<DeleteEntity>();
        assert!(
            matches!(scope.extent(), Extent::Like(conditions) if conditions.to_string().contains("\"R\""))
        );
    }

    #[test]
    fn conditions_on_what_is_about_nothing_single_permit_nothing() {
        let error = caller(conditional()).may::<CreateLocation>().unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Internal);
    }

    #[test]
    fn services_may_do_what_their_token_is_for() {
        let gate = Gate::new(Always(Decision::Deny));
        let restricted = |actions: &[Action]| {
            let mut credentials = Credentials::of(Principal::service("external:ci"));
            let part = Restriction {
                actions: actions.to_vec(),
                ..Restriction::default()
            };
            credentials.restrictions = Some(Arc::new(Restrictions(vec![part])));
            gate.caller(credentials)
        };

        assert!(restricted(&[]).may::<CreateLocation>().is_ok());
        assert!(
            restricted(&[Action::Create])
                .may::<CreateLocation>()
                .is_ok()
        );
        assert!(restricted(&[Action::Read]).may::<CreateLocation>().is_err());
    }

    #[test]
    fn only_people_have_something_of_their_own() {
        let gate = Gate::new(AllowAll);
        let ada: EntityRef = "user:default/ada".parse().unwrap();
        let ada = gate.caller(Credentials::of(Principal::user(ada, Vec::new())));
        let service = gate.caller(Credentials::of(Principal::service("plugin:search")));

        assert_eq!(
            ada.person(Action::Update).unwrap().entity_ref.as_str(),
            "user:default/ada"
        );
        for other in [service, gate.guest()] {
            assert_eq!(
                other.person(Action::Read).unwrap_err().kind(),
                ErrorKind::Forbidden
            );
        }
    }

    #[tokio::test]
    async fn without_a_gate_there_is_no_caller() {
        let (mut parts, ()) = axum::http::Request::new(()).into_parts();

        let refusal = <Caller as FromRequestParts<()>>::from_request_parts(&mut parts, &())
            .await
            .unwrap_err();

        assert_eq!(refusal.status(), 500);
    }
}
