//! Removes one setting.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{Action, Caller};
use callboard_http::{ErrorBody, Path, Result};

use super::setting::Name;
use crate::UserSettings;

/// Remove a setting of mine
///
/// Nothing happens when there is none.
#[utoipa::path(
    delete,
    path = "/api/user-settings/buckets/{bucket}/keys/{*key}",
    tag = "user-settings",
    params(
        ("bucket" = String, Path, description = "The bucket that it is in."),
        ("key" = String, Path, description = "Its key there, which may have slashes."),
    ),
    responses(
        (status = 204, description = "There is none any more."),
        (status = 400, description = "No setting can have this name.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_setting(
    State(settings): State<UserSettings>,
    caller: Caller,
    Path(Name { bucket, key }): Path<Name>,
) -> Result<StatusCode> {
    let person = caller.person(Action::Delete)?;
    settings.remove(&person.entity_ref, &bucket, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}
