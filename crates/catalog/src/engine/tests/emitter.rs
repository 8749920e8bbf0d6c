//! A processor that emits what an entity asks for.

use callboard_model::Entity;
use serde_json::{Value, json};

use crate::processor::{Emitted, EntityProcessor};

/// `spec.emits` names components to emit, each perhaps as `name>child` to emit one further; `spec.key` is a refresh key.
pub(super) struct Emitter;

impl EntityProcessor for Emitter {
    fn name(&self) -> &'static str {
        "emitter"
    }

    fn post_process(&self, entity: &Entity, emit: &mut Emitted) {
        let spec = entity.spec();
        let names = spec.and_then(|spec| spec.get("emits")?.as_array());
        for name in names.into_iter().flatten().filter_map(Value::as_str) {
            let (name, below) = name.split_once('>').unwrap_or((name, ""));
            let kind = if name.starts_with("user") {
                "User"
            } else {
                "Component"
            };
            let mut child = json!({
                "apiVersion": "backstage.io/v1alpha1",
                "kind": kind,
                "metadata": { "name": name },
                "spec": { "type": "service", "lifecycle": "production", "owner": "x" },
            });
            if !below.is_empty() {
                child["spec"]["emits"] = json!([below]);
            }
            emit.entities
                .extend(child.as_object().cloned().map(Entity::new));
        }
        let key = spec.and_then(|spec| spec.get("key")?.as_str());
        emit.refresh_keys.extend(key.map(str::to_owned));
    }
}
