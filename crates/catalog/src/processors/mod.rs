//! Built-in processors, one file each.

mod built_in_kinds;
mod location_targets;

pub(crate) use built_in_kinds::BuiltInKinds;
pub(crate) use location_targets::LocationTargets;
