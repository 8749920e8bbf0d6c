//! Tries roles out before they count.

use axum::extract::State;
use callboard_auth::{Caller, Decision, Permission};
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::rights::beside;
use crate::trial::Trial;
use crate::{ReadPolicy, Roles, names};

/// The most things of each kind that are told by name.
const MOST: usize = 100;
/// The most roles in a draft.
const MOST_ROLES: usize = 100;

/// Roles to be tried out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TryRequest {
    /// For whom.
    user: String,
    /// Roles as in the portal's own file, in the place of those of the same names. One without members keeps those
    /// that it has.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<Object>)]
    roles: Vec<Value>,
    /// Roles that would be gone.
    #[serde(default)]
    #[schema(required = false)]
    without: Vec<String>,
    /// How many things of each kind to tell by name, at most 100; 20 unless told.
    limit: Option<usize>,
}

/// Try roles out
///
/// What somebody could read with these roles, against what there is and what they read now. Nothing is changed.
#[utoipa::path(
    post,
    path = "/api/permission/try",
    tag = "permissions",
    request_body = TryRequest,
    responses(
        (status = 200, description = "What they could see and do.", body = Trial),
        (status = 400, description = "The draft is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not see all roles.", body = ErrorBody),
    )
)]
pub(super) async fn try_roles(
    State(roles): State<Roles>,
    caller: Caller,
    Json(asked): Json<TryRequest>,
) -> Result<Json<Trial>> {
    if caller.decide(&ReadPolicy::info()) != Decision::Allow {
        return Err(caller.refusal::<ReadPolicy>().into());
    }
    if asked.roles.len() > MOST_ROLES || asked.without.len() > MOST_ROLES {
        let message = format!("a draft has at most {MOST_ROLES} roles");
        return Err(Error::invalid("roles-draft", message).into());
    }
    let most = asked.limit.unwrap_or(20);
    if most > MOST {
        let message = format!("`limit` is larger than {MOST}");
        return Err(Error::invalid("roles-draft", message).into());
    }
    let user = names::member(&asked.user)?;
    let tried = beside(move || {
        let subject = roles.subject(user);
        let draft = roles.draft(&asked.roles, &asked.without)?;
        roles.attempt(&caller, (subject, draft), most)
    });
    Ok(Json(tried.await?))
}
