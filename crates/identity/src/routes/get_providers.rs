//! How people sign in here.

use std::sync::Arc;

use axum::Extension;
use callboard_auth::SignInMethod;
use callboard_http::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// The ways to sign in, in their order.
#[derive(Clone, Debug)]
pub(super) struct Methods(pub(super) Arc<[SignInMethod]>);

/// The ways to sign in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProviderList {
    /// In the order of the configuration.
    providers: Vec<Provider>,
}

/// A way to sign in.
#[derive(Debug, Serialize, ToSchema)]
struct Provider {
    /// Its name in paths.
    id: String,
    /// What people call it.
    title: String,
    /// `popup`, `proxy`, `guest` or `password`.
    #[schema(value_type = String)]
    kind: callboard_auth::SignInKind,
    /// What its operations are to be called with as `env`.
    environment: String,
}

/// List the ways to sign in
///
/// Answers everybody: the sign-in page is made of it.
#[utoipa::path(
    get,
    path = "/api/auth/v1/providers",
    tag = "auth",
    responses((status = 200, description = "The ways to sign in.", body = ProviderList))
)]
pub(super) async fn get_providers(
    Extension(Methods(methods)): Extension<Methods>,
) -> Json<ProviderList> {
    let providers = methods.iter().cloned().map(|method| Provider {
        id: method.id,
        title: method.title,
        kind: method.kind,
        environment: method.environment,
    });
    Json(ProviderList {
        providers: providers.collect(),
    })
}
