//! Roles and their members.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Json, Path, Query, Result};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::rights::{changes, covered, creates, reach};
use super::written::{WrittenRole, named};
use crate::edit::Giving;
use crate::{DeletePolicy, ReadPolicy, Roles, UpdatePolicy, names};

/// What a role was like, and what it is to be like.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoleChange {
    /// What it was like.
    old_role: WrittenRole,
    /// What it is to be like.
    new_role: WrittenRole,
}

/// Which member.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WhichMember {
    /// Only this member loses the role.
    member_references: Option<String>,
}

/// List roles
#[utoipa::path(
    get,
    path = "/api/permission/roles",
    tag = "permissions",
    responses(
        (status = 200, description = "The roles that the caller may see.", body = Vec<WrittenRole>),
        (status = 403, description = "The caller may not.", body = ErrorBody),
    )
)]
pub(super) async fn get_roles(
    State(roles): State<Roles>,
    caller: Caller,
) -> Result<Json<Vec<WrittenRole>>> {
    let scope = reach::<ReadPolicy>(&caller)?;
    let snapshot = roles.snapshot();
    Ok(Json(
        covered(&snapshot, &scope).map(WrittenRole::of).collect(),
    ))
}

/// Get a role
#[utoipa::path(
    get,
    path = "/api/permission/roles/{kind}/{namespace}/{name}",
    tag = "permissions",
    params(("kind" = String, Path), ("namespace" = String, Path), ("name" = String, Path)),
    responses(
        (status = 200, description = "A list with the role.", body = Vec<WrittenRole>),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 404, description = "There is none of this name.", body = ErrorBody),
    )
)]
pub(super) async fn get_role(
    State(roles): State<Roles>,
    caller: Caller,
    Path(path): Path<(String, String, String)>,
) -> Result<Json<Vec<WrittenRole>>> {
    let scope = reach::<ReadPolicy>(&caller)?;
    let name = named(path)?;
    let snapshot = roles.snapshot();
    let role = covered(&snapshot, &scope).find(|role| role.name == name);
    let role = role.ok_or_else(|| crate::edit::missing(&name))?;
    Ok(Json(vec![WrittenRole::of(role)]))
}

/// Make a role
#[utoipa::path(
    post,
    path = "/api/permission/roles",
    tag = "permissions",
    request_body = WrittenRole,
    responses(
        (status = 201, description = "It is there."),
        (status = 400, description = "The role is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not, or the name is taken elsewhere.", body = ErrorBody),
        (status = 409, description = "There is one of this name.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn create_role(
    State(roles): State<Roles>,
    caller: Caller,
    Json(role): Json<WrittenRole>,
) -> Result<StatusCode> {
    creates(&caller)?;
    let new = role.read()?;
    let author = Giving::by(&caller, roles.0.declared.get()).author();
    let mut edit = roles.edit().await?;
    let done = edit.add_role(&new, &author).await;
    edit.end(&caller, done).await?;
    record(&caller, "role-create", &new.name);
    Ok(StatusCode::CREATED)
}

/// Change a role
///
/// Whoever adds members has to hold what the role permits, unless they look after all policies.
#[utoipa::path(
    put,
    path = "/api/permission/roles/{kind}/{namespace}/{name}",
    tag = "permissions",
    params(("kind" = String, Path), ("namespace" = String, Path), ("name" = String, Path)),
    request_body = RoleChange,
    responses(
        (status = 200, description = "It is changed."),
        (status = 204, description = "It is the same."),
        (status = 400, description = "A role is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not, or it comes from elsewhere.", body = ErrorBody),
        (status = 404, description = "There is none of this name, or no such member.", body = ErrorBody),
        (status = 409, description = "The name or a member is there already.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn update_role(
    State(roles): State<Roles>,
    caller: Caller,
    Path(path): Path<(String, String, String)>,
    Json(change): Json<RoleChange>,
) -> Result<StatusCode> {
    let scope = changes::<UpdatePolicy>(&caller)?;
    let name = named(path)?;
    let (old, new) = (change.old_role.members()?, change.new_role.read()?);
    let giving = Giving::by(&caller, roles.0.declared.get());
    let mut edit = roles.edit().await?;
    let done = edit.change_role((&name, &old), &new, &scope, &giving).await;
    if !edit.end(&caller, done).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    record(&caller, "role-update", &new.name);
    Ok(StatusCode::OK)
}

/// Remove a role, or one of its members
#[utoipa::path(
    delete,
    path = "/api/permission/roles/{kind}/{namespace}/{name}",
    tag = "permissions",
    params(("kind" = String, Path), ("namespace" = String, Path), ("name" = String, Path), WhichMember),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "The caller may not, or it comes from elsewhere.", body = ErrorBody),
        (status = 404, description = "There is none of this name, or no such member.", body = ErrorBody),
        (status = 409, description = "Nobody could change policies after this.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_role(
    State(roles): State<Roles>,
    caller: Caller,
    Path(path): Path<(String, String, String)>,
    Query(which): Query<WhichMember>,
) -> Result<StatusCode> {
    let scope = changes::<DeletePolicy>(&caller)?;
    let name = named(path)?;
    let member = which.member_references.as_deref().map(names::member);
    let member = member.transpose()?;
    let mut edit = roles.edit().await?;
    let done = edit.remove_role(&name, member.as_ref(), &scope).await;
    edit.end(&caller, done).await?;
    record(&caller, "role-delete", &name);
    Ok(StatusCode::NO_CONTENT)
}

fn record(caller: &Caller, event: &str, role: &str) {
    let actor = Some(caller.principal().name());
    caller.record(AuditEvent::new(event, actor, Outcome::Succeeded).with("role", role));
}
