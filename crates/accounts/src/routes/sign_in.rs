//! Signs somebody in with a password.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum_extra::extract::CookieJar;
use callboard_auth::{AuditEvent, Outcome};
use callboard_config::Secret;
use callboard_http::{ErrorBody, Json, RequestId, Result};
use callboard_identity::BackstageIdentity;
use callboard_model::{Error, ErrorKind, shortened};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Accounts;

/// The characters of a name that somebody tries.
const LONGEST_NAME: usize = 63;

/// A name and a password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Credentials {
    /// The name of the account.
    name: String,
    /// Its password.
    #[schema(value_type = String)]
    password: Secret,
}

/// Who somebody is now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Welcome {
    /// A token that says so.
    backstage_identity: BackstageIdentity,
}

/// Sign in with a password
///
/// Sets the cookie of a session. After five wrong passwords for a name the next ones have to wait, longer each time.
#[utoipa::path(
    post,
    path = "/api/auth/local/sign-in",
    tag = "auth",
    request_body = Credentials,
    responses(
        (status = 200, description = "Who it is.", body = Welcome),
        (status = 401, description = "The name or the password is wrong.", body = ErrorBody),
        (status = 429, description = "There were too many wrong ones.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn sign_in(
    State(accounts): State<Accounts>,
    headers: HeaderMap,
    request_id: Option<Extension<RequestId>>,
    Json(credentials): Json<Credentials>,
) -> Result<(CookieJar, Json<Welcome>)> {
    let name = credentials.name.trim().to_lowercase();
    let password = credentials.password.expose().to_owned();
    let is_right = name.len() <= LONGEST_NAME && accounts.is_password(&name, password).await?;
    let outcome = if is_right {
        Outcome::Succeeded
    } else {
        Outcome::Denied
    };
    let event = AuditEvent::new("sign-in", None, outcome).with("provider", "local");
    let event = event.with("account", &*shortened(&name, LONGEST_NAME));
    let request_id = request_id.as_ref().map(|Extension(id)| id.as_str());
    accounts.0.audit.record(event.request(request_id));
    if !is_right {
        return Err(wrong().into());
    }
    welcome(&accounts, &name, headers).await
}

/// Begins a session for whoever showed that the account is theirs.
pub(super) async fn welcome(
    accounts: &Accounts,
    name: &str,
    headers: HeaderMap,
) -> Result<(CookieJar, Json<Welcome>)> {
    let mut person = accounts.person(name)?;
    let agent = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok());
    person.user_agent = agent.map(str::to_owned);
    person.previous = Some(headers);
    let signed_in = accounts.0.identity.sign_in(person).await?;
    let welcome = Welcome {
        backstage_identity: signed_in.identity,
    };
    Ok((CookieJar::new().add(signed_in.cookie), Json(welcome)))
}

/// The same whether there is such an account or not.
fn wrong() -> Error {
    let message = "the name or the password is wrong";
    Error::new(ErrorKind::Unauthenticated, "wrong-credentials", message)
        .hint("ask an administrator for an invitation if you forgot the password")
}
