//! The clients that stay with the caller.

use std::time::{Duration, UNIX_EPOCH};

use axum::extract::State;
use callboard_auth::{Action, Caller};
use callboard_http::{ErrorBody, Json, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::OAuthServer;
use crate::sql::millis;
use crate::sql::refresh_tokens::{self, GrantRow};

/// Clients.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClientList {
    /// The one that was seen last comes first.
    items: Vec<ClientItem>,
}

/// A client that stays with somebody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientItem {
    /// What to revoke it by.
    id: String,
    /// The client.
    client_id: String,
    /// What it calls itself.
    client_name: String,
    /// What it asked for.
    scope: String,
    /// When somebody let it in.
    created_at: String,
    /// When it got its last token.
    last_used_at: String,
    /// When it goes, unless it gets another token.
    expires_at: String,
}

/// List the clients that act for me
///
/// Those that stay, which are those with a refresh token.
#[utoipa::path(
    get,
    path = "/api/auth/v1/me/clients",
    tag = "auth",
    responses(
        (status = 200, description = "The clients.", body = ClientList),
        (status = 401, description = "Nobody is signed in.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_clients(
    State(server): State<OAuthServer>,
    caller: Caller,
) -> Result<Json<ClientList>> {
    let person = caller.person(Action::Read)?;
    let inner = &server.0;
    let (user, now) = (person.entity_ref.as_str(), millis(inner.now()));
    let rows = refresh_tokens::of_user(&inner.database, user, now).await?;
    Ok(Json(ClientList {
        items: rows.into_iter().map(ClientItem::of).collect(),
    }))
}

impl ClientItem {
    fn of(row: GrantRow) -> Self {
        let (id, client_id, client_name, scope, created_at, last_used_at, expires_at) = row;
        Self {
            id,
            client_id,
            client_name,
            scope,
            created_at: time(created_at),
            last_used_at: time(last_used_at),
            expires_at: time(expires_at),
        }
    }
}

/// A time in Unix milliseconds as `2026-11-28T03:00:00.000Z`.
fn time(unix_millis: i64) -> String {
    // Beyond the year 9999 there are no such texts.
    const LAST: u64 = 253_402_300_799_000;
    let millis = u64::try_from(unix_millis).unwrap_or(0).min(LAST);
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(millis)).to_string()
}
