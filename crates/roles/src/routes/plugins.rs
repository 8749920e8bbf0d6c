//! What policies can be about.

use axum::extract::State;
use callboard_auth::{AuditEvent, Caller, Outcome};
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::rights::{changes, creates, reach};
use crate::declared::Plugin;
use crate::model::Verb;
use crate::{DeletePolicy, ReadPolicy, Roles};

/// The most ids in a body.
const MOST: usize = 1_000;
/// The characters of an id.
const LONGEST: usize = 100;

/// What a plugin lets policies decide.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PluginPolicies {
    /// The plugin.
    plugin_id: String,
    /// Its permissions.
    policies: Vec<PolicyDetails>,
}

/// A permission, as a policy is about it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PolicyDetails {
    /// Its name.
    name: String,
    /// What it does: `create`, `read`, `update`, `delete` or `use`.
    #[schema(value_type = String)]
    policy: &'static str,
    /// The type of things that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    resource_type: Option<String>,
}

/// The rules that conditions about things of a plugin are made of.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PluginRules {
    /// The plugin.
    plugin_id: String,
    /// Its rules.
    rules: Vec<PluginRule>,
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PluginRule {
    /// Its name.
    #[schema(value_type = String)]
    name: &'static str,
    /// What it is true for.
    #[schema(value_type = String)]
    description: &'static str,
    /// The type of things that it is about.
    #[schema(value_type = String)]
    resource_type: &'static str,
    /// What it is told, as JSON Schema.
    #[schema(value_type = Object)]
    params_schema: Value,
}

/// Plugins.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct PluginIds {
    /// Their ids.
    ids: Vec<String>,
}

/// List what policies can be about
#[utoipa::path(
    get,
    path = "/api/permission/plugins/policies",
    tag = "permissions",
    responses(
        (status = 200, description = "The permissions of each plugin.", body = Vec<PluginPolicies>),
        (status = 403, description = "The caller may not.", body = ErrorBody),
    )
)]
pub(super) async fn get_plugin_policies(
    State(roles): State<Roles>,
    caller: Caller,
) -> Result<Json<Vec<PluginPolicies>>> {
    reach::<ReadPolicy>(&caller)?;
    let all = declared(&roles).map(|(id, plugin)| PluginPolicies {
        plugin_id: id.to_owned(),
        policies: plugin.permissions.iter().map(details).collect(),
    });
    Ok(Json(all.collect()))
}

/// List the rules that conditions are made of
#[utoipa::path(
    get,
    path = "/api/permission/plugins/condition-rules",
    tag = "permissions",
    responses(
        (status = 200, description = "The rules of each plugin.", body = Vec<PluginRules>),
        (status = 403, description = "The caller may not.", body = ErrorBody),
    )
)]
pub(super) async fn get_condition_rules(
    State(roles): State<Roles>,
    caller: Caller,
) -> Result<Json<Vec<PluginRules>>> {
    reach::<ReadPolicy>(&caller)?;
    let with_rules = declared(&roles).filter(|(_, plugin)| !plugin.resources.is_empty());
    let all = with_rules.map(|(id, plugin)| PluginRules {
        plugin_id: id.to_owned(),
        rules: rules(plugin),
    });
    Ok(Json(all.collect()))
}

/// List the plugins that have permissions
#[utoipa::path(
    get,
    path = "/api/permission/plugins/id",
    tag = "permissions",
    responses(
        (status = 200, description = "Their ids.", body = PluginIds),
        (status = 403, description = "The caller may not.", body = ErrorBody),
    )
)]
pub(super) async fn get_plugin_ids(
    State(roles): State<Roles>,
    caller: Caller,
) -> Result<Json<PluginIds>> {
    reach::<ReadPolicy>(&caller)?;
    Ok(Json(listed(&roles)))
}

