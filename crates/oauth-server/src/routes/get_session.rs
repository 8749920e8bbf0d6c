//! What a client asks somebody for.

use axum::extract::State;
use axum::response::Response;
use callboard_http::Path;
use serde::Serialize;
use utoipa::ToSchema;

use super::wanted::{unkept, wanted};
use crate::OAuthServer;
use crate::refusal::{Refusal, RefusalBody};

/// What a client asks somebody for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionInfo {
    /// The id of the session.
    id: String,
    /// The client.
    client_id: String,
    /// What it calls itself.
    client_name: String,
    /// What it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    scope: Option<String>,
    /// Where the browser is sent back to.
    redirect_uri: String,
}

/// What a client asks for
///
/// For the page that asks the person, which is shown before they sign in: whoever knows the id of a session may see it.
#[utoipa::path(
    get,
    path = "/api/auth/v1/sessions/{id}",
    tag = "auth",
    params(("id" = String, Path, description = "The id of the session.")),
    responses(
        (status = 200, description = "The session.", body = SessionInfo),
        (status = 400, description = "There is none, or it is answered or over.", body = RefusalBody),
        (status = 404, description = "There are no clients here.", body = RefusalBody),
        (status = 503, description = "The database is away.", body = RefusalBody),
    )
)]
pub(super) async fn get_session(
    State(server): State<OAuthServer>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let session = wanted(&server)?.pending(&id).await?;
    Ok(unkept(SessionInfo {
        id: session.id,
        client_id: session.client_id,
        client_name: session.client_name,
        scope: Some(session.scope).filter(|scope| !scope.is_empty()),
        redirect_uri: session.redirect_uri,
    }))
}
