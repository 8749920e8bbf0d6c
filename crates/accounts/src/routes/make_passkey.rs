//! Makes a passkey for the caller's account.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{Action, AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Accounts;
use crate::accounts::account_of;
use crate::passkeys::Asked;

/// The characters of a label.
const LONGEST_LABEL: usize = 100;

/// The first step of a ceremony.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ceremony {
    /// Its id, for the second step.
    ceremony: String,
    /// What the browser is to be asked: `{publicKey}`, as WebAuthn has it, with bytes in base64url.
    #[schema(value_type = Object)]
    options: Value,
}

impl From<Asked> for Ceremony {
    fn from(asked: Asked) -> Self {
        Self {
            ceremony: asked.ceremony,
            options: asked.options,
        }
    }
}

/// What the device answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MadePasskey {
    /// That of the first step.
    ceremony: String,
    /// What to call the passkey.
    label: String,
    /// What the browser answered, as WebAuthn has it, with bytes in base64url.
    #[schema(value_type = Object)]
    credential: Value,
}

/// Begin to make a passkey
///
/// For the account of the caller. The device has five minutes.
#[utoipa::path(
    post,
    path = "/api/auth/v1/me/passkeys/ceremony",
    tag = "auth",
    responses(
        (status = 200, description = "What the browser is to be asked.", body = Ceremony),
        (status = 400, description = "These pages cannot have passkeys.", body = ErrorBody),
        (status = 403, description = "The caller has no account here.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn begin_passkey(
    State(accounts): State<Accounts>,
    caller: Caller,
) -> Result<Json<Ceremony>> {
    let name = account_of(&accounts, caller.person(Action::Create)?).await?;
    let asked = accounts.passkeys()?.begin_making(&name).await?;
    Ok(Json(asked.into()))
}

/// Make a passkey
#[utoipa::path(
    post,
    path = "/api/auth/v1/me/passkeys",
    tag = "auth",
    request_body = MadePasskey,
    responses(
        (status = 201, description = "It is known from now on."),
        (status = 400, description = "The device did not answer what it was asked.", body = ErrorBody),
        (status = 403, description = "The caller has no account here.", body = ErrorBody),
        (status = 409, description = "There are too many.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn make_passkey(
    State(accounts): State<Accounts>,
    caller: Caller,
    Json(made): Json<MadePasskey>,
) -> Result<StatusCode> {
    let name = account_of(&accounts, caller.person(Action::Create)?).await?;
    let label = made.label.trim();
    if label.is_empty() || label.chars().count() > LONGEST_LABEL {
        let message = format!("`label` is empty or longer than {LONGEST_LABEL} characters");
        return Err(Error::invalid("passkey-label", message).into());
    }
    let passkeys = accounts.passkeys()?;
    passkeys
        .end_making(&name, (&made.ceremony, label), made.credential)
        .await?;
    let actor = Some(caller.principal().name());
    caller
        .record(AuditEvent::new("passkey-create", actor, Outcome::Succeeded).with("label", label));
    Ok(StatusCode::CREATED)
}
