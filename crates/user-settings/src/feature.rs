//! What settings hand to the binary.

use callboard_feature::Feature;

use crate::{UserSettings, routes};

/// Settings as a feature.
pub fn feature(settings: &UserSettings) -> Feature {
    Feature::new("user-settings").routes(routes::routes(settings))
}
