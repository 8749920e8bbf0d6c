//! Every entity remembers where it was written down, and which registered location led there.

use callboard_model::{Entity, LocationRef, annotation};

/// Writes both locations onto the entity. An entity whose annotations are no mapping is left as it is, so
/// that validation sees what is written.
pub(super) fn annotate(entity: &mut Entity, location: &LocationRef, origin: &LocationRef) {
    let annotations = entity
        .metadata()
        .and_then(|metadata| metadata.get("annotations"));
    if annotations.is_some_and(|annotations| !annotations.is_object()) {
        return;
    }
    entity.set_annotation(annotation::MANAGED_BY_LOCATION, location.to_string());
    entity.set_annotation(annotation::MANAGED_BY_ORIGIN_LOCATION, origin.to_string());
}

/// Reads both locations off the entity: where it was written down, and its origin.
pub(super) fn locations(entity: &Entity) -> (LocationRef, LocationRef) {
    let read = |key| entity.annotation(key).and_then(|text| text.parse().ok());
    let location = read(annotation::MANAGED_BY_LOCATION)
        .unwrap_or_else(|| LocationRef::new("unknown", "unknown"));
    let origin = read(annotation::MANAGED_BY_ORIGIN_LOCATION).unwrap_or_else(|| location.clone());
    (location, origin)
}

/// Writes `location` as both locations, where the entity does not say others.
pub(super) fn annotate_missing(entity: &mut Entity, location: &LocationRef) {
    let says = |key| entity.annotation(key).map(str::to_owned);
    let own = says(annotation::MANAGED_BY_LOCATION);
    let origin = says(annotation::MANAGED_BY_ORIGIN_LOCATION);
    annotate(entity, location, location);
    if let Some(own) = own {
        entity.set_annotation(annotation::MANAGED_BY_LOCATION, own);
    }
    if let Some(origin) = origin {
        entity.set_annotation(annotation::MANAGED_BY_ORIGIN_LOCATION, origin);
    }
}
