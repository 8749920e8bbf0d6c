//! What the policy says about permissions, as pages and other services ask (PERM-02).

use std::borrow::Cow;

use axum::extract::State;
use callboard_auth::{Action, Caller, Conditions, Decision, PermissionInfo};
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{OneOrMany, Permissions, Verdict};

/// Questions to the policy.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct AuthorizeRequest {
    /// One question each.
    items: Vec<AskedPermission>,
}

/// A question to the policy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AskedPermission {
    /// The answer has the same.
    id: String,
    /// What is to be done.
    permission: AskedAct,
    /// To which things, for a permission about single things: one reference, or several.
    resource_ref: Option<OneOrMany<String>>,
}

/// A permission in Backstage's shape.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
enum AskedAct {
    /// One that is about nothing single.
    Basic {
        /// The name that policies know it by.
        name: String,
        /// What it does.
        attributes: AskedAttributes,
    },
    /// One that is about single things.
    Resource {
        /// The name that policies know it by.
        name: String,
        /// What it does.
        attributes: AskedAttributes,
        /// The type of the things.
        #[serde(rename = "resourceType")]
        resource_type: String,
    },
}

/// What a permission does.
#[derive(Debug, Deserialize, ToSchema)]
struct AskedAttributes {
    /// `create`, `read`, `update` or `delete`.
    #[schema(value_type = Option<String>)]
    action: Option<Action>,
}

/// Answers of the policy.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuthorizeResponse {
    /// In the order of the questions.
    items: Vec<AuthorizedAct>,
}

/// An answer of the policy.
#[derive(Debug, Serialize, ToSchema)]
struct AuthorizedAct {
    /// That of the question.
    id: String,
    /// `ALLOW`, `DENY`, a list of these, or `CONDITIONAL`.
    #[serde(flatten)]
    answer: Answer,
}

/// What an answer says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum Answer {
    /// Yes or no.
    Definite {
        /// `ALLOW` or `DENY`, for each thing when several were asked about and the policy looked at them.
        result: OneOrMany<Verdict>,
    },
    /// For things that are like this.
    Conditional {
        /// `CONDITIONAL`.
        #[schema(value_type = String)]
        result: &'static str,
        /// The plugin that knows the things.
        #[schema(value_type = String)]
        #[serde(rename = "pluginId")]
        plugin_id: &'static str,
        /// The type of the things.
        #[serde(rename = "resourceType")]
        resource_type: String,
        /// What they have to be like.
        #[schema(value_type = Object)]
        conditions: Conditions,
    },
}

impl Answer {
    fn definite(verdict: Verdict) -> Self {
        Self::Definite {
            result: OneOrMany::One(verdict),
        }
    }
}

/// Ask what the caller may do
///
/// One answer for each question. A permission about single things has to be asked about with `resourceRef`.
#[utoipa::path(
    post,
    path = "/api/permission/authorize",
    tag = "permissions",
    request_body = AuthorizeRequest,
    responses(
        (status = 200, description = "What the policy says.", body = AuthorizeResponse),
        (status = 400, description = "A question cannot be understood.", body = ErrorBody),
    ),
)]
pub(super) async fn authorize(
    State(permissions): State<Permissions>,
    caller: Caller,
    Json(asked): Json<AuthorizeRequest>,
) -> Result<Json<AuthorizeResponse>> {
    asked
        .items
        .iter()
        .try_for_each(|item| item.check(&permissions))?;
    let items = asked.items.into_iter().map(|item| {
        Ok(AuthorizedAct {
            answer: answer(&permissions, &caller, &item)?,
            id: item.id,
        })
    });
    Ok(Json(AuthorizeResponse {
        items: items.collect::<Result<_>>()?,
    }))
}

fn answer(permissions: &Permissions, caller: &Caller, asked: &AskedPermission) -> Result<Answer> {
    let info = asked.permission.info();
    // What a permission is about is not for the one to say who asks.
    let info = permissions.named(&info.name).unwrap_or(&info);
    let conditions = match caller.decide(info) {
        Decision::Allow => return Ok(Answer::definite(Verdict::Allow)),
        Decision::Deny => return Ok(Answer::definite(Verdict::Deny)),
        Decision::Conditional(conditions) => conditions,
    };
    let resource_type = info.resource_type.as_deref().unwrap_or_default();
    let Some((plugin_id, resources)) = permissions.resources(resource_type) else {
        let message = format!(
            "the policy answered `{}` with conditions, and nobody knows things of the type `{resource_type}`",
            info.name
        );
        return Err(Error::internal("conditions-about-nothing", message).into());
    };
    Ok(match &asked.resource_ref {
        Some(refs) => {
            let judge = |refs: &[&str]| resources.judge(caller, &conditions, refs);
            Answer::Definite {
                result: refs.judged(judge)?,
            }
        }
        None => Answer::Conditional {
            result: "CONDITIONAL",
            plugin_id,
            resource_type: resource_type.to_owned(),
            conditions: (*conditions).clone(),
        },
    })
}

