//! Whether conditions are true for things, as the one asks who was given conditions for an answer.

use axum::extract::State;
use callboard_auth::{Caller, Conditions};
use callboard_http::{ErrorBody, Json, Path, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OneOrMany, Permissions, Verdict};

/// Questions about things.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct AppliedConditions {
    /// One question each.
    items: Vec<AppliedCondition>,
}

/// A question about things.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AppliedCondition {
    /// The answer has the same.
    id: String,
    /// The things, such as `component:default/cart`.
    resource_ref: OneOrMany<String>,
    /// The type of the things, such as `catalog-entity`.
    resource_type: String,
    /// What they have to be like: a tree of `allOf`, `anyOf`, `not` and rules.
    #[schema(value_type = Object)]
    conditions: serde_json::Value,
}

/// Answers about things.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConditionResults {
    /// In the order of the questions.
    items: Vec<ConditionResult>,
}

/// An answer about things.
#[derive(Debug, Serialize, ToSchema)]
struct ConditionResult {
    /// That of the question.
    id: String,
    /// `ALLOW` or `DENY`, for each thing when several were asked about.
    result: OneOrMany<Verdict>,
}

/// Apply conditions to things
///
/// They are false for what does not exist, and for what the caller may not see.
#[utoipa::path(
    post,
    path = "/api/{plugin}/.well-known/backstage/permissions/apply-conditions",
    tag = "permissions",
    params(("plugin" = String, Path, description = "The plugin, such as `catalog`.")),
    request_body = AppliedConditions,
    responses(
        (status = 200, description = "For which things they are true.", body = ConditionResults),
        (status = 400, description = "The conditions cannot be understood.", body = ErrorBody),
        (status = 404, description = "No plugin of this name has such things.", body = ErrorBody),
    ),
)]
pub(super) async fn apply_permission_conditions(
    State(permissions): State<Permissions>,
    caller: Caller,
    Path(plugin): Path<String>,
    Json(asked): Json<AppliedConditions>,
) -> Result<Json<ConditionResults>> {
    let declared = permissions.of_plugin(&plugin).ok_or_else(|| {
        let message = format!("no plugin `{plugin}` has things that conditions can be about");
        Error::not_found("no-such-plugin", message)
    })?;
    let answer = |asked: AppliedCondition| -> Result<ConditionResult> {
        let mut resources = declared.resources.iter();
        let known = resources.find(|one| one.resource_type() == asked.resource_type);
        let resources = known.ok_or_else(|| {
            let message = format!("Unexpected resource types: {}.", asked.resource_type);
            Error::invalid("resource-type", message)
        })?;
        let conditions = Conditions::parse(&asked.conditions)?;
        let judge = |refs: &[&str]| resources.judge(&caller, &conditions, refs);
        Ok(ConditionResult {
            result: asked.resource_ref.judged(judge)?,
            id: asked.id,
        })
    };
    let items = asked.items.into_iter().map(answer);
    Ok(Json(ConditionResults {
        items: items.collect::<Result<_>>()?,
    }))
}
