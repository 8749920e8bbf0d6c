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
pub(crate) use description::{describe, route as description_route};
pub(crate) use health::Lifecycle;
pub(crate) use permissions::{Declared, Permissions};

/// The operations, without the description itself.
pub(crate) fn routes(
    lifecycle: Lifecycle,
    registry: Registry,
    permissions: Permissions,
) -> OpenApiRouter {
    let health = OpenApiRouter::new()
        .routes(routes!(health::liveness))
        .routes(routes!(health::readiness))
        .with_state(lifecycle);
    let metrics = OpenApiRouter::new()
        .routes(routes!(metrics::metrics))
        .with_state(metrics::Metrics::new(registry));
    OpenApiRouter::with_openapi(description::about())
        .merge(health)
        .merge(metrics)
        .merge(permissions::routes(permissions))
}