/// List further plugins
#[utoipa::path(
    post,
    path = "/api/permission/plugins/id",
    tag = "permissions",
    request_body = PluginIds,
    responses(
        (status = 200, description = "All that are listed.", body = PluginIds),
        (status = 403, description = "The caller may not.", body = ErrorBody),
        (status = 409, description = "One is listed already.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn add_plugin_ids(
    State(roles): State<Roles>,
    caller: Caller,
    Json(body): Json<PluginIds>,
) -> Result<Json<PluginIds>> {
    creates(&caller)?;
    body.check()?;
    let mut edit = roles.edit().await?;
    let done = edit.add_plugins(&body.ids, &known(&roles)).await;
    edit.end(&caller, done).await?;
    record(&caller, "plugin-id-create", body.ids);
    Ok(Json(listed(&roles)))
}

/// List plugins no longer
#[utoipa::path(
    delete,
    path = "/api/permission/plugins/id",
    tag = "permissions",
    request_body = PluginIds,
    responses(
        (status = 200, description = "All that are listed.", body = PluginIds),
        (status = 403, description = "The caller may not, or one is listed for another reason.", body = ErrorBody),
        (status = 404, description = "One is not listed.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_plugin_ids(
    State(roles): State<Roles>,
    caller: Caller,
    Json(body): Json<PluginIds>,
) -> Result<Json<PluginIds>> {
    changes::<DeletePolicy>(&caller)?;
    body.check()?;
    let mut edit = roles.edit().await?;
    let done = edit.remove_plugins(&body.ids, &known(&roles)).await;
    edit.end(&caller, done).await?;
    record(&caller, "plugin-id-delete", body.ids);
    Ok(Json(listed(&roles)))
}

impl PluginIds {
    fn check(&self) -> Result<()> {
        let fits = |id: &String| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            !id.is_empty() && id.len() <= LONGEST && id.chars().all(allowed)
        };
        let mut once = self.ids.clone();
        once.sort();
        once.dedup();
        if self.ids.is_empty() || self.ids.len() > MOST || once.len() != self.ids.len() {
            let message = format!("`ids` is empty, has one twice, or has more than {MOST}");
            return Err(Error::invalid("plugin-ids", message).into());
        }
        if !self.ids.iter().all(fits) {
            let message = "an id is made of letters, digits, `-` and `_`";
            return Err(Error::invalid("plugin-ids", message).into());
        }
        Ok(())
    }
}

fn declared(roles: &Roles) -> impl Iterator<Item = (&'static str, &Plugin)> {
    let declared = roles.0.declared.get();
    let all = declared.into_iter().flat_map(|declared| &declared.0);
    all.map(|(id, plugin)| (*id, plugin))
}

/// The plugins that are listed because they are there, or because the configuration says so.
fn known(roles: &Roles) -> Vec<String> {
    let configured = &roles.0.settings.rbac.plugins_with_permission;
    let there = declared(roles).map(|(id, _)| id.to_owned());
    there.chain(configured.iter().cloned()).collect()
}

fn listed(roles: &Roles) -> PluginIds {
    let mut ids = known(roles);
    ids.extend(roles.plugins().iter().cloned());
    ids.sort();
    ids.dedup();
    PluginIds { ids }
}

fn details(permission: &callboard_auth::PermissionInfo) -> PolicyDetails {
    PolicyDetails {
        name: permission.name.clone().into_owned(),
        policy: Verb::of(permission).as_str(),
        resource_type: permission.resource_type.clone().map(Into::into),
    }
}

fn rules(plugin: &Plugin) -> Vec<PluginRule> {
    let all = plugin
        .resources
        .iter()
        .flat_map(|resource| resource.rules());
    let rules = all.map(|rule| PluginRule {
        name: rule.name,
        description: rule.description,
        resource_type: rule.resource_type,
        params_schema: rule.params_schema(),
    });
    rules.collect()
}

fn record(caller: &Caller, event: &str, ids: Vec<String>) {
    let actor = Some(caller.principal().name());
    caller.record(AuditEvent::new(event, actor, Outcome::Succeeded).with("ids", ids));
}
