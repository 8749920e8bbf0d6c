//! Operations of the server, under Backstage's paths; `me/clients` is ours.

mod answer_session;
mod delete_client;
mod get_clients;
mod get_command_line;
mod get_session;
mod grant_token;
mod revoke_all;
mod revoke_token;
mod start_session;
mod wanted;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::OAuthServer;

/// The operations for those who are known.
pub(crate) fn closed(server: &OAuthServer) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(answer_session::approve_session))
        .routes(routes!(answer_session::reject_session))
        .routes(routes!(get_clients::get_clients))
        .routes(routes!(delete_client::delete_client))
        .routes(routes!(revoke_all::revoke_all))
        .with_state(server.clone())
}

/// The operations for everybody: clients, which nobody knows before, and browsers that they send.
pub(crate) fn open(server: &OAuthServer) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_command_line::get_command_line))
        .routes(routes!(start_session::start_session))
        .routes(routes!(get_session::get_session))
        .routes(routes!(grant_token::grant_token))
        .routes(routes!(revoke_token::revoke_token))
        .with_state(server.clone())
}
