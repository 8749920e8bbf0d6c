//! Operations on roles: those of the community's RBAC plugin (PERM-11).
//!
//! Paths, bodies and status codes are the plugin's. Each noun has a file, because its operations share their words.

mod conditions;
mod explain_decision;
mod get_status;
mod plugins;
mod policies;
mod rights;
mod roles;
mod try_roles;
mod written;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Roles;

/// The operations.
pub(crate) fn routes(of: &Roles) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_status::get_roles_status))
        .routes(routes!(policies::get_policies, policies::create_policies))
        .routes(routes!(
            policies::get_policies_of_role,
            policies::update_policies,
            policies::delete_policies
        ))
        .routes(routes!(roles::get_roles, roles::create_role))
        .routes(routes!(
            roles::get_role,
            roles::update_role,
            roles::delete_role
        ))
        .routes(routes!(
            conditions::get_conditions,
            conditions::create_condition
        ))
        .routes(routes!(
            conditions::get_condition,
            conditions::update_condition,
            conditions::delete_condition
        ))
        .routes(routes!(plugins::get_plugin_policies))
        .routes(routes!(plugins::get_condition_rules))
        .routes(routes!(
            plugins::get_plugin_ids,
            plugins::add_plugin_ids,
            plugins::delete_plugin_ids
        ))
        .routes(routes!(explain_decision::explain_decision))
        .routes(routes!(try_roles::try_roles))
        .with_state(of.clone())
}
