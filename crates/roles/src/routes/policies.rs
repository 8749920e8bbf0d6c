//! Policies of roles.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Json, JsonList, Path, Query, Result};
use callboard_model::Error;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::rights::{changes, covered, creates, reach};
use super::written::{WrittenPolicy, named, policies};
use crate::edit::Giving;
use crate::{DeletePolicy, ReadPolicy, Roles, UpdatePolicy};

/// Which policies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only of this role.
    entity_ref: Option<String>,
    /// Only about this permission or resource type.
    permission: Option<String>,
    /// Only of this action.
    policy: Option<String>,
    /// Only `allow` or `deny`.
    effect: Option<String>,
}

/// What was there, and what is to be there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyChange {
    /// What was there.
    #[serde(default)]
    old_policy: Vec<WrittenPolicy>,
    /// What is to be there.
    #[serde(default)]
    new_policy: Vec<WrittenPolicy>,
}

/// List policies
///
/// Of all roles that the caller may see.
#[utoipa::path(
    get,
    path = "/api/permission/policies",
    tag = "permissions",
    params(Which),
    responses(
        (status = 200, description = "The policies.", body = Vec<WrittenPolicy>),
        (status = 403, description = "The caller may not.", body = ErrorBody),
    )
)]
pub(super) async fn get_policies(
    State(roles): State<Roles>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Json<Vec<WrittenPolicy>>> {
    let scope = reach::<ReadPolicy>(&caller)?;
    let snapshot = roles.snapshot();
    let of = covered(&snapshot, &scope);
    let of = of.filter(|role| {
        which
            .entity_ref
            .as_deref()
            .is_none_or(|name| name == role.name)
    });
    let all = of.flat_map(|role| {
        role.policies
            .iter()
            .map(|policy| WrittenPolicy::of(role, policy))
    });
    let filter = (&which.permission, &which.policy, &which.effect);
    Ok(Json(all.filter(|policy| policy.is_like(filter)).collect()))
}

/// List the policies of a role
#[utoipa::path(
    get,
    path = "/api/permission/policies/{kind}/{namespace}/{name}",
    tag = "permissions",
    params(("kind" = String, Path), ("namespace" = String, Path), ("name" = String, Path)),
    responses(
        (status = 200, description = "The policies.", body = Vec<WrittenPolicy>),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "There are none.", body = ErrorBody),
    )
)]
pub(super) async fn get_policies_of_role(
    State(roles): State<Roles>,
    caller: Caller,
    Path(path): Path<(String, String, String)>,
) -> Result<Json<Vec<WrittenPolicy>>> {
    let scope = reach::<ReadPolicy>(&caller)?;
    let name = named(path)?;
    let snapshot = roles.snapshot();
    let role =
        covered(&snapshot, &scope).find(|role| role.name == name && !role.policies.is_empty());
    let role =
        role.ok_or_else(|| Error::not_found("no-policy", format!("`{name}` has no policies")))?;
    let all = role
        .policies
        .iter()
        .map(|policy| WrittenPolicy::of(role, policy));
    Ok(Json(all.collect()))
}

/// Add policies
///
/// To roles that were made over the API. Nobody gives what they do not hold, unless they look after all policies.
#[utoipa::path(
    post,
    path = "/api/permission/policies",
    tag = "permissions",
    request_body = Vec<WrittenPolicy>,
    responses(
        (status = 201, description = "They are there."),
        (status = 400, description = "A policy is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "There is no such role.", body = ErrorBody),
        (status = 409, description = "One is there already.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn create_policies(
    State(roles): State<Roles>,
    caller: Caller,
    JsonList(list): JsonList<WrittenPolicy>,
) -> Result<StatusCode> {
    let scope = creates(&caller)?;
    let new = policies(&list, None)?;
    let mut edit = roles.edit().await?;
    let giving = Giving::by(&caller, roles.0.declared.get());
    let done = edit.add_policies(&new, &scope, &giving).await;
    edit.end(&caller, done).await?;
    record(&caller, "policy-create", &new);
    Ok(StatusCode::CREATED)
}

/// Change policies of a role
#[utoipa::path(
    put,
    path = "/api/permission/policies/{kind}/{namespace}/{name}",
    tag = "permissions",
    params(("kind" = String, Path), ("namespace" = String, Path), ("name" = String, Path)),
    request_body = PolicyChange,
    responses(
        (status = 200, description = "They are changed."),
        (status = 204, description = "They are the same."),
        (status = 400, description = "A policy is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "One is not there.", body = ErrorBody),
        (status = 409, description = "One is there already.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn update_policies(
    State(roles): State<Roles>,
    caller: Caller,
    Path(path): Path<(String, String, String)>,
    Json(change): Json<PolicyChange>,
) -> Result<StatusCode> {
    let scope = changes::<UpdatePolicy>(&caller)?;
    let name = named(path)?;
    for (list, key) in [
        (&change.old_policy, "oldPolicy"),
        (&change.new_policy, "newPolicy"),
    ] {
        if list.is_empty() {
            return Err(
                Error::invalid("role-policies", format!("'{key}' object must be present")).into(),
            );
        }
    }
    let old = policies(&change.old_policy, Some(&name))?;
    let new = policies(&change.new_policy, Some(&name))?;
    if old == new {
        return Ok(StatusCode::NO_CONTENT);
    }
    if old.len() > new.len() {
        let message =
            "'oldPolicy' object has more permission policies compared to 'newPolicy' object";
        return Err(Error::invalid("role-policies", message).into());
    }
    let mut edit = roles.edit().await?;
    let giving = Giving::by(&caller, roles.0.declared.get());
    let done = edit.change_policies((&old, &new), &scope, &giving).await;
    edit.end(&caller, done).await?;
    record(&caller, "policy-update", &new);
    Ok(StatusCode::OK)
}

/// Remove policies of a role
#[utoipa::path(
    delete,
    path = "/api/permission/policies/{kind}/{namespace}/{name}",
    tag = "permissions",
    params(("kind" = String, Path), ("namespace" = String, Path), ("name" = String, Path)),
    request_body = Vec<WrittenPolicy>,
    responses(
        (status = 204, description = "They are gone."),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "One is not there.", body = ErrorBody),
        (status = 409, description = "Nobody could change policies after this.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_policies(
    State(roles): State<Roles>,
    caller: Caller,
    Path(path): Path<(String, String, String)>,
    JsonList(list): JsonList<WrittenPolicy>,
) -> Result<StatusCode> {
    let scope = changes::<DeletePolicy>(&caller)?;
    let old = policies(&list, Some(&named(path)?))?;
    let mut edit = roles.edit().await?;
    let giving = Giving::by(&caller, roles.0.declared.get());
    let done = edit.remove_policies(&old, &scope, &giving).await;
    edit.end(&caller, done).await?;
    record(&caller, "policy-delete", &old);
    Ok(StatusCode::NO_CONTENT)
}

fn record(caller: &Caller, event: &str, policies: &[(String, crate::model::Policy)]) {
    let actor = Some(caller.principal().name());
    let told = policies
        .iter()
        .take(50)
        .map(|(role, policy)| format!("{role}, {policy}"));
    let event = AuditEvent::new(event, actor, Outcome::Succeeded);
    caller.record(event.with("policies", told.collect::<Vec<_>>()));
}
