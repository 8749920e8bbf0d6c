//! What the issuer of our tokens offers.

use axum::extract::State;
use callboard_http::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Identity;

/// What the issuer of our tokens offers, as OpenID Connect Discovery has it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Configuration {
    /// Who issues tokens.
    issuer: String,
    /// Where a token is exchanged.
    token_endpoint: String,
    /// Where it is told who somebody is.
    userinfo_endpoint: String,
    /// Where the keys are.
    jwks_uri: String,
    /// What may be asked for.
    #[schema(value_type = Vec<String>)]
    response_types_supported: [&'static str; 1],
    /// How subjects are named.
    #[schema(value_type = Vec<String>)]
    subject_types_supported: [&'static str; 1],
    /// What tokens are signed with.
    #[schema(value_type = Vec<String>)]
    id_token_signing_alg_values_supported: [&'static str; 1],
    /// What a token may be for.
    #[schema(value_type = Vec<String>)]
    scopes_supported: [&'static str; 1],
    /// How a client shows itself.
    token_endpoint_auth_methods_supported: Vec<String>,
    /// What tokens say.
    #[schema(value_type = Vec<String>)]
    claims_supported: [&'static str; 2],
    /// How a token may be got.
    grant_types_supported: Vec<String>,
    /// Where somebody is asked whether a program may act for them.
    authorization_endpoint: String,
    /// How a code is bound to who asked for it.
    #[schema(value_type = Vec<String>)]
    code_challenge_methods_supported: [&'static str; 1],
}

/// What the issuer of tokens offers
#[utoipa::path(
    get,
    path = "/api/auth/.well-known/openid-configuration",
    tag = "auth",
    responses((status = 200, description = "The configuration.", body = Configuration))
)]
pub(super) async fn get_configuration(State(identity): State<Identity>) -> Json<Configuration> {
    let base = identity.urls().auth();
    Json(Configuration {
        token_endpoint: format!("{base}/v1/token"),
        userinfo_endpoint: format!("{base}/v1/userinfo"),
        jwks_uri: format!("{base}/.well-known/jwks.json"),
        authorization_endpoint: format!("{base}/v1/authorize"),
        issuer: base,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["ES256"],
        scopes_supported: ["openid"],
        token_endpoint_auth_methods_supported: Vec::new(),
        claims_supported: ["sub", "ent"],
        grant_types_supported: Vec::new(),
        code_challenge_methods_supported: ["S256"],
    })
}
