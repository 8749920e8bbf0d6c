//! Where the caller is signed in.

use axum::extract::State;
use axum::http::HeaderMap;
use callboard_auth::{Action, Caller};
use callboard_http::{ErrorBody, Json, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::times::time;
use crate::Identity;
use crate::authenticator::session_cookie;
use crate::sessions::Session;

/// The sessions of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionList {
    /// The one that was used last comes first.
    items: Vec<SessionItem>,
}

/// A browser in which somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionItem {
    /// Its id.
    id: String,
    /// The provider that vouched for them.
    provider: String,
    /// What the browser calls itself; empty when it did not say.
    user_agent: String,
    /// When it began.
    created_at: String,
    /// When it was used last, within five minutes.
    last_used_at: String,
    /// When it is over, unless it is used.
    expires_at: String,
    /// Whether this request belongs to it.
    current: bool,
}

/// List my sessions
#[utoipa::path(
    get,
    path = "/api/auth/v1/me/sessions",
    tag = "auth",
    responses(
        (status = 200, description = "The sessions.", body = SessionList),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_sessions(
    State(identity): State<Identity>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Json<SessionList>> {
    let person = caller.person(Action::Read)?;
    let sessions = &identity.0.sessions;
    let current = match session_cookie(&headers) {
        Some(cookie) => sessions.find(&cookie).await?,
        None => None,
    };
    let all = sessions.of_user(&person.entity_ref).await?;
    let is_current = |session: &Session| current.as_ref().is_some_and(|one| one.id == session.id);
    let items = all.into_iter().map(|session| SessionItem {
        current: is_current(&session),
        id: session.id,
        provider: session.provider,
        user_agent: session.user_agent,
        created_at: time(session.created_at),
        last_used_at: time(session.seen_at),
        expires_at: time(session.expires_at),
    });
    Ok(Json(SessionList {
        items: items.collect(),
    }))
}
