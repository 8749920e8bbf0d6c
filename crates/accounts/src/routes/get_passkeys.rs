//! The passkeys of the caller's account.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{Action, AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Json, Path, Result};
use callboard_model::Error;
use serde::Serialize;
use utoipa::ToSchema;

use super::get_accounts::time;
use crate::Accounts;
use crate::accounts::account_of;

/// The passkeys of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PasskeyList {
    /// The oldest comes first.
    items: Vec<PasskeyItem>,
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PasskeyItem {
    /// Its id.
    id: String,
    /// What its owner calls it.
    label: String,
    /// When it was made.
    created_at: String,
    /// When it was used last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    last_used_at: Option<String>,
}

/// List my passkeys
#[utoipa::path(
    get,
    path = "/api/auth/v1/me/passkeys",
    tag = "auth",
    responses(
        (status = 200, description = "The passkeys.", body = PasskeyList),
        (status = 400, description = "These pages cannot have passkeys.", body = ErrorBody),
        (status = 403, description = "The caller has no account here.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_passkeys(
    State(accounts): State<Accounts>,
    caller: Caller,
) -> Result<Json<PasskeyList>> {
    let name = account_of(&accounts, caller.person(Action::Read)?).await?;
    let known = accounts.passkeys()?.of_account(&name).await?;
    let items = known.into_iter().map(|passkey| PasskeyItem {
        id: passkey.id,
        label: passkey.label,
        created_at: time(passkey.created_at),
        last_used_at: passkey.seen_at.map(time),
    });
    Ok(Json(PasskeyList {
        items: items.collect(),
    }))
}

/// Remove one of my passkeys
#[utoipa::path(
    delete,
    path = "/api/auth/v1/me/passkeys/{id}",
    tag = "auth",
    params(("id" = String, Path, description = "Its id.")),
    responses(
        (status = 204, description = "It is not known any more."),
        (status = 403, description = "The caller has no account here.", body = ErrorBody),
        (status = 404, description = "There is none with this id.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_passkey(
    State(accounts): State<Accounts>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let name = account_of(&accounts, caller.person(Action::Delete)?).await?;
    if !accounts.passkeys()?.remove(&name, &id).await? {
        return Err(
            Error::not_found("no-such-passkey", "none of your passkeys has this id").into(),
        );
    }
    let actor = Some(caller.principal().name());
    caller.record(AuditEvent::new("passkey-delete", actor, Outcome::Succeeded).with("id", id));
    Ok(StatusCode::NO_CONTENT)
}
