//! Whom an invitation is for.

use axum::extract::State;
use callboard_config::Secret;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::get_accounts::time;
use crate::Accounts;
use crate::password::SHORTEST;

/// The secret of an invitation: what follows the `#` of its link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// The secret.
    #[schema(value_type = String)]
    invitation: Secret,
}

/// Whom an invitation is for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invited {
    /// The name of the account.
    name: String,
    /// When the invitation is over.
    expires_at: String,
    /// The fewest characters of a password.
    shortest_password: usize,
}

/// Look at an invitation
#[utoipa::path(
    post,
    path = "/api/auth/local/invitation",
    tag = "auth",
    request_body = Question,
    responses(
        (status = 200, description = "Whom it is for.", body = Invited),
        (status = 404, description = "It is over, or was used already.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_invitation(
    State(accounts): State<Accounts>,
    Json(question): Json<Question>,
) -> Result<Json<Invited>> {
    let found = accounts.invited(question.invitation.expose()).await?;
    let (name, expires_at) = found.ok_or_else(|| {
        Error::not_found(
            "no-such-invitation",
            "this invitation is over, or was used already",
        )
        .hint("ask whoever sent it for a new one")
    })?;
    Ok(Json(Invited {
        name,
        expires_at: time(expires_at),
        shortest_password: SHORTEST,
    }))
}
