//! Somebody lets a client act for them, or does not.

use axum::extract::State;
use axum::response::Response;
use callboard_auth::{Action, Caller, Outcome, User};
use callboard_http::{ErrorBody, Path};
use serde::Serialize;
use utoipa::ToSchema;

use super::wanted::{unkept, wanted};
use crate::OAuthServer;
use crate::consent::Session;
use crate::refusal::{Refusal, RefusalBody};
use crate::server::event;

/// Where the browser goes next.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NextAddress {
    /// An address of the client.
    redirect_url: String,
}

/// Let a client act for me
///
/// The browser goes back to the client with a code, which lasts ten minutes. A session is answered once.
#[utoipa::path(
    post,
    path = "/api/auth/v1/sessions/{id}/approve",
    tag = "auth",
    params(("id" = String, Path, description = "The id of the session.")),
    responses(
        (status = 200, description = "Where the browser goes next.", body = NextAddress),
        (status = 400, description = "There is no such session, or it is answered or over.", body = RefusalBody),
        (status = 401, description = "Nobody is signed in.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = RefusalBody),
        (status = 404, description = "There are no clients here.", body = RefusalBody),
        (status = 503, description = "The database is away.", body = RefusalBody),
    )
)]
pub(super) async fn approve_session(
    State(server): State<OAuthServer>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let inner = wanted(&server)?;
    let person = in_person(&caller)?;
    let session = inner.pending(&id).await?;
    let next = inner.approve(&session, &person.entity_ref).await;
    note(&caller, "oauth-approve", (person, &session), next.is_ok());
    Ok(unkept(NextAddress {
        redirect_url: next?,
    }))
}

/// Do not let a client act for me
///
/// The browser goes back to the client, which is told so.
#[utoipa::path(
    post,
    path = "/api/auth/v1/sessions/{id}/reject",
    tag = "auth",
    params(("id" = String, Path, description = "The id of the session.")),
    responses(
        (status = 200, description = "Where the browser goes next.", body = NextAddress),
        (status = 400, description = "There is no such session, or it is answered or over.", body = RefusalBody),
        (status = 401, description = "Nobody is signed in.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = RefusalBody),
        (status = 404, description = "There are no clients here.", body = RefusalBody),
        (status = 503, description = "The database is away.", body = RefusalBody),
    )
)]
pub(super) async fn reject_session(
    State(server): State<OAuthServer>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let inner = wanted(&server)?;
    let person = in_person(&caller)?;
    let session = inner.pending(&id).await?;
    let next = inner.reject(&session, &person.entity_ref).await;
    note(&caller, "oauth-reject", (person, &session), next.is_ok());
    Ok(unkept(NextAddress {
        redirect_url: next?,
    }))
}

/// The person who calls. A plugin that acts for somebody does not agree for them.
fn in_person(caller: &Caller) -> Result<&User, Refusal> {
    let person = caller
        .person(Action::Create)
        .map_err(|_| Refusal::denied("Authentication required"))?;
    match &person.actor {
        None => Ok(person),
        Some(_) => Err(Refusal::denied("Only the person themselves can agree")),
    }
}

fn note(caller: &Caller, name: &str, (person, session): (&User, &Session), is_done: bool) {
    let outcome = if is_done {
        Outcome::Succeeded
    } else {
        Outcome::Failed
    };
    let noted = event(name, Some(person.entity_ref.as_str()), outcome);
    caller.record(noted.with("client", session.client_id.as_str()));
}
