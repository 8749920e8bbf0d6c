//! A client gets a token.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::wanted::{unkept, wanted};
use crate::OAuthServer;
use crate::asked::Asked;
use crate::exchange::Exchanged;
use crate::refresh::Refreshed;
use crate::refusal::{Refusal, RefusalBody};

/// What a client sends: in a form or in JSON.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the body, which is read as parameters")]
pub(super) struct TokenRequest {
    /// `authorization_code` or `refresh_token`.
    grant_type: String,
    /// The code.
    code: Option<String>,
    /// Where the browser was sent back to with the code.
    redirect_uri: Option<String>,
    /// What the challenge was made of.
    code_verifier: Option<String>,
    /// The refresh token.
    refresh_token: Option<String>,
    /// The client, unless it shows itself in `Authorization`.
    client_id: Option<String>,
    /// Its secret, if it has one.
    client_secret: Option<String>,
}

/// What a client gets.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenResponse {
    /// A token of the person, to send as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`.
    token_type: String,
    /// How many seconds it lasts.
    expires_in: u64,
    /// Who the person is, told to the client; with a code only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    id_token: Option<String>,
    /// What the token is for; with a code only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    scope: Option<String>,
    /// For the next token, when the client may stay. The one before it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    refresh_token: Option<String>,
}

/// Get a token
///
/// For a code, once, or for the refresh token that was given last.
#[utoipa::path(
    post,
    path = "/api/auth/v1/token",
    tag = "auth",
    request_body(
        content(
            (TokenRequest = "application/x-www-form-urlencoded"),
            (TokenRequest = "application/json"),
        )
    ),
    responses(
        (status = 200, description = "The token.", body = TokenResponse),
        (status = 400, description = "The request, the code or the refresh token is not good.", body = RefusalBody),
        (status = 401, description = "The client does not show who it is.", body = RefusalBody),
        (status = 404, description = "There are no clients here.", body = RefusalBody),
        (status = 503, description = "The database is away.", body = RefusalBody),
    )
)]
pub(super) async fn grant_token(
    State(server): State<OAuthServer>,
    asked: Result<Asked, Refusal>,
) -> Result<Response, Refusal> {
    let inner = wanted(&server)?;
    let asked = asked?;
    let response: TokenResponse = match asked.get("grant_type") {
        Some("authorization_code") => inner.exchange(&asked).await?.into(),
        Some("refresh_token") => inner.refresh(&asked).await?.into(),
        Some(_) => {
            let message = "This grant type is not supported";
            return Err(Refusal::of("unsupported_grant_type", message));
        }
        None => return Err(Refusal::request("Missing grant_type")),
    };
    Ok(unkept(response))
}

impl From<Exchanged> for TokenResponse {
    fn from(exchanged: Exchanged) -> Self {
        let refresh = exchanged.refresh_token.as_ref();
        Self {
            access_token: exchanged.access_token.expose().to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in: exchanged.expires_in,
            id_token: Some(exchanged.id_token.expose().to_owned()),
            scope: Some(exchanged.scope.to_owned()),
            refresh_token: refresh.map(|token| token.expose().to_owned()),
        }
    }
}

impl From<Refreshed> for TokenResponse {
    fn from(refreshed: Refreshed) -> Self {
        Self {
            access_token: refreshed.access_token.expose().to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in: refreshed.expires_in,
            id_token: None,
            scope: None,
            refresh_token: Some(refreshed.refresh_token.expose().to_owned()),
        }
    }
}
