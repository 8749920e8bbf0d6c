//! What roles hand to the binary.

use std::sync::Arc;

use callboard_feature::{Feature, Features, Job};

use crate::Roles;
use crate::declared::Declared;
use crate::role_rules::RoleRules;
use crate::{permissions, routes};

/// Roles as a feature. It is made after all others, whose permissions policies are about. Where permissions are not
/// enabled there are no operations on roles: who could use them then could give themselves everything for later.
pub fn feature(roles: &Roles, features: &Features) -> Feature {
    let mut declared = Declared::by(features);
    let own = declared.0.entry("permission").or_default();
    own.permissions.extend(permissions::all());
    own.resources.push(Arc::new(RoleRules(roles.clone())));
    // Somebody who calls this twice is told the same twice.
    let _ = roles.0.declared.set(declared);
    let followed = roles.clone();
    let feature = Feature::new("permission").job(Job::new("roles", move |stop| {
        let roles = followed.clone();
        async move { roles.follow(stop).await }
    }));
    if !roles.0.settings.enabled {
        return feature;
    }
    feature
        .permissions(permissions::all())
        .resource(Arc::new(RoleRules(roles.clone())))
        .routes(routes::routes(roles))
}
