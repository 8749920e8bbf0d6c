//! Tokens in Backstage's shape (AUTH-04, AUTH-05, AUTH-08).

mod issue;
mod verify;

pub(crate) use issue::{IssuedToken, Issuer};
pub(crate) use verify::{Bearer, TokenKind, Verified, Verifier};

/// What the header of each type of token says.
pub(crate) mod typ {
    /// A person.
    pub(crate) const USER: &str = "vnd.backstage.user";
    /// A person, for assets such as images and nothing else.
    pub(crate) const LIMITED_USER: &str = "vnd.backstage.limited-user";
    /// A plugin, calling another one.
    pub(crate) const PLUGIN: &str = "vnd.backstage.plugin";
    /// What tells a program who somebody is; nothing is opened with it.
    pub(crate) const ID: &str = "JWT";
}

/// Who tokens of people are for.
pub(crate) const USER_AUDIENCE: &str = "backstage";
