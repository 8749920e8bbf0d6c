//! A program sends away all clients that stay with somebody.

use axum::extract::State;
use callboard_auth::{Caller, Outcome, Principal};
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::{EntityRef, Error, ErrorKind, RefContext};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::OAuthServer;
use crate::server::event;
use crate::sql::refresh_tokens;

/// Whose clients are sent away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RevokeAll {
    /// The person, such as `user:default/ada`.
    user_entity_ref: String,
}

/// How many there were.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Revoked {
    /// How many there were.
    revoked_count: u64,
}

/// Send all clients of somebody away
///
/// For programs that notice that somebody left. Tokens that clients have already are good until they are over.
#[utoipa::path(
    post,
    path = "/api/auth/v1/offline-sessions/revoke",
    tag = "auth",
    request_body = RevokeAll,
    responses(
        (status = 200, description = "They are gone.", body = Revoked),
        (status = 400, description = "The reference is none of a person.", body = ErrorBody),
        (status = 401, description = "Nobody is known.", body = ErrorBody),
        (status = 403, description = "It is no program.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn revoke_all(
    State(server): State<OAuthServer>,
    caller: Caller,
    Json(body): Json<RevokeAll>,
) -> Result<Json<Revoked>> {
    let Principal::Service(service) = caller.principal() else {
        let message = "This operation is for programs alone";
        return Err(Error::new(ErrorKind::Forbidden, "no-service", message)
            .hint("call it with a token of `backend.auth.externalAccess`")
            .into());
    };
    let person = person(&body.user_entity_ref)?;
    let revoked_count = refresh_tokens::remove_all(&server.0.database, person.as_str()).await?;
    let noted = event(
        "oauth-revoke-all",
        Some(&service.subject),
        Outcome::Succeeded,
    );
    caller.record(
        noted
            .with("user", person.as_str())
            .with("ended", revoked_count),
    );
    Ok(Json(Revoked { revoked_count }))
}

/// A reference of a person, whose kind may be left out.
fn person(text: &str) -> Result<EntityRef, Error> {
    let context = RefContext {
        kind: Some("user"),
        ..RefContext::default()
    };
    let person = EntityRef::parse(text, context)
        .map_err(|error| Error::invalid("invalid-entity-ref", error.to_string()))?;
    if person.kind() == "user" {
        Ok(person)
    } else {
        let message = format!("`{person}` is no person");
        Err(Error::invalid("no-user", message))
    }
}
