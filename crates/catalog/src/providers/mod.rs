//! Built-in providers, one file each.

mod config_locations;
mod registered_locations;

pub(crate) use config_locations::{ConfigLocations, location_entity};
pub(crate) use registered_locations::{RegisteredLocations, registered_entity};
