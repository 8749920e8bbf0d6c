//! Who calls, for pages that have to know before anything else.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use callboard_auth::{Caller, PersonQuery, Principal, Strangers, User};
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::{EntityRef, ErrorKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Identity;
use crate::authenticator::session_cookie;

/// What becomes of those who show nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need(pub(super) Strangers);

/// Who calls.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Me {
    /// Whether nothing is answered until somebody signs in.
    sign_in_required: bool,
    /// The provider that vouched for them, when they are signed in in this browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    provider: Option<String>,
    /// The person, when one is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    user: Option<Myself>,
}

/// The person who calls.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Myself {
    /// The entity that they are.
    #[schema(value_type = String)]
    entity_ref: EntityRef,
    /// What they own things as: themselves and their groups.
    #[schema(value_type = Vec<String>)]
    ownership_entity_refs: Vec<EntityRef>,
    /// What they are called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    display_name: Option<String>,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    email: Option<String>,
    /// Where a picture of them is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    picture: Option<String>,
}

/// Who am I?
///
/// Answers everybody. Whoever shows nothing, or what is not good any more, is told whether they have to sign in.
#[utoipa::path(
    get,
    path = "/api/auth/v1/me",
    tag = "auth",
    responses(
        (status = 200, description = "Who calls.", body = Me),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_me(
    State(identity): State<Identity>,
    Extension(Need(strangers)): Extension<Need>,
    headers: HeaderMap,
    caller: Result<Option<Caller>>,
) -> Result<Json<Me>> {
    let caller = known(caller)?;
    let user = match caller.as_ref().map(Caller::principal) {
        Some(Principal::User(user)) => Some(myself(&identity, user)),
        Some(Principal::Guest | Principal::Service(_)) | None => None,
    };
    Ok(Json(Me {
        sign_in_required: strangers == Strangers::HaveToSignIn,
        provider: match (&user, session_cookie(&headers)) {
            (Some(_), Some(cookie)) => identity.0.sessions.find(&cookie).await?,
            _ => None,
        }
        .map(|session| session.provider.clone()),
        user,
    }))
}

/// Who calls. What is not good any more is as if it were not there: the page asks in order to know just that.
fn known(caller: Result<Option<Caller>>) -> Result<Option<Caller>> {
    match caller {
        Err(error) if error.error().kind() == ErrorKind::Unauthenticated => Ok(None),
        other => other,
    }
}

fn myself(identity: &Identity, user: &User) -> Myself {
    let query = PersonQuery::Ref(user.entity_ref.clone());
    // Names are a courtesy: a catalog that is not read yet keeps nobody out.
    let people = identity.directory().people(&query).unwrap_or_default();
    let person = people.into_iter().next();
    let (display_name, email, picture) = match person {
        Some(person) => (person.display_name, person.email, person.picture),
        None => (None, None, None),
    };
    Myself {
        entity_ref: user.entity_ref.clone(),
        ownership_entity_refs: user.ownership.clone(),
        display_name,
        email,
        picture,
    }
}
