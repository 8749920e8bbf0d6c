//! What the audit trail hands to the binary.

use callboard_auth::Permission;
use callboard_feature::{Feature, Job};

use crate::permissions::ReadEvents;
use crate::{AuditTrail, keeper, routes, writer};

/// The audit trail as a feature.
pub fn feature(trail: &AuditTrail) -> Feature {
    let (write, keep, counted) = (trail.clone(), trail.clone(), trail.clone());
    Feature::new("audit")
        .routes(routes::of(trail))
        .permissions([ReadEvents::info()])
        .job(Job::new("audit-writer", move |stop| {
            let trail = write.clone();
            async move { writer::run(&trail, stop).await }
        }))
        .job(Job::new("audit-keeper", move |stop| {
            let trail = keep.clone();
            async move { keeper::run(&trail, stop).await }
        }))
        .metrics(move |registry| counted.0.counts.register(registry))
}
