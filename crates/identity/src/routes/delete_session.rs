//! Signs the caller out in one browser.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{Action, AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Path, Result};
use callboard_model::Error;

use crate::Identity;

/// End one of my sessions
///
/// Counts at once where the request is answered, and within half a minute on other replicas.
#[utoipa::path(
    delete,
    path = "/api/auth/v1/me/sessions/{id}",
    tag = "auth",
    params(("id" = String, Path, description = "Its id.")),
    responses(
        (status = 204, description = "It is over."),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 404, description = "There is none with this id.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_session(
    State(identity): State<Identity>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let person = caller.person(Action::Delete)?;
    let sessions = &identity.0.sessions;
    if !sessions.end_by_id(&person.entity_ref, &id).await? {
        return Err(
            Error::not_found("no-such-session", "none of your sessions has this id").into(),
        );
    }
    let actor = Some(person.entity_ref.to_string());
    caller.record(AuditEvent::new("session-end", actor, Outcome::Succeeded).with("session", id));
    Ok(StatusCode::NO_CONTENT)
}
