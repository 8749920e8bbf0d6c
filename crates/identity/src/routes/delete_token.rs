//! Revokes a personal access token.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{Action, AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Path, Result};
use callboard_model::Error;

use crate::Identity;

/// Revoke one of my personal access tokens
///
/// Counts at once where the request is answered, and within half a minute on other replicas.
#[utoipa::path(
    delete,
    path = "/api/auth/v1/me/tokens/{id}",
    tag = "auth",
    params(("id" = String, Path, description = "Its id.")),
    responses(
        (status = 204, description = "It is revoked."),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 404, description = "There is none with this id.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_token(
    State(identity): State<Identity>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let person = caller.person(Action::Delete)?;
    let tokens = &identity.0.personal_tokens;
    if !tokens.revoke(&person.entity_ref, &id).await? {
        return Err(Error::not_found("no-such-token", "none of your tokens has this id").into());
    }
    let actor = Some(person.entity_ref.to_string());
    caller
        .record(AuditEvent::new("personal-token-revoke", actor, Outcome::Succeeded).with("id", id));
    Ok(StatusCode::NO_CONTENT)
}
