//! References to entities and locations.

use callboard_model::{EntityRef, LocationRef, RefContext};

use super::check;

/// The input is a reference.
pub(super) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let context = RefContext {
        kind: Some("Component"),
        namespace: Some("Shop"),
    };
    for context in [RefContext::default(), context] {
        match EntityRef::parse(text, context) {
            Ok(entity_ref) => reads_back(&entity_ref),
            Err(error) => check::message(&error.to_string()),
        }
    }
    match text.parse::<LocationRef>() {
        Ok(location) => assert_eq!(location.to_string().parse(), Ok(location)),
        Err(error) => check::message(&error.to_string()),
    }
}

fn reads_back(entity_ref: &EntityRef) {
    let (kind, namespace, name) = (entity_ref.kind(), entity_ref.namespace(), entity_ref.name());
    assert_eq!(format!("{kind}:{namespace}/{name}"), entity_ref.as_str());
    // Parts from a context may hold the separators, parts of the text never do.
    assert_eq!(entity_ref.as_str().parse().as_ref(), Ok(entity_ref));
    let json = serde_json::to_string(entity_ref).expect("a reference is a string");
    let read: EntityRef = serde_json::from_str(&json).expect("a reference reads back");
    assert_eq!(read, *entity_ref);
}
