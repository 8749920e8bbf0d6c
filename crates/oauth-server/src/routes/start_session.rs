//! A client asks somebody for a token.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};
use callboard_http::{QueryPairs, RequestId};

use super::wanted::wanted;
use crate::OAuthServer;
use crate::refusal::{Refusal, RefusalBody};

/// Ask somebody for a token
///
/// A client sends the browser of the person here, which goes on to the page that asks them. When something is wrong,
/// it goes back to the client, but only to where the client is known to want that.
#[utoipa::path(
    get,
    path = "/api/auth/v1/authorize",
    tag = "auth",
    params(
        ("client_id" = String, Query, description = "The client: an id from the configuration, or the address of its document."),
        ("redirect_uri" = String, Query, description = "Where the browser is sent back to."),
        ("response_type" = String, Query, description = "`code`."),
        ("code_challenge" = String, Query, description = "The SHA-256 of a verifier, in base64 for addresses."),
        ("code_challenge_method" = String, Query, description = "`S256`."),
        ("scope" = Option<String>, Query, description = "`openid`, and `offline_access` for a client that stays."),
        ("state" = Option<String>, Query, description = "What comes back as it is."),
        ("nonce" = Option<String>, Query, description = "What is put into the ID token."),
    ),
    responses(
        (status = 302, description = "To the page, or back to the client with what is wrong."),
        (status = 400, description = "It is not known that the client wants people sent back there.", body = RefusalBody),
        (status = 404, description = "There are no clients here.", body = RefusalBody),
        (status = 503, description = "The database is away.", body = RefusalBody),
    )
)]
pub(super) async fn start_session(
    State(server): State<OAuthServer>,
    request: Option<Extension<RequestId>>,
    pairs: QueryPairs,
) -> Result<Response, Refusal> {
    let id = request.as_ref().map(|Extension(id)| id);
    let next = wanted(&server)?.ask(&pairs, id).await?;
    let headers = [(LOCATION, next), (CACHE_CONTROL, "no-store".to_owned())];
    Ok((StatusCode::FOUND, headers).into_response())
}
