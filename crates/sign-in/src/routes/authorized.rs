//! What Backstage's frontends are told of somebody who came in.

use callboard_identity::BackstageIdentity;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::account::Profile;
use crate::oauth::Answer;

/// Somebody who came in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Authorized {
    /// How they appear.
    pub(super) profile: Profile,
    /// What the provider gave them, for its own API.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub(super) provider_info: Option<Value>,
    /// Who they are here, when the provider is one to sign in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub(super) backstage_identity: Option<BackstageIdentity>,
}

impl Authorized {
    /// From what a provider answered.
    pub(super) fn of(answer: Answer, identity: Option<BackstageIdentity>) -> Self {
        let Answer {
            account,
            tokens,
            scope,
        } = answer;
        let mut info = json!({ "accessToken": tokens.access.expose(), "scope": scope });
        if let Some(token) = &tokens.id {
            info["idToken"] = token.expose().into();
        }
        if let Some(seconds) = tokens.expires_in_seconds {
            info["expiresInSeconds"] = seconds.into();
        }
        Self {
            profile: account.profile,
            provider_info: Some(info),
            backstage_identity: identity,
        }
    }
}
