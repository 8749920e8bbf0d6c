//! Location entities name further places to read: their targets.

use callboard_model::Entity;
use serde_json::Value;

use crate::processor::{Emitted, EmittedLocation, EntityProcessor};

/// Emits the targets of Location entities (FEATURES 1.3).
pub(crate) struct LocationTargets;

impl EntityProcessor for LocationTargets {
    fn name(&self) -> &'static str {
        "location-targets"
    }

    fn post_process(&self, entity: &Entity, emit: &mut Emitted) {
        let Some(spec) = entity.spec().filter(|_| entity.kind() == Some("Location")) else {
            return;
        };
        let text = |key: &str| spec.get(key).and_then(Value::as_str);
        let many = spec
            .get("targets")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        emit.locations
            .extend(
                text("target")
                    .into_iter()
                    .chain(many)
                    .map(|target| EmittedLocation {
                        location_type: text("type").map(str::to_owned),
                        target: target.to_owned(),
                        optional: text("presence") == Some("optional"),
                    }),
            );
    }
}
