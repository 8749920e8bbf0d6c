//! Removes an account.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Path, Result};

use super::rank::needs_rank;
use crate::{Accounts, DeleteAccount};

/// Remove an account
///
/// Whoever uses it is signed out. The last administrator stays, and only an administrator removes another one.
#[utoipa::path(
    delete,
    path = "/api/auth/v1/accounts/{name}",
    tag = "auth",
    params(("name" = String, Path, description = "The account.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "There is no such account.", body = ErrorBody),
        (status = 409, description = "It is the last administrator.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_account(
    State(accounts): State<Accounts>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode> {
    caller.may::<DeleteAccount>()?;
    needs_rank(&accounts, &caller, ("remove", &name))?;
    accounts.remove(&name).await?;
    let actor = Some(caller.principal().name());
    caller
        .record(AuditEvent::new("account-delete", actor, Outcome::Succeeded).with("account", name));
    Ok(StatusCode::NO_CONTENT)
}
