//! What signing in hands to the binary.

use callboard_auth::{SignInKind, SignInMethod};
use callboard_feature::Feature;

use crate::providers::Kind;
use crate::{Entrance, permissions, routes};

/// Signing in as a feature.
pub fn feature(entrance: &Entrance) -> Feature {
    let feature = Feature::new("auth")
        .routes(routes::closed(entrance))
        .open_routes(routes::open(entrance))
        .permissions(permissions::all());
    let environment = &entrance.providers().environment;
    let offered = entrance.providers().offered();
    offered.fold(feature, |feature, provider| {
        feature.contribute(SignInMethod {
            id: provider.id.to_owned(),
            title: provider.title.to_owned(),
            kind: match provider.kind {
                Kind::OAuth(_) => SignInKind::Popup,
                Kind::Proxy(_) => SignInKind::Proxy,
                Kind::Guest(_) => SignInKind::Guest,
            },
            environment: environment.clone(),
        })
    })
}
