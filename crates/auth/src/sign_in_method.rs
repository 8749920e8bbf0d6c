//! The ways in which people sign in, as the sign-in page lists them.

use serde::Serialize;

/// A way to sign in. Features contribute theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignInMethod {
    /// The name of the provider in paths, such as `github`.
    pub id: String,
    /// What people call it, such as `GitHub`.
    pub title: String,
    /// How it goes.
    pub kind: SignInKind,
    /// The environment of its configuration that counts, such as `production`; the provider is asked with it as `env`.
    pub environment: String,
}

/// How signing in goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SignInKind {
    /// On pages of the provider: `/api/auth/<id>/start` leads there.
    Popup,
    /// At once, by what a proxy in front of the portal says: `POST /api/auth/<id>/refresh`.
    Proxy,
    /// At once, as somebody who only looks around: `POST /api/auth/<id>/refresh`.
    Guest,
    /// With a name and a password: `POST /api/auth/<id>/sign-in`.
    Password,
}
