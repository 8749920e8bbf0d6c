//! Operations around who somebody is.
//!
//! `/api/auth/.well-known`, `/api/auth/v1/userinfo` and `/api/{plugin}/.backstage` are Backstage's; what a person
//! sees of their own sessions and tokens is ours.

mod create_token;
mod delete_cookie;
mod delete_session;
mod delete_token;
mod get_configuration;
mod get_cookie;
mod get_jwks;
mod get_me;
mod get_plugin_jwks;
mod get_providers;
mod get_sessions;
mod get_tokens;
mod get_userinfo;
mod sign_out;
mod times;
mod token_part;

use axum::Extension;
use callboard_auth::{SignInMethod, Strangers};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{Identity, ProgramSignIn};

/// The operations for those who are known.
pub(crate) fn closed(identity: &Identity) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_sessions::get_sessions))
        .routes(routes!(delete_session::delete_session))
        .routes(routes!(get_tokens::get_tokens, create_token::create_token))
        .routes(routes!(delete_token::delete_token))
        .routes(routes!(get_cookie::get_cookie))
        .with_state(identity.clone())
}

/// The operations for everybody.
pub(crate) fn open(
    identity: &Identity,
    strangers: Strangers,
    methods: Vec<SignInMethod>,
    offer: ProgramSignIn,
) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_jwks::get_jwks))
        .routes(routes!(get_plugin_jwks::get_plugin_jwks))
        .routes(routes!(get_configuration::get_configuration))
        .routes(routes!(delete_cookie::delete_cookie))
        .routes(routes!(get_userinfo::get_userinfo))
        .routes(routes!(get_me::get_me))
        .routes(routes!(get_providers::get_providers))
        .routes(routes!(sign_out::sign_out))
        .layer(Extension(get_me::Need(strangers)))
        .layer(Extension(get_providers::Methods(methods.into())))
        .layer(Extension(offer))
        .with_state(identity.clone())
}

#[cfg(test)]
pub(crate) mod stage;
