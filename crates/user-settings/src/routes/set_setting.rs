//! Keeps one setting.

use axum::extract::State;
use callboard_auth::{Action, Caller};
use callboard_http::{ErrorBody, Json, Path, Result};
use callboard_model::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;

use super::setting::{Name, Setting};
use crate::UserSettings;

/// What to keep.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewValue {
    /// Any JSON, `null` as well, of at most 64 KB.
    #[serde(default, deserialize_with = "present")]
    #[schema(required = true, value_type = Value)]
    value: Option<Value>,
}

/// Tells `null` from nothing.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Keep a setting of mine
///
/// It takes the place of what was there. Somebody has at most 1,000 settings.
#[utoipa::path(
    put,
    path = "/api/user-settings/buckets/{bucket}/keys/{*key}",
    tag = "user-settings",
    params(
        ("bucket" = String, Path, description = "The bucket that it is in."),
        ("key" = String, Path, description = "Its key there, which may have slashes."),
    ),
    request_body = NewValue,
    responses(
        (status = 200, description = "The setting, as it is now.", body = Setting),
        (status = 400, description = "No setting can have this name, or there is no value, or it is too large.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 409, description = "There are too many.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn set_setting(
    State(settings): State<UserSettings>,
    caller: Caller,
    Path(Name { bucket, key }): Path<Name>,
    Json(new): Json<NewValue>,
) -> Result<Json<Setting>> {
    let person = caller.person(Action::Update)?;
    let value = new
        .value
        .ok_or_else(|| Error::invalid("no-value", "Missing required field \"value\""))?;
    let user = &person.entity_ref;
    settings.set(user, &bucket, &key, &value).await?;
    Ok(Json(Setting { bucket, key, value }))
}
