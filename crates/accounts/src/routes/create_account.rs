//! Makes an account.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Json, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::get_accounts::time;
use super::rank::needs_administrator;
use crate::accounts::Invitation;
use crate::{Accounts, CreateAccount};

/// What an account is to be like.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewAccount {
    /// Its name: the user `user:default/<name>` signs in with it.
    name: String,
    /// Whether it may do everything. Only an administrator makes another one.
    #[serde(default)]
    #[schema(required = false)]
    administrator: bool,
}

/// An invitation to set the password of an account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvitationLink {
    /// The link, which is shown this once. Whoever opens it first sets the password.
    link: String,
    /// When it is over.
    expires_at: String,
}

impl From<Invitation> for InvitationLink {
    fn from(invitation: Invitation) -> Self {
        Self {
            link: invitation.link,
            expires_at: time(invitation.expires_at),
        }
    }
}

/// Make an account
///
/// Nobody chooses the password of another: the answer has a link for the account's owner.
#[utoipa::path(
    post,
    path = "/api/auth/v1/accounts",
    tag = "auth",
    request_body = NewAccount,
    responses(
        (status = 201, description = "The invitation.", body = InvitationLink),
        (status = 400, description = "The name cannot be one.", body = ErrorBody),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 409, description = "There is such an account.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn create_account(
    State(accounts): State<Accounts>,
    caller: Caller,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<InvitationLink>)> {
    caller.may::<CreateAccount>()?;
    if new.administrator {
        needs_administrator(&accounts, &caller, "make")?;
    }
    let invitation = accounts.create(&new.name, new.administrator).await?;
    let actor = Some(caller.principal().name());
    let event = AuditEvent::new("account-create", actor, Outcome::Succeeded);
    let event = event.with("administrator", new.administrator);
    caller.record(event.with("account", new.name));
    Ok((StatusCode::CREATED, Json(invitation.into())))
}
