//! What accounts hand to the binary.

use callboard_feature::{Feature, Job};

use crate::{Accounts, permissions, routes};

/// Accounts as a feature.
pub fn feature(accounts: &Accounts) -> Feature {
    let followed = accounts.clone();
    Feature::new("auth")
        .routes(routes::closed(accounts))
        .open_routes(routes::open(accounts))
        .permissions(permissions::all())
        .job(Job::new("accounts", move |stop| {
            let accounts = followed.clone();
            async move { accounts.follow(stop).await }
        }))
}
