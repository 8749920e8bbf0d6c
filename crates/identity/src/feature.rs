//! What identity hands to the binary.

use callboard_auth::{SignInMethod, Strangers};
use callboard_feature::Feature;

use crate::{Identity, routes};

/// How programs get a token of a person who agrees, as `/api/auth/.well-known/openid-configuration` tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramSignIn {
    /// How a token may be got, such as `authorization_code`; not at all, when there is nothing.
    pub grant_types: Vec<&'static str>,
    /// How a program shows itself, such as `none` or `client_secret_basic`.
    pub client_authentication: Vec<&'static str>,
    /// What a token may be for.
    pub scopes: Vec<&'static str>,
    /// Whether programs may describe themselves in a document whose address is their id.
    pub client_documents: bool,
}

impl Default for ProgramSignIn {
    /// Not at all.
    fn default() -> Self {
        Self {
            grant_types: Vec::new(),
            client_authentication: Vec::new(),
            scopes: vec!["openid"],
            client_documents: false,
        }
    }
}

/// Identity as a feature, at a portal that treats `strangers` so, has these ways to sign in, and where programs sign in
/// by `offer`.
pub fn feature(
    identity: &Identity,
    strangers: Strangers,
    methods: Vec<SignInMethod>,
    offer: ProgramSignIn,
) -> Feature {
    Feature::new("auth")
        .routes(routes::closed(identity))
        .open_routes(routes::open(identity, strangers, methods, offer))
}
