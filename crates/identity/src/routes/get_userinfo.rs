//! Who somebody is, and what they own things as.

use axum::extract::State;
use axum::http::HeaderMap;
use callboard_auth::User;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::{EntityRef, Error, ErrorKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Identity;
use crate::authenticator::bearer;
use crate::tokens::{Bearer, TokenKind};

/// Who somebody is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserInfo {
    /// What their token stands for.
    claims: Claims,
}

/// What a token stands for.
#[derive(Debug, Serialize, ToSchema)]
struct Claims {
    /// The entity that they are.
    #[schema(value_type = String)]
    sub: EntityRef,
    /// What they own things as: themselves and their groups.
    #[schema(value_type = Vec<String>)]
    ent: Vec<EntityRef>,
}

/// Who holds a token
///
/// Tokens leave out what their holder owns things as, because that may be much; whoever verifies one asks here. The
/// limited tokens that plugins hand on are answered too.
#[utoipa::path(
    get,
    path = "/api/auth/v1/userinfo",
    tag = "auth",
    responses(
        (status = 200, description = "Who it is.", body = UserInfo),
        (status = 400, description = "It is no person.", body = ErrorBody),
        (status = 401, description = "There is no token, or it is not good.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_userinfo(
    State(identity): State<Identity>,
    headers: HeaderMap,
) -> Result<Json<UserInfo>> {
    let token = bearer(&headers)?.ok_or_else(|| {
        Error::new(ErrorKind::Unauthenticated, "no-token", "No token provided")
            .hint("send the token of a user as `Authorization: Bearer …`")
    })?;
    let user = holder(&identity, token).await?;
    Ok(Json(UserInfo {
        claims: Claims {
            sub: user.entity_ref.clone(),
            ent: user.ownership.clone(),
        },
    }))
}

async fn holder(identity: &Identity, token: &str) -> Result<std::sync::Arc<User>> {
    let inner = &identity.0;
    let kind = TokenKind::of(token).filter(|kind| *kind != TokenKind::Plugin);
    let entity_ref = match kind {
        Some(kind) => match inner.verifier.verify(token, kind).await?.bearer {
            Bearer::User(entity_ref, _) => Some(entity_ref),
            Bearer::Plugin(..) => None,
        },
        None => {
            let personal = inner.personal_tokens.find(token).await?;
            personal.map(|token| token.user_ref.clone())
        }
    };
    let entity_ref = entity_ref.ok_or_else(|| {
        Error::invalid(
            "no-user-token",
            "Userinfo endpoint must be called with a token that represents a user principal",
        )
    })?;
    Ok(inner.people.user(&entity_ref).await?)
}
