//! Which accounts there are.

use std::time::{Duration, UNIX_EPOCH};

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::EntityRef;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::entity_ref;
use crate::{Accounts, ReadAccount};

/// Accounts of this portal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountList {
    /// By name.
    items: Vec<AccountItem>,
}

/// An account of this portal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccountItem {
    /// Its name.
    name: String,
    /// The user that signs in with it.
    #[schema(value_type = String)]
    entity_ref: EntityRef,
    /// Whether its password was set.
    has_password: bool,
    /// Whether it may do everything.
    administrator: bool,
    /// When it was made.
    created_at: String,
    /// When its password was set last.
    changed_at: String,
}

/// List accounts
#[utoipa::path(
    get,
    path = "/api/auth/v1/accounts",
    tag = "auth",
    responses(
        (status = 200, description = "The accounts.", body = AccountList),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_accounts(
    State(accounts): State<Accounts>,
    caller: Caller,
) -> Result<Json<AccountList>> {
    caller.may::<ReadAccount>()?;
    let mut items = Vec::new();
    for account in accounts.all().await? {
        items.push(AccountItem {
            entity_ref: entity_ref(&account.name)?,
            name: account.name,
            has_password: account.has_password,
            administrator: account.is_admin,
            created_at: time(account.created_at),
            changed_at: time(account.changed_at),
        });
    }
    Ok(Json(AccountList { items }))
}

/// A time in Unix milliseconds as `2026-11-28T03:00:00.000Z`.
pub(super) fn time(unix_millis: u64) -> String {
    // Beyond the year 9999 there are no such texts.
    const LAST: u64 = 253_402_300_799_000;
    let at = UNIX_EPOCH + Duration::from_millis(unix_millis.min(LAST));
    humantime::format_rfc3339_millis(at).to_string()
}
