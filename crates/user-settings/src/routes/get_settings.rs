//! Answers many settings at once.

use axum::extract::State;
use callboard_auth::{Action, Caller};
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::UserSettings;
use crate::limits::MOST_ASKED;

/// Which settings to get.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct WantedSettings {
    /// At most 1,000.
    items: Vec<WantedSetting>,
}

/// The name of a setting.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct WantedSetting {
    /// The bucket that it is in.
    bucket: String,
    /// Its key there.
    key: String,
}

/// Settings that were asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingValues {
    /// In the order of the question; `null` for those that there are not.
    items: Vec<Option<SettingValue>>,
}

/// What a setting says.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingValue {
    /// Any JSON.
    value: Value,
}

/// Get settings of mine
#[utoipa::path(
    post,
    path = "/api/user-settings/multiget",
    tag = "user-settings",
    request_body = WantedSettings,
    responses(
        (status = 200, description = "What they say.", body = SettingValues),
        (status = 400, description = "No setting can have such a name, or there are too many.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_settings(
    State(settings): State<UserSettings>,
    caller: Caller,
    Json(wanted): Json<WantedSettings>,
) -> Result<Json<SettingValues>> {
    let person = caller.person(Action::Read)?;
    if wanted.items.len() > MOST_ASKED {
        let message = format!("`items` has more than {MOST_ASKED} members");
        return Err(Error::invalid("too-many-items", message).into());
    }
    let names: Vec<(&str, &str)> = wanted
        .items
        .iter()
        .map(|item| (item.bucket.as_str(), item.key.as_str()))
        .collect();
    let found = settings.get_many(&person.entity_ref, &names).await?;
    let items = found
        .into_iter()
        .map(|value| value.map(|value| SettingValue { value }));
    Ok(Json(SettingValues {
        items: items.collect(),
    }))
}
