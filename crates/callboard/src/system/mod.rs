//! The operations that belong to no feature: health, metrics, permissions, and the description of the API.

mod base_path;
mod description;
mod health;
mod metrics;
mod permissions;

use prometheus_client::registry::Registry;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use base_path::mount;
pub(crate) use description::{describe, route as description_route, with_security};
pub(crate) use health::Lifecycle;
pub(crate) use permissions::{Declared, Permissions};

/// The operations for everybody, without the description itself.
pub(crate) fn open_routes(lifecycle: Lifecycle) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(health::liveness))
        .routes(routes!(health::readiness))
        .with_state(lifecycle)
}

/// The operations for those who are known.
pub(crate) fn routes(registry: Registry, permissions: Permissions) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(metrics::metrics))
        .with_state(metrics::Metrics::new(registry))
        .merge(permissions::routes(permissions))
}
