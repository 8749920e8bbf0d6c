//! Sets the password of an account by its invitation.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use callboard_auth::{AuditEvent, Outcome};
use callboard_config::Secret;
use callboard_http::{ErrorBody, Json, RequestId, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use super::sign_in::{Welcome, welcome};
use crate::Accounts;
use crate::accounts::entity_ref;

/// The answer to an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Acceptance {
    /// What follows the `#` of its link.
    #[schema(value_type = String)]
    invitation: Secret,
    /// The password to set.
    #[schema(value_type = String)]
    password: Secret,
}

/// Accept an invitation
///
/// Sets the password, ends the sessions that the account had, and signs in. An invitation works once.
#[utoipa::path(
    post,
    path = "/api/auth/local/invitation/accept",
    tag = "auth",
    request_body = Acceptance,
    responses(
        (status = 200, description = "Who it is.", body = Welcome),
        (status = 400, description = "The password is not good.", body = ErrorBody),
        (status = 404, description = "The invitation is over, or was used already.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn accept_invitation(
    State(accounts): State<Accounts>,
    headers: HeaderMap,
    request_id: Option<Extension<RequestId>>,
    Json(acceptance): Json<Acceptance>,
) -> Result<(CookieJar, Json<Welcome>)> {
    let password = acceptance.password.expose().to_owned();
    let name = accounts
        .accept(acceptance.invitation.expose(), password)
        .await?;
    let actor = Some(entity_ref(&name)?.to_string());
    let request_id = request_id.as_ref().map(|Extension(id)| id.as_str());
    let event = AuditEvent::new("account-password-set", actor, Outcome::Succeeded);
    accounts.0.audit.record(event.request(request_id));
    welcome(&accounts, &name, headers).await
}
