//! Registered locations as they come in and go out.

use callboard_model::{Error, ErrorKind, LocationRef, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Catalog;
use crate::engine::{NewLocation, no_such_location};
use crate::sql::locations::LocationRow;

/// Longer targets are refused.
const LONGEST: usize = 4_096;

/// A registered location.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    /// Its id.
    id: String,
    /// Its type, such as `url`.
    r#type: String,
    /// Where it is.
    target: String,
    /// The Location entity that stands for it.
    entity_ref: String,
}

impl From<LocationRow> for Location {
    fn from(row: LocationRow) -> Self {
        Self {
            id: row.id,
            r#type: row.location_type,
            target: row.target,
            entity_ref: row.entity_ref,
        }
    }
}

/// A location to register, to change one to, or to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LocationInput {
    /// Its type: `url`.
    pub(super) r#type: String,
    /// Where it is, such as `https://git.example.com/shop/cart/blob/main/catalog-info.yaml`.
    pub(super) target: String,
    /// Whether it may be missing without that being a problem.
    #[serde(default)]
    #[schema(required = false)]
    presence: Option<Presence>,
}

/// Whether a location has to be there.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Presence {
    /// It is a problem when it is missing.
    Required,
    /// It may be missing.
    Optional,
}

impl LocationInput {
    /// The location, when its type is one that may be registered and its target can be one.
    pub(super) fn accepted(self, catalog: &Catalog) -> Result<NewLocation> {
        let types: Vec<&str> = catalog
            .inner()
            .engine
            .ports()?
            .registrable_types()
            .collect();
        if !types.contains(&self.r#type.as_str()) {
            let message = format!("Registered locations must be of an allowed type {types:?}");
            return Err(Error::invalid("location-type", message).hint(
                "files of the server are named in `catalog.locations` of its configuration",
            ));
        }
        let wrong = match self.target.as_str() {
            target if target.trim().is_empty() => "it is empty",
            target if target.len() > LONGEST => "it is longer than 4096 bytes",
            target if target.chars().any(char::is_control) => "it has control characters in it",
            _ => "",
        };
        if !wrong.is_empty() {
            let message = format!("the location's `target` is wrong: {wrong}");
            return Err(Error::invalid("location-target", message));
        }
        let presence = match self.presence {
            None => "",
            Some(Presence::Required) => "required",
            Some(Presence::Optional) => "optional",
        };
        Ok(NewLocation {
            location: LocationRef::new(self.r#type, self.target),
            presence: presence.to_owned(),
        })
    }
}

/// Refuses changes where `catalog.readonly` says so (CAT-43).
pub(super) fn writable(catalog: &Catalog) -> Result<()> {
    if !catalog.inner().config.readonly {
        return Ok(());
    }
    let message = "This operation not allowed in readonly mode";
    Err(
        Error::new(ErrorKind::Forbidden, "catalog-readonly", message)
            .hint("`catalog.readonly` in the configuration says so"),
    )
}

/// An id that may be asked for: every id is a UUID.
pub(super) fn known_id(id: &str) -> Result<&str> {
    match uuid::Uuid::parse_str(id) {
        Ok(_) => Ok(id),
        Err(_) => Err(no_such_location(id)),
    }
}
