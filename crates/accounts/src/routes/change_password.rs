//! Changes the caller's password.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{Action, AuditEvent, Caller, Outcome};
use callboard_config::Secret;
use callboard_http::{ErrorBody, Json, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Accounts;

/// The present password and the one to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// The present one.
    #[schema(value_type = String)]
    present: Secret,
    /// The one to come.
    #[schema(value_type = String)]
    new: Secret,
}

/// Change my password
///
/// Ends all sessions of the caller, this one too.
#[utoipa::path(
    put,
    path = "/api/auth/v1/me/password",
    tag = "auth",
    request_body = NewPassword,
    responses(
        (status = 204, description = "It is changed."),
        (status = 400, description = "The new one is not good.", body = ErrorBody),
        (status = 403, description = "The present one is wrong.", body = ErrorBody),
        (status = 429, description = "There were too many wrong ones.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn change_password(
    State(accounts): State<Accounts>,
    caller: Caller,
    Json(passwords): Json<NewPassword>,
) -> Result<StatusCode> {
    let person = caller.person(Action::Update)?;
    let actor = person.entity_ref.to_string();
    // Only users of this namespace have accounts here.
    let name = actor.strip_prefix("user:default/").unwrap_or_default();
    let present = passwords.present.expose().to_owned();
    let new = passwords.new.expose().to_owned();
    let changed = accounts.change_password(name, present, new).await;
    let outcome = match &changed {
        Ok(()) => Outcome::Succeeded,
        Err(_) => Outcome::Denied,
    };
    caller.record(AuditEvent::new(
        "account-password-change",
        Some(actor),
        outcome,
    ));
    changed?;
    Ok(StatusCode::NO_CONTENT)
}
