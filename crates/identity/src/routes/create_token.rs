//! Makes a personal access token.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::{Action, AuditEvent, Caller, Outcome, Restriction, Restrictions};
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::get_tokens::TokenItem;
use super::token_part::TokenPart;
use crate::Identity;
use crate::personal_tokens::Wanted;

/// The characters of a name.
const LONGEST_NAME: usize = 100;
/// The most days that a token lasts.
const MOST_DAYS: u32 = 366;
/// The most parts that a token is for, and the most names in each.
const MOST_PARTS: usize = 50;

/// What a token is to be like.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewToken {
    /// What to call it.
    name: String,
    /// How many days it lasts, at most 366.
    expires_in_days: u32,
    /// What it is for; everything that its owner may do, when left out.
    #[serde(default)]
    #[schema(required = false)]
    restrictions: Option<Vec<TokenPart>>,
}

/// A token that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedToken {
    /// The text to send as `Authorization: Bearer …`. It is not shown again.
    token: String,
    /// What it is like.
    #[serde(flatten)]
    item: TokenItem,
}

/// Make a personal access token
///
/// A script that sends it acts in the name of the caller, as far as the token is for that. Only somebody who is signed
/// in makes tokens: a token that is for some things cannot make one that is for more.
#[utoipa::path(
    post,
    path = "/api/auth/v1/me/tokens",
    tag = "auth",
    request_body = NewToken,
    responses(
        (status = 201, description = "The token, whose text is shown this once.", body = CreatedToken),
        (status = 400, description = "The body is wrong.", body = ErrorBody),
        (status = 403, description = "It is no person.", body = ErrorBody),
        (status = 409, description = "There are too many.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn create_token(
    State(identity): State<Identity>,
    caller: Caller,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>)> {
    let person = caller.person(Action::Create)?;
    new.check()?;
    let wanted = Wanted {
        name: new.name.trim(),
        restrictions: new
            .restrictions
            .map(|parts| Restrictions(parts.into_iter().map(Restriction::from).collect())),
        lasts: Duration::from_secs(u64::from(new.expires_in_days) * 24 * 60 * 60),
    };
    let tokens = &identity.0.personal_tokens;
    let (secret, token) = tokens.create(&person.entity_ref, wanted).await?;
    let actor = Some(person.entity_ref.to_string());
    let event = AuditEvent::new("personal-token-create", actor, Outcome::Succeeded);
    caller.record(
        event
            .with("id", token.id.as_str())
            .with("name", token.name.as_str()),
    );
    let created = CreatedToken {
        token: secret.expose().to_owned(),
        item: token.into(),
    };
    Ok((StatusCode::CREATED, Json(created)))
}

impl NewToken {
    fn check(&self) -> Result<()> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            let message = format!("`name` is empty or longer than {LONGEST_NAME} characters");
            return Err(Error::invalid("token-name", message).into());
        }
        if self.expires_in_days == 0 || self.expires_in_days > MOST_DAYS {
            let message = format!("`expiresInDays` is not between 1 and {MOST_DAYS}");
            return Err(Error::invalid("token-expiration", message).into());
        }
        let parts = self.restrictions.as_deref();
        if parts.is_some_and(|parts| parts.is_empty() || parts.len() > MOST_PARTS) {
            let message = format!("`restrictions` has no members, or more than {MOST_PARTS}");
            return Err(Error::invalid("token-restrictions", message)
                .hint("leave it out for a token that is for everything")
                .into());
        }
        let too_long = |part: &TokenPart| part.permissions.len() > MOST_PARTS;
        if parts.is_some_and(|parts| parts.iter().any(too_long)) {
            let message =
                format!("a part of `restrictions` names more than {MOST_PARTS} permissions");
            return Err(Error::invalid("token-restrictions", message).into());
        }
        Ok(())
    }
}
