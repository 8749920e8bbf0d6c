//! The thing a catalog is made of.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{EntityRef, InvalidEntityRef};

/// A JSON object that describes one thing: a component, a team, an API (FEATURES CAT-01).
///
/// Any object fits; whether it follows the rules is for validation to say, so that a broken entity
/// can be carried, shown and corrected too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entity(Map<String, Value>);

impl Entity {
    /// The entity that `object` describes.
    pub fn new(object: Map<String, Value>) -> Self {
        Self(object)
    }

    /// The whole object.
    pub fn object(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The whole object, to change.
    pub fn object_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.0
    }

    /// The whole object, by value.
    pub fn into_object(self) -> Map<String, Value> {
        self.0
    }

    /// `apiVersion`, when it is a string.
    pub fn api_version(&self) -> Option<&str> {
        self.0.get("apiVersion")?.as_str()
    }

    /// `kind` as it is written, when it is a string.
    pub fn kind(&self) -> Option<&str> {
        self.0.get("kind")?.as_str()
    }

    /// `metadata`, when it is an object.
    pub fn metadata(&self) -> Option<&Map<String, Value>> {
        self.0.get("metadata")?.as_object()
    }

    /// `metadata` to change, made when it is missing or no object.
    pub fn metadata_mut(&mut self) -> &mut Map<String, Value> {
        object_in(&mut self.0, "metadata")
    }

    /// `spec`, when it is an object.
    pub fn spec(&self) -> Option<&Map<String, Value>> {
        self.0.get("spec")?.as_object()
    }

    /// `metadata.name` as it is written, when it is a string.
    pub fn name(&self) -> Option<&str> {
        self.metadata()?.get("name")?.as_str()
    }

    /// `metadata.namespace` as it is written, or `default`.
    pub fn namespace(&self) -> &str {
        self.metadata()
            .and_then(|metadata| metadata.get("namespace")?.as_str())
            .unwrap_or("default")
    }

    /// The annotation called `key`, when it is a string.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.metadata()?
            .get("annotations")?
            .as_object()?
            .get(key)?
            .as_str()
    }

    /// Sets the annotation called `key`.
    pub fn set_annotation(&mut self, key: &str, value: impl Into<String>) {
        object_in(self.metadata_mut(), "annotations")
            .insert(key.to_owned(), Value::String(value.into()));
    }

    /// The entity's reference; fails when kind or name is missing or empty.
    pub fn entity_ref(&self) -> Result<EntityRef, InvalidEntityRef> {
        EntityRef::new(
            self.kind().unwrap_or_default(),
            self.namespace(),
            self.name().unwrap_or_default(),
        )
    }
}

fn object_in<'a>(parent: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let child = parent
        .entry(key)
        .or_insert_with(|| Value::Object(Map::new()));
    if !child.is_object() {
        *child = Value::Object(Map::new());
    }
    match child {
        Value::Object(object) => object,
        _ => unreachable!("the lines above made it an object"),
    }
}

/// The well-known annotations that the catalog itself sets or reads (FEATURES 1.4).
pub mod annotation {
    /// Where the entity was read from.
    pub const MANAGED_BY_LOCATION: &str = "backstage.io/managed-by-location";
    /// The registered location that led there.
    pub const MANAGED_BY_ORIGIN_LOCATION: &str = "backstage.io/managed-by-origin-location";
    /// Nothing refers to the entity any more.
    pub const ORPHAN: &str = "backstage.io/orphan";
    /// Where its source can be viewed.
    pub const VIEW_URL: &str = "backstage.io/view-url";
    /// Where its source can be edited.
    pub const EDIT_URL: &str = "backstage.io/edit-url";
    /// Where its source code is.
    pub const SOURCE_LOCATION: &str = "backstage.io/source-location";
}
