//! What the issuer of our tokens offers.

use axum::Extension;
use axum::extract::State;
use callboard_http::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Identity, ProgramSignIn};

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
    scopes_supported: Vec<&'static str>,
    /// How a client shows itself.
    #[schema(value_type = Vec<String>)]
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// What tokens say.
    #[schema(value_type = Vec<String>)]
    claims_supported: [&'static str; 2],
    /// How a token may be got.
    #[schema(value_type = Vec<String>)]
    grant_types_supported: Vec<&'static str>,
    /// Where somebody is asked whether a program may act for them.
    authorization_endpoint: String,
    /// How a code is bound to who asked for it.
    #[schema(value_type = Vec<String>)]
    code_challenge_methods_supported: [&'static str; 1],
    /// Where a refresh token is given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    revocation_endpoint: Option<String>,
    /// Whether the id of a client may be the address of a document that describes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    client_id_metadata_document_supported: Option<bool>,
    /// Whether whoever is sent back is told by whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    authorization_response_iss_parameter_supported: Option<bool>,
}

/// What the issuer of tokens offers
#[utoipa::path(
    get,
    path = "/api/auth/.well-known/openid-configuration",
    tag = "auth",
    responses((status = 200, description = "The configuration.", body = Configuration))
)]
pub(super) async fn get_configuration(
    State(identity): State<Identity>,
    Extension(offer): Extension<ProgramSignIn>,
) -> Json<Configuration> {
    let base = identity.urls().auth();
    let is_offered = !offer.grant_types.is_empty();
    let revocation_endpoint = format!("{base}/v1/revoke");
    Json(Configuration {
        token_endpoint: format!("{base}/v1/token"),
        userinfo_endpoint: format!("{base}/v1/userinfo"),
        jwks_uri: format!("{base}/.well-known/jwks.json"),
        authorization_endpoint: format!("{base}/v1/authorize"),
        issuer: base,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["ES256"],
        scopes_supported: offer.scopes,
        token_endpoint_auth_methods_supported: offer.client_authentication,
        claims_supported: ["sub", "ent"],
        grant_types_supported: offer.grant_types,
        code_challenge_methods_supported: ["S256"],
        revocation_endpoint: is_offered.then_some(revocation_endpoint),
        client_id_metadata_document_supported: offer.client_documents.then_some(true),
        authorization_response_iss_parameter_supported: is_offered.then_some(true),
    })
}
