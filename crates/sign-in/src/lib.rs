//! How people sign in: the providers that vouch for them, and how an account there becomes a user here.
//!
//! A *provider* says who somebody is, at the end of a way there and back (`oauth`) or in headers (`providers/proxy.rs`).
//! *Resolvers* find the user whom that account belongs to, and [`Entrance`] gives them a token and a session. Endpoints,
//! cookies and configuration are Backstage's. Attempts that fail are kept for administrators, with what was compared.
//!
//! Never here: tokens and sessions (`identity`), or what somebody may do (`roles`).
//! Adding a provider: one file in `providers/`, one line each in `config/providers.rs` and `providers/list.rs`. Adding a
//! resolver: one line in `resolvers::ALL`, and a file beside it when it does something new.
//! Start reading at [`Entrance`], then `oauth/flow.rs`.

mod account;
mod config;
mod discovery;
mod entrance;
mod failures;
mod feature;
mod keys;
mod oauth;
mod permissions;
mod providers;
mod rate_limit;
mod resolvers;
mod routes;
#[cfg(test)]
mod tests;
mod web_message;

pub use config::{
    AwsAlbSettings, ClientSettings, Environments, GcpIapSettings, GithubSettings, GitlabSettings,
    GoogleSettings, GuestSettings, MicrosoftSettings, OAuth2ProxySettings, OAuth2Settings,
    OidcSettings, ProviderSettings, ProviderSettingsList, ResolverSettings, Scopes, SignInOptions,
    SignInSettings,
};
pub use entrance::Entrance;
pub use feature::feature;
pub use permissions::ReadSignInFailure;
