//! What roles hand to the binary.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use callboard_feature::{Feature, Features, Job};
use callboard_http::ApiError;
use callboard_model::Error;

use crate::Roles;
use crate::declared::Declared;
use crate::role_rules::RoleRules;
use crate::{permissions, routes};

/// Roles as a feature. It is made after all others, whose permissions policies are about. Where permissions are not
/// enabled nobody changes roles: who could do that then could give themselves everything for later.
pub fn feature(roles: &Roles, features: &Features) -> Feature {
    let rules = Arc::new(RoleRules(roles.clone()));
    let mut declared = Declared::by(features);
    let own = declared.0.entry("permission").or_default();
    own.permissions.extend(permissions::all());
    own.resources.push(rules.clone());
    // Somebody who calls this twice is told the same twice.
    let _ = roles.0.declared.set(declared);
    let followed = roles.clone();
    let operations = routes::routes(roles);
    Feature::new("permission")
        .permissions(permissions::all())
        .resource(rules)
        .routes(match roles.0.settings.enabled {
            true => operations,
            false => operations.layer(from_fn(not_enabled)),
        })
        .job(Job::new("roles", move |stop| {
            let roles = followed.clone();
            async move { roles.follow(stop).await }
        }))
}

/// Answers as if there were no operations on roles.
async fn not_enabled(_: Request, _: Next) -> ApiError {
    Error::not_found("permissions-not-enabled", "roles decide nothing here")
        .hint("set `permission.enabled: true` in the configuration")
        .into()
}
