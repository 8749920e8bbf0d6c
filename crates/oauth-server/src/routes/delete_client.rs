//! Sends a client away that stays with the caller.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{Action, Caller, Outcome};
use callboard_http::{ErrorBody, Path, Result};
use callboard_model::Error;

use crate::OAuthServer;
use crate::server::event;
use crate::sql::refresh_tokens;

/// Send a client away that acts for me
///
/// It gets no new token. The one that it has already is good until it is over.
#[utoipa::path(
    delete,
    path = "/api/auth/v1/me/clients/{id}",
    tag = "auth",
    params(("id" = String, Path, description = "Its id in the list.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, description = "Nobody is signed in.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 404, description = "There is none with this id.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_client(
    State(server): State<OAuthServer>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let person = caller.person(Action::Delete)?;
    let user = person.entity_ref.as_str();
    if !refresh_tokens::remove_of_user(&server.0.database, user, &id).await? {
        let message = "none of the clients that act for you has this id";
        return Err(Error::not_found("no-such-client", message).into());
    }
    caller.record(event("oauth-client-revoke", Some(user), Outcome::Succeeded).with("id", id));
    Ok(StatusCode::NO_CONTENT)
}
