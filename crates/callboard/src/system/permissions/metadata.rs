//! Which permissions the features ask for, as the tools that write policies read them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use callboard_auth::{Action, Caller, PermissionInfo};
use callboard_http::{Json, Path, Result};
use callboard_model::Error;
use serde::Serialize;
use utoipa::ToSchema;

/// The permissions of every feature that has some, by the feature's name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Permissions(Arc<BTreeMap<&'static str, Vec<PermissionInfo>>>);

impl FromIterator<(&'static str, Vec<PermissionInfo>)> for Permissions {
    /// A feature may hand itself over in several parts.
    fn from_iter<I: IntoIterator<Item = (&'static str, Vec<PermissionInfo>)>>(parts: I) -> Self {
        let mut all: BTreeMap<_, Vec<PermissionInfo>> = BTreeMap::new();
        for (feature, permissions) in parts {
            if !permissions.is_empty() {
                all.entry(feature).or_default().extend(permissions);
            }
        }
        Self(Arc::new(all))
    }
}

/// What a policy can decide about one plugin.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PermissionsMetadata {
    /// The permissions that its operations ask for.
    permissions: Vec<DescribedPermission>,
    /// The rules that conditions can be made of; no plugin has any yet.
    rules: Vec<serde_json::Value>,
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
    #[schema(value_type = String)]
    name: &'static str,
    /// What it does.
    attributes: PermissionAttributes,
    /// The type of thing it is about, such as `catalog-entity`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    resource_type: Option<&'static str>,
}

/// What a permission does.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionAttributes {
    /// `create`, `read`, `update` or `delete`.
    #[schema(value_type = String)]
    action: Action,
}

impl From<&PermissionInfo> for DescribedPermission {
    fn from(permission: &PermissionInfo) -> Self {
        Self {
            permission_type: match permission.resource_type {
                Some(_) => "resource",
                None => "basic",
            },
            name: permission.name,
            attributes: PermissionAttributes {
                action: permission.action,
            },
            resource_type: permission.resource_type,
        }
    }
}

/// Get the permissions of a plugin
///
/// What a permission policy can decide about the operations of one plugin, such as `catalog`.
#[utoipa::path(
    get,
    path = "/api/{plugin}/.well-known/backstage/permissions/metadata",
    tag = "system",
    params(("plugin" = String, Path, description = "The plugin, such as `catalog`.")),
    responses(
        (status = 200, description = "Its permissions and rules.", body = PermissionsMetadata),
        (status = 404, description = "No plugin of this name asks for permissions."),
    ),
)]
pub(super) async fn get_permissions_metadata(
    State(Permissions(all)): State<Permissions>,
    _caller: Caller,
    Path(plugin): Path<String>,
) -> Result<Json<PermissionsMetadata>> {
    let permissions = all.get(plugin.as_str()).ok_or_else(|| {
        Error::not_found(
            "no-such-plugin",
            format!("no plugin `{plugin}` asks for permissions"),
        )
    })?;
    Ok(Json(PermissionsMetadata {
        permissions: permissions.iter().map(DescribedPermission::from).collect(),
        rules: Vec::new(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(name: &'static str) -> PermissionInfo {
        PermissionInfo {
            name,
            action: Action::Create,
            resource_type: None,
        }
    }

    #[test]
    fn a_feature_in_several_parts_has_the_permissions_of_all_of_them() {
        let parts = [
            ("catalog", vec![permission("a")]),
            ("pages", vec![]),
            ("catalog", vec![permission("b")]),
        ];

        let Permissions(all) = parts.into_iter().collect();

        let names = |permissions: &Vec<PermissionInfo>| -> Vec<&str> {
            permissions
                .iter()
                .map(|permission| permission.name)
                .collect()
        };
        assert_eq!(all.keys().collect::<Vec<_>>(), [&"catalog"]);
        assert_eq!(names(&all["catalog"]), ["a", "b"]);
    }

    #[test]
    fn a_permission_about_nothing_single_is_basic() {
        let described = DescribedPermission::from(&permission("catalog.entity.create"));

        assert_eq!(
            serde_json::to_string(&described).unwrap(),
            r#"{"type":"basic","name":"catalog.entity.create","attributes":{"action":"create"}}"#
        );
    }
}
