//! Signs somebody in with a passkey.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use callboard_auth::{AuditEvent, Outcome};
use callboard_http::{ErrorBody, Json, RequestId, Result};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::make_passkey::Ceremony;
use super::sign_in::{Welcome, welcome};
use crate::Accounts;

/// What the device answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShownPasskey {
    /// That of the first step.
    ceremony: String,
    /// What the browser answered, as WebAuthn has it, with bytes in base64url.
    #[schema(value_type = Object)]
    credential: Value,
}

/// Begin to sign in with a passkey
///
/// The device has five minutes.
#[utoipa::path(
    post,
    path = "/api/auth/local/passkey/ceremony",
    tag = "auth",
    responses(
        (status = 200, description = "What the browser is to be asked.", body = Ceremony),
        (status = 400, description = "These pages cannot have passkeys.", body = ErrorBody),
        (status = 429, description = "Too many do so at once.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn begin_passkey_sign_in(
    State(accounts): State<Accounts>,
) -> Result<Json<Ceremony>> {
    let asked = accounts.passkeys()?.begin_sign_in().await?;
    Ok(Json(asked.into()))
}

/// Sign in with a passkey
#[utoipa::path(
    post,
    path = "/api/auth/local/passkey/sign-in",
    tag = "auth",
    request_body = ShownPasskey,
    responses(
        (status = 200, description = "Who it is.", body = Welcome),
        (status = 400, description = "The ceremony is over.", body = ErrorBody),
        (status = 401, description = "The passkey is not known, or did not sign what it was asked to.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn sign_in_with_passkey(
    State(accounts): State<Accounts>,
    headers: HeaderMap,
    request_id: Option<Extension<RequestId>>,
    Json(shown): Json<ShownPasskey>,
) -> Result<(CookieJar, Json<Welcome>)> {
    let ended = accounts
        .passkeys()?
        .end_sign_in(&shown.ceremony, shown.credential)
        .await;
    let (outcome, account) = match &ended {
        Ok(name) => (Outcome::Succeeded, name.as_str()),
        Err(_) => (Outcome::Denied, ""),
    };
    let event = AuditEvent::new("sign-in", None, outcome).with("provider", "local");
    let event = event.with("account", account).with("with", "passkey");
    let request_id = request_id.as_ref().map(|Extension(id)| id.as_str());
    accounts.0.audit.record(event.request(request_id));
    welcome(&accounts, &ended?, headers).await
}
