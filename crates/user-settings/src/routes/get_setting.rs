//! Answers one setting.

use axum::extract::State;
use callboard_auth::{Action, Caller};
use callboard_http::{ErrorBody, Json, Path, Result};
use callboard_model::Error;

use super::setting::{Name, Setting};
use crate::UserSettings;

/// Get a setting of mine
#[utoipa::path(
    get,
    path = "/api/user-settings/buckets/{bucket}/keys/{*key}",
    tag = "user-settings",
    params(
        ("bucket" = String, Path, description = "The bucket that it is in."),
        ("key" = String, Path, description = "Its key there, which may have slashes."),
    ),
    responses(
        (status = 200, description = "The setting.", body = Setting),
        (status = 400, description = "No setting can have this name.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 404, description = "There is none.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_setting(
    State(settings): State<UserSettings>,
    caller: Caller,
    Path(Name { bucket, key }): Path<Name>,
) -> Result<Json<Setting>> {
    let person = caller.person(Action::Read)?;
    let found = settings.get(&person.entity_ref, &bucket, &key).await?;
    let value = found.ok_or_else(|| {
        let message = format!("Unable to find '{key}' in bucket '{bucket}'");
        Error::not_found("no-such-setting", message)
    })?;
    Ok(Json(Setting { bucket, key, value }))
}
