//! Entities that were never good, as Backstage's module for them shows them.

use std::time::{Duration, UNIX_EPOCH};

use callboard_model::{Entity, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::schemas;
use crate::sql::unprocessed::UnprocessedRow;

/// The most that are answered.
pub(super) const MOST: i64 = 10_000;

/// Which to answer.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Only those whose `spec.owner` is exactly this.
    #[serde(default)]
    #[param(required = false)]
    owner: Option<String>,
}

/// Entities that nobody sees.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnprocessedEntities {
    /// `failed` or `pending`.
    r#type: &'static str,
    /// The entities, in the order of their references; at most 10,000.
    entities: Vec<UnprocessedEntity>,
}

/// An entity that was never good.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnprocessedEntity {
    /// Its id, to delete it by.
    entity_id: String,
    /// Its reference.
    entity_ref: String,
    /// What its source says.
    #[schema(value_type = schemas::Entity)]
    unprocessed_entity: Value,
    /// The hash of that.
    unprocessed_hash: String,
    /// Of the last result; empty, as there is none.
    result_hash: String,
    /// Since when it is due; it is processed when its source changes, and when it is refreshed.
    next_update_at: String,
    /// When its source named it first.
    last_discovery_at: String,
    /// What is wrong with it.
    errors: Vec<UnprocessedError>,
    /// Who owns it when two sources name it.
    location_key: String,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnprocessedError {
    /// The class of error, such as `InputError`.
    name: String,
    /// What is wrong.
    message: String,
    /// The same once more, where Backstage has the error behind it.
    cause: UnprocessedCause,
}

/// What is behind an error.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnprocessedCause {
    /// Its class.
    name: String,
    /// What it says.
    message: String,
    /// Always empty: the inside of the server is not shown.
    stack: String,
}

/// The answer to who asks for `parameters`.
pub(super) fn answer(
    reason: &'static str,
    parameters: &Parameters,
    rows: Vec<UnprocessedRow>,
) -> UnprocessedEntities {
    let owner = parameters
        .owner
        .as_deref()
        .filter(|owner| !owner.is_empty());
    let entities = rows.into_iter().filter_map(|row| entity(row, owner));
    UnprocessedEntities {
        r#type: reason,
        entities: entities.collect(),
    }
}

fn entity(row: UnprocessedRow, owner: Option<&str>) -> Option<UnprocessedEntity> {
    let entity: Entity = serde_json::from_str(&row.entity).unwrap_or_default();
    let owned_by = entity.spec().and_then(|spec| spec.get("owner")?.as_str());
    if owner.is_some_and(|owner| owned_by != Some(owner)) {
        return None;
    }
    let problems: Vec<Problem> = serde_json::from_str(&row.problems).unwrap_or_default();
    let since = time(row.claimed_at);
    Some(UnprocessedEntity {
        entity_id: row.uid,
        entity_ref: row.entity_ref,
        unprocessed_entity: Value::Object(entity.into_object()),
        unprocessed_hash: row.hash,
        result_hash: String::new(),
        next_update_at: since.clone(),
        last_discovery_at: since,
        errors: problems.into_iter().map(error).collect(),
        location_key: row.location_key,
    })
}

fn time(unix_millis: i64) -> String {
    let since = Duration::from_millis(u64::try_from(unix_millis).unwrap_or(0));
    humantime::format_rfc3339_millis(UNIX_EPOCH + since).to_string()
}

fn error(problem: Problem) -> UnprocessedError {
    let place = problem
        .path
        .map(|path| format!("{path}: "))
        .unwrap_or_default();
    let message = format!("{place}{}", problem.message);
    UnprocessedError {
        name: "InputError".to_owned(),
        message: message.clone(),
        cause: UnprocessedCause {
            name: "InputError".to_owned(),
            message,
            stack: String::new(),
        },
    }
}
