//! Who people and programs are, once they have shown it: keys, tokens, sessions.
//!
//! [`Identity`] signs people in whom somebody vouched for: with a token in Backstage's shape, signed by a key whose
//! public half everybody may read, and with a session for their browser. Its [`Identity::authenticator`] reads what
//! requests show: such tokens, personal ones, those of programs that the configuration lists, or the session.
//!
//! Never here: how somebody signs in (`sign-in`), or what they may do (`roles`).
//! Adding a kind of program: one file in `external/`, one arm in `external::entry`.
//! Start reading at [`Identity`], then `authenticator`.

mod authenticator;
mod config;
mod cross_site;
mod external;
mod feature;
mod identity;
mod keys;
mod people;
mod personal_tokens;
mod random_token;
mod routes;
mod sessions;
mod sql;
#[cfg(test)]
mod tests;
mod tokens;
mod urls;

pub use config::{
    AccessOptions, AccessRestriction, AccessType, AuthSettings, BackendAuthSettings,
    ExternalAccess, OneOrMany, PermissionAttribute, SessionSettings,
};
pub use feature::{ProgramSignIn, feature};
pub use identity::{BackstageIdentity, Foundations, Identity, SignIn, SignedIn, UserIdentity};
pub use urls::Urls;

/// The cookie of a session.
pub const SESSION_COOKIE: &str = "callboard-session";
