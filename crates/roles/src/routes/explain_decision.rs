//! Tells why somebody may do something, or may not.

use axum::extract::State;
use callboard_auth::{Caller, Decision, Permission};
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::{Error, ErrorKind};
use serde::Deserialize;
use utoipa::ToSchema;

use super::rights::beside;
use crate::explain::{Explanation, Question};
use crate::holder::Subject;
use crate::{ReadPolicy, Roles, names};

/// A question about somebody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExplainRequest {
    /// Who it is about; who asks, when it is left out.
    user: Option<String>,
    /// The permission, such as `catalog.entity.delete`.
    permission: String,
    /// The thing that it is about, such as `component:default/cart`.
    resource_ref: Option<String>,
}

/// Explain a decision
///
/// The decision of the roles, the roles that somebody has with the way to each, and the lines, policies and conditions
/// that decided; for a thing also which rules are true for it. Everybody may ask about themselves, and whoever may see
/// all roles about everybody.
#[utoipa::path(
    post,
    path = "/api/permission/explain",
    tag = "permissions",
    request_body = ExplainRequest,
    responses(
        (status = 200, description = "Why.", body = Explanation),
        (status = 400, description = "There is no such permission.", body = ErrorBody),
        (status = 403, description = "The caller may not ask about others.", body = ErrorBody),
    )
)]
pub(super) async fn explain_decision(
    State(roles): State<Roles>,
    caller: Caller,
    Json(asked): Json<ExplainRequest>,
) -> Result<Json<Explanation>> {
    let subject = subject(&roles, &caller, asked.user.as_deref())?;
    let explained = beside(move || {
        let question = Question {
            subject,
            permission: &asked.permission,
            resource_ref: asked.resource_ref.as_deref(),
        };
        roles.explain(&caller, question)
    });
    Ok(Json(explained.await?))
}

/// Who is asked about, when the caller may.
fn subject(roles: &Roles, caller: &Caller, user: Option<&str>) -> callboard_model::Result<Subject> {
    let own = Subject::of(caller.principal());
    let asked = user.map(names::member).transpose()?;
    match (own, asked) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(asked)) if own.entity_ref == asked => Ok(own),
        (_, Some(asked)) if caller.decide(&ReadPolicy::info()) == Decision::Allow => {
            Ok(roles.subject(asked))
        }
        (_, Some(asked)) => {
            let message = format!("{} may not ask about `{asked}`", caller.principal());
            Err(Error::new(ErrorKind::Forbidden, "not-allowed", message)
                .hint("ask about yourself, or for the permission `policy.entity.read`"))
        }
        (None, None) => Err(Error::invalid("no-user", "`user` is missing")
            .hint("say who it is about, such as `user:default/ada`")),
    }
}
