//! Invites the owner of an account to set its password anew.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Json, Path, Result};

use super::create_account::InvitationLink;
use super::rank::needs_rank;
use crate::{Accounts, CreateAccount};

/// Invite the owner of an account again
///
/// For somebody who forgot their password. The old one is good until the invitation is used. Only an administrator
/// invites another one.
#[utoipa::path(
    post,
    path = "/api/auth/v1/accounts/{name}/invitation",
    tag = "auth",
    params(("name" = String, Path, description = "The account.")),
    responses(
        (status = 201, description = "The invitation.", body = InvitationLink),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "There is no such account.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn create_invitation(
    State(accounts): State<Accounts>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<InvitationLink>)> {
    caller.may::<CreateAccount>()?;
    needs_rank(&accounts, &caller, ("invite", &name))?;
    let invitation = accounts.invite_again(&name).await?;
    let actor = Some(caller.principal().name());
    let event = AuditEvent::new("account-invite", actor, Outcome::Succeeded);
    caller.record(event.with("account", name));
    Ok((StatusCode::CREATED, Json(invitation.into())))
}
