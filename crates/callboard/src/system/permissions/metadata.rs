//! Which permissions and rules a plugin has, as the tools that write policies read them.

use axum::extract::State;
use callboard_auth::{Action, Caller, PermissionInfo, RuleInfo};
use callboard_http::{Json, Path, Result};
use callboard_model::Error;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Declared, Permissions};

/// What a policy can decide about one plugin.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PermissionsMetadata {
    /// The permissions that its operations ask for.
    permissions: Vec<DescribedPermission>,
    /// The rules that conditions can be made of.
    rules: Vec<DescribedRule>,
}

/// A permission in Backstage's shape.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DescribedPermission {
    /// `resource` when it is about single things, otherwise `basic`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    permission_type: &'static str,
    /// The name that policies know it by, such as `catalog.entity.read`.
    name: String,
    /// What it does.
    attributes: PermissionAttributes,
    /// The type of thing it is about, such as `catalog-entity`.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_type: Option<String>,
}

/// What a permission does.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionAttributes {
    /// `create`, `read`, `update` or `delete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    action: Option<Action>,
}

/// A rule in Backstage's shape.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DescribedRule {
    /// The name that conditions use, such as `IS_ENTITY_OWNER`.
    name: &'static str,
    /// What it is true for.
    description: &'static str,
    /// The type of thing it is about, such as `catalog-entity`.
    resource_type: &'static str,
    /// What it is told, as JSON Schema.
    params_schema: serde_json::Value,
}

impl From<&PermissionInfo> for DescribedPermission {
    fn from(permission: &PermissionInfo) -> Self {
        Self {
            permission_type: match permission.resource_type {
                Some(_) => "resource",
                None => "basic",
            },
            name: permission.name.to_string(),
            attributes: PermissionAttributes {
                action: permission.action,
            },
            resource_type: permission.resource_type.as_deref().map(str::to_owned),
        }
    }
}

impl From<&RuleInfo> for DescribedRule {
    fn from(rule: &RuleInfo) -> Self {
        Self {
            name: rule.name,
            description: rule.description,
            resource_type: rule.resource_type,
            params_schema: rule.params_schema(),
        }
    }
}

impl From<&Declared> for PermissionsMetadata {
    fn from(declared: &Declared) -> Self {
        let permissions = declared.permissions.iter();
        let rules = declared.resources.iter().flat_map(|one| one.rules());
        Self {
            permissions: permissions.map(DescribedPermission::from).collect(),
            rules: rules.map(DescribedRule::from).collect(),
        }
    }
}

/// Get the permissions of a plugin
///
/// What a permission policy can decide about the operations of one plugin, such as `catalog`, and the rules that it can
/// make conditions of.
#[utoipa::path(
    get,
    path = "/api/{plugin}/.well-known/backstage/permissions/metadata",
    tag = "permissions",
    params(("plugin" = String, Path, description = "The plugin, such as `catalog`.")),
    responses(
        (status = 200, description = "Its permissions and rules.", body = PermissionsMetadata),
        (status = 404, description = "No plugin of this name asks for permissions."),
    ),
)]
pub(super) async fn get_permissions_metadata(
    State(permissions): State<Permissions>,
    _caller: Caller,
    Path(plugin): Path<String>,
) -> Result<Json<PermissionsMetadata>> {
    let declared = permissions.of_plugin(&plugin).ok_or_else(|| {
        Error::not_found(
            "no-such-plugin",
            format!("no plugin `{plugin}` asks for permissions"),
        )
    })?;
    Ok(Json(declared.into()))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn a_permission_about_nothing_single_is_basic() {
        let described = DescribedPermission::from(&PermissionInfo {
            name: Cow::Borrowed("catalog.entity.create"),
            action: Some(Action::Create),
            resource_type: None,
        });

        assert_eq!(
            serde_json::to_string(&described).unwrap(),
            r#"{"type":"basic","name":"catalog.entity.create","attributes":{"action":"create"}}"#
        );
    }
}
