//! What identity hands to the binary.

use callboard_auth::{SignInMethod, Strangers};
use callboard_feature::Feature;

use crate::{Identity, routes};

/// Identity as a feature, at a portal that treats `strangers` so and has these ways to sign in.
pub fn feature(identity: &Identity, strangers: Strangers, methods: Vec<SignInMethod>) -> Feature {
    Feature::new("auth")
        .routes(routes::closed(identity))
        .open_routes(routes::open(identity, strangers, methods))
}
