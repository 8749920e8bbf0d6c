//! What signing in hands to the binary.

use callboard_feature::Feature;

use crate::{Entrance, permissions, routes};

/// Signing in as a feature.
pub fn feature(entrance: &Entrance) -> Feature {
    Feature::new("auth")
        .routes(routes::closed(entrance))
        .open_routes(routes::open(entrance))
        .permissions(permissions::all())
}
