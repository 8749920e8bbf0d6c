//! The caller's personal access tokens.

use axum::extract::State;
use callboard_auth::{Action, Caller};
use callboard_http::{ErrorBody, Json, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::times::time;
use super::token_part::TokenPart;
use crate::Identity;
use crate::personal_tokens::PersonalToken;

/// The tokens of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenList {
    /// The newest comes first.
    items: Vec<TokenItem>,
}

/// A personal access token, without its text.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenItem {
    /// Its id.
    id: String,
    /// What its owner calls it.
    name: String,
    /// What it is for; everything, when there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    restrictions: Option<Vec<TokenPart>>,
    /// When it was made.
    created_at: String,
    /// When it was used last, within five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    last_used_at: Option<String>,
    /// When it is over.
    expires_at: String,
}

impl From<PersonalToken> for TokenItem {
    fn from(token: PersonalToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            restrictions: token
                .restrictions
                .map(|parts| parts.0.iter().cloned().map(TokenPart::from).collect()),
            created_at: time(token.created_at),
            last_used_at: token.seen_at.map(time),
            expires_at: time(token.expires_at),
        }
    }
}

/// List my personal access tokens
#[utoipa::path(
    get,
    path = "/api/auth/v1/me/tokens",
    tag = "auth",
    responses(
        (status = 200, description = "The tokens.", body = TokenList),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_tokens(
    State(identity): State<Identity>,
    caller: Caller,
) -> Result<Json<TokenList>> {
    let person = caller.person(Action::Read)?;
    let tokens = identity.0.personal_tokens.of_user(&person.entity_ref);
    let items = tokens.await?.into_iter().map(TokenItem::from);
    Ok(Json(TokenList {
        items: items.collect(),
    }))
}
