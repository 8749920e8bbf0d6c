//! Built-in providers, one file each.

mod config_locations;

pub(crate) use config_locations::ConfigLocations;
