//! What the command line says of itself.

use axum::extract::State;
use callboard_http::Json;

use crate::OAuthServer;
use crate::clients::Document;
use crate::refusal::{Refusal, RefusalBody};

/// The client of Backstage's command line
///
/// Its client ID metadata document, whose address is its id.
#[utoipa::path(
    get,
    path = "/api/auth/.well-known/oauth-client/cli.json",
    tag = "auth",
    responses(
        (status = 200, description = "The document.", body = Document),
        (status = 404, description = "Clients may not describe themselves here.", body = RefusalBody),
    )
)]
pub(super) async fn get_command_line(
    State(server): State<OAuthServer>,
) -> Result<Json<Document>, Refusal> {
    let document = server.0.clients.command_line();
    let document =
        document.ok_or_else(|| Refusal::not_found("Client ID metadata documents not enabled"))?;
    Ok(Json(document.clone()))
}
