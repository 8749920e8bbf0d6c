//! The HTTP API of the audit trail, one operation a file.

mod get_events;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AuditTrail;

/// Every operation on `trail`.
pub(crate) fn of(trail: &AuditTrail) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_events::get_events))
        .with_state(trail.clone())
}
