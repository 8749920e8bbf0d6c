//! Conditions of roles.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Json, Path, Query, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::rights::{changes, covered, creates, reach};
use crate::conditions::{Written, read, written};
use crate::edit::Giving;
use crate::model::{Conditional, Place, Verb};
use crate::{DeletePolicy, ReadPolicy, Roles, UpdatePolicy};

/// Which conditions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only of this role.
    role_entity_ref: Option<String>,
    /// Only about things of this plugin.
    plugin_id: Option<String>,
    /// Only about things of this type.
    resource_type: Option<String>,
    /// Only about all of these actions.
    #[serde(default)]
    actions: Vec<Verb>,
}

impl Which {
    fn is_met(&self, role: &str, one: &Conditional) -> bool {
        let same =
            |asked: &Option<String>, own: &str| asked.as_deref().is_none_or(|asked| asked == own);
        let has = |verb: &Verb| one.mapping.iter().any(|mapping| mapping.verb == *verb);
        same(&self.role_entity_ref, role)
            && same(&self.plugin_id, &one.plugin_id)
            && same(&self.resource_type, &one.resource_type)
            && self.actions.iter().all(has)
    }
}

/// A condition that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedCondition {
    /// Its id.
    id: i64,
}

/// List conditions
#[utoipa::path(
    get,
    path = "/api/permission/roles/conditions",
    tag = "permissions",
    params(Which),
    responses(
        (status = 200, description = "The conditions that the caller may see.", body = Vec<Object>),
        (status = 403, description = "The caller may not.", body = ErrorBody),
    )
)]
pub(super) async fn get_conditions(
    State(roles): State<Roles>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Json<Vec<Map<String, Value>>>> {
    let scope = reach::<ReadPolicy>(&caller)?;
    let snapshot = roles.snapshot();
    let all = covered(&snapshot, &scope).flat_map(|role| {
        let conditionals = role.conditionals.iter();
        conditionals.map(move |one| (role.name.as_str(), one))
    });
    let all = all.filter(|(role, one)| which.is_met(role, one));
    Ok(Json(all.map(|(role, one)| written(role, one)).collect()))
}

/// Get a condition
#[utoipa::path(
    get,
    path = "/api/permission/roles/conditions/{id}",
    tag = "permissions",
    params(("id" = i64, Path)),
    responses(
        (status = 200, description = "The condition.", body = Object),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "There is none with this id.", body = ErrorBody),
    )
)]
pub(super) async fn get_condition(
    State(roles): State<Roles>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Json<Map<String, Value>>> {
    let scope = reach::<ReadPolicy>(&caller)?;
    let snapshot = roles.snapshot();
    let found = covered(&snapshot, &scope).find_map(|role| {
        let one = role.conditionals.iter().find(|one| one.id == id)?;
        Some(written(&role.name, one))
    });
    let found = found.ok_or_else(|| {
        Error::not_found(
            "no-condition",
            format!("Condition with id {id} was not found"),
        )
    })?;
    Ok(Json(found))
}

/// Make a condition
#[utoipa::path(
    post,
    path = "/api/permission/roles/conditions",
    tag = "permissions",
    request_body = Object,
    responses(
        (status = 201, description = "Its id.", body = CreatedCondition),
        (status = 400, description = "The condition is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "There is no such role.", body = ErrorBody),
        (status = 409, description = "There is one for the same.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn create_condition(
    State(roles): State<Roles>,
    caller: Caller,
    Json(json): Json<Value>,
) -> Result<(StatusCode, Json<CreatedCondition>)> {
    let scope = creates(&caller)?;
    let new = checked(&roles, &json)?;
    let giving = Giving::by(&caller, roles.0.declared.get());
    let mut edit = roles.edit().await?;
    let done = edit.add_condition(&new, &scope, &giving).await;
    let id = edit.end(&caller, done).await?;
    record(&caller, "condition-create", id);
    Ok((StatusCode::CREATED, Json(CreatedCondition { id })))
}

/// Change a condition
#[utoipa::path(
    put,
    path = "/api/permission/roles/conditions/{id}",
    tag = "permissions",
    params(("id" = i64, Path)),
    request_body = Object,
    responses(
        (status = 200, description = "It is changed."),
        (status = 400, description = "The condition is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "There is none with this id.", body = ErrorBody),
        (status = 409, description = "There is one for the same.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn update_condition(
    State(roles): State<Roles>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(json): Json<Value>,
) -> Result<StatusCode> {
    let scope = changes::<UpdatePolicy>(&caller)?;
    let mut new = checked(&roles, &json)?;
    let giving = Giving::by(&caller, roles.0.declared.get());
    let mut edit = roles.edit().await?;
    let done = edit.change_condition(id, &mut new, &scope, &giving).await;
    edit.end(&caller, done).await?;
    record(&caller, "condition-update", id);
    Ok(StatusCode::OK)
}

/// Remove a condition
#[utoipa::path(
    delete,
    path = "/api/permission/roles/conditions/{id}",
    tag = "permissions",
    params(("id" = i64, Path)),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "There is none with this id.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_condition(
    State(roles): State<Roles>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode> {
    let scope = changes::<DeletePolicy>(&caller)?;
    let mut edit = roles.edit().await?;
    let giving = Giving::by(&caller, roles.0.declared.get());
    let done = edit.remove_condition(id, &scope, &giving).await;
    edit.end(&caller, done).await?;
    record(&caller, "condition-delete", id);
    Ok(StatusCode::NO_CONTENT)
}

/// Reads a condition whose rules are all known.
fn checked(roles: &Roles, json: &Value) -> callboard_model::Result<Written> {
    let limits = roles.0.settings.rbac.validation.conditional_policies;
    let new = read(json, limits, &Place::from("over the API"))?;
    if new.conditional.mapping.iter().any(|one| one.name.is_none()) {
        let message = "REST API requires permissionMapping entries to include permission name";
        return Err(Error::invalid("role-condition", message)
            .hint("write `{\"name\": \"catalog.entity.read\", \"action\": \"read\"}`"));
    }
    if let Some(declared) = roles.0.declared.get() {
        declared.check(&new.conditional.conditions)?;
    }
    Ok(new)
}

fn record(caller: &Caller, event: &str, id: i64) {
    let actor = Some(caller.principal().name());
    caller.record(AuditEvent::new(event, actor, Outcome::Succeeded).with("condition", id));
}
