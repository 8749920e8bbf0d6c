//! What the server hands to the binary.

use callboard_feature::{Feature, Job};

use crate::{OAuthServer, keeper, routes};

/// The server as a feature.
pub fn feature(server: &OAuthServer) -> Feature {
    let inner = &server.0;
    let (database, clock) = (inner.database.clone(), inner.clock().clone());
    Feature::new("oauth-server")
        .routes(routes::closed(server))
        .open_routes(routes::open(server))
        .job(Job::new("oauth-expired", move |stop| {
            keeper::keep(database.clone(), clock.clone(), stop)
        }))
}