impl AskedPermission {
    /// Refuses what Backstage refuses.
    fn check(&self, permissions: &Permissions) -> Result<()> {
        let asked = self.permission.info();
        let is_basic = |info: &PermissionInfo| info.resource_type.is_none();
        let about_single = !is_basic(permissions.named(&asked.name).unwrap_or(&asked));
        let message = match &self.resource_ref {
            Some(_) if is_basic(&asked) => {
                format!("`{}` is about nothing single, so that it has no `resourceRef`", asked.name)
            }
            None if about_single => {
                "Resource permissions require a resourceRef to be set. Direct user requests without a resourceRef are not allowed.".to_owned()
            }
            Some(OneOrMany::Many(refs)) if refs.is_empty() => {
                "`resourceRef` is an empty list".to_owned()
            }
            _ => return Ok(()),
        };
        Err(Error::invalid("asked-permission", message).into())
    }
}

impl AskedAct {
    fn info(&self) -> PermissionInfo {
        let (name, attributes, resource_type) = match self {
            Self::Basic { name, attributes } => (name, attributes, None),
            Self::Resource {
                name,
                attributes,
                resource_type,
            } => (name, attributes, Some(resource_type)),
        };
        PermissionInfo {
            name: Cow::Owned(name.clone()),
            action: attributes.action,
            resource_type: resource_type.cloned().map(Cow::Owned),
        }
    }
}

/// How the permission operations are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PermissionHealth {
    /// `ok`.
    #[schema(value_type = String)]
    status: &'static str,
}

/// Are permissions answered?
#[utoipa::path(
    get,
    path = "/api/permission/health",
    tag = "permissions",
    responses((status = 200, description = "They are.", body = PermissionHealth)),
)]
pub(super) async fn get_permission_health() -> Json<PermissionHealth> {
    Json(PermissionHealth { status: "ok" })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use callboard_auth::{Gate, PermissionPolicy, Principal, ResourceRules, RuleInfo};
    use serde_json::{Value, json};

    use super::super::Declared;
    use super::*;

    /// Lets people do everything with what is `GOOD`.
    #[derive(Debug)]
    struct GoodOnly;

    impl PermissionPolicy for GoodOnly {
        fn decide(&self, _: &Principal, permission: &PermissionInfo) -> Decision {
            match permission.resource_type {
                None => Decision::Deny,
                Some(_) => {
                    let rule = json!({ "rule": "GOOD", "resourceType": "thing" });
                    Decision::Conditional(Arc::new(Conditions::parse(&rule).unwrap()))
                }
            }
        }
    }

    /// Things whose names say whether they are good.
    #[derive(Debug)]
    struct Things;

    impl ResourceRules for Things {
        fn resource_type(&self) -> &'static str {
            "thing"
        }

        fn rules(&self) -> &'static [RuleInfo] {
            &[]
        }

        fn judge(
            &self,
            _: &Caller,
            _: &Conditions,
            refs: &[&str],
        ) -> callboard_model::Result<Vec<bool>> {
            Ok(refs.iter().map(|thing| thing.starts_with("good")).collect())
        }
    }

    fn answered(item: Value) -> Result<Value> {
        let declared = Declared {
            permissions: vec![PermissionInfo {
                name: Cow::Borrowed("thing.read"),
                action: Some(Action::Read),
                resource_type: Some(Cow::Borrowed("thing")),
            }],
            resources: vec![Arc::new(Things)],
        };
        let permissions = Permissions::from_iter([("things", declared)]);
        let asked: AskedPermission = serde_json::from_value(item).unwrap();
        let answer = answer(&permissions, &Gate::new(GoodOnly).guest(), &asked)?;
        Ok(serde_json::to_value(AuthorizedAct {
            id: asked.id,
            answer,
        })
        .unwrap())
    }

    fn read(permission_type: &str) -> Value {
        json!({ "type": permission_type, "name": "thing.read", "attributes": {}, "resourceType": "thing" })
    }

    #[test]
    fn conditions_are_applied_to_the_things_that_are_asked_about() {
        let of = |refs: Value| {
            let item = json!({ "id": "1", "permission": read("resource"), "resourceRef": refs });
            answered(item).unwrap()["result"].clone()
        };

        assert_eq!(of(json!("good one")), json!("ALLOW"));
        assert_eq!(of(json!("bad one")), json!("DENY"));
        assert_eq!(of(json!(["good one", "bad one"])), json!(["ALLOW", "DENY"]));
    }

    #[test]
    fn conditions_are_handed_on_when_nothing_single_is_asked_about() {
        let answer = answered(json!({ "id": "1", "permission": read("resource") })).unwrap();

        assert_eq!(
            answer,
            json!({
                "id": "1",
                "result": "CONDITIONAL",
                "pluginId": "things",
                "resourceType": "thing",
                "conditions": { "rule": "GOOD", "resourceType": "thing", "params": {} },
            })
        );
    }

    #[test]
    fn conditions_about_things_that_nobody_knows_are_no_answer() {
        let other = json!({ "type": "resource", "name": "other.read", "attributes": {}, "resourceType": "other" });

        let error =
            answered(json!({ "id": "1", "permission": other, "resourceRef": "a" })).unwrap_err();

        assert_eq!(error.status(), 500);
    }
}
