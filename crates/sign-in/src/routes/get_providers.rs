//! What people can sign in with.

use axum::extract::State;
use callboard_http::{Json, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Entrance;
use crate::providers::{Kind, Provider};

/// What people can sign in with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProviderList {
    /// In the order in which they are offered.
    providers: Vec<ProviderItem>,
}

/// A provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProviderItem {
    /// Its name in addresses.
    #[schema(value_type = String)]
    id: &'static str,
    /// What people know it as.
    #[schema(value_type = String)]
    title: &'static str,
    /// How people sign in with it.
    kind: ProviderKind,
}

/// How people sign in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ProviderKind {
    /// In a window, or by being sent there and back: `/api/auth/{provider}/start`.
    Popup,
    /// By coming through it: `/api/auth/{provider}/refresh` tells whether they did.
    Proxy,
    /// As nobody in particular: `/api/auth/{provider}/refresh`.
    Guest,
}

/// List what people can sign in with
///
/// Those of the environment that `auth.environment` names.
#[utoipa::path(
    get,
    path = "/api/auth/v1/providers",
    tag = "auth",
    responses((status = 200, description = "The providers.", body = ProviderList))
)]
pub(super) async fn get_providers(State(entrance): State<Entrance>) -> Result<Json<ProviderList>> {
    let providers = entrance.providers().offered().map(item);
    Ok(Json(ProviderList {
        providers: providers.collect(),
    }))
}

fn item(provider: &Provider) -> ProviderItem {
    ProviderItem {
        id: provider.id,
        title: provider.title,
        kind: match provider.kind {
            Kind::OAuth(_) => ProviderKind::Popup,
            Kind::Proxy(_) => ProviderKind::Proxy,
            Kind::Guest(_) => ProviderKind::Guest,
        },
    }
}
