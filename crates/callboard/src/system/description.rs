//! The description of the API, made from the code of every feature.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use callboard_model::{Error, Result};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ComponentsBuilder, Info, InfoBuilder, License, OpenApi, OpenApiBuilder};

use utoipa_axum::router::OpenApiRouter;

use crate::VERSION;

/// The names of the ways to show who one is.
const TOKEN: &str = "token";
const SESSION: &str = "session";
/// The cookie of a session.
const SESSION_COOKIE: &str = "callboard-session";

/// What the description says about the API as a whole.
fn about() -> OpenApi {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "A token of a user or a service, as Backstage has them, or a personal one.",
        ))
        .build();
    let session = ApiKeyValue::with_description(
        SESSION_COOKIE,
        "The cookie that a browser gets when somebody signs in.",
    );
    let schemes = ComponentsBuilder::new()
        .security_scheme(TOKEN, SecurityScheme::Http(token))
        .security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(session)))
        .build();
    OpenApiBuilder::new()
        .info(info())
        .components(Some(schemes))
        .build()
}

fn info() -> Info {
    InfoBuilder::new()
        .title("Callboard")
        .version(VERSION)
        .description(Some(
            "The catalog and everything around it. Where Backstage has an operation, its path, \
             parameters, bodies and status codes are the same here.",
        ))
        .license(Some(License::new("Apache-2.0")))
        .build()
}

/// All operations, each with who may call it: the description says what the gate does.
pub(crate) fn with_security(mut open: OpenApiRouter, mut closed: OpenApiRouter) -> OpenApiRouter {
    for operation in operations(open.get_openapi_mut()) {
        operation.security = Some(Vec::new());
    }
    for operation in operations(closed.get_openapi_mut()) {
        operation.security = Some(vec![requirement(TOKEN), requirement(SESSION)]);
    }
    OpenApiRouter::with_openapi(about())
        .merge(open)
        .merge(closed)
}

fn requirement(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new(scheme, Vec::<String>::new())
}

fn operations(description: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    let paths = description.paths.paths.values_mut();
    paths.flat_map(|path| {
        let all = [
            &mut path.get,
            &mut path.put,
            &mut path.post,
            &mut path.delete,
            &mut path.options,
            &mut path.head,
            &mut path.patch,
            &mut path.trace,
        ];
        all.into_iter().filter_map(Option::as_mut)
    })
}

/// The description as JSON.
pub(crate) fn describe(description: OpenApi) -> Result<Arc<str>> {
    let json = description.to_pretty_json().map_err(|error| {
        Error::internal("description", "printing the description of the API").source(error)
    })?;
    Ok(json.into())
}

/// Serves the description.
pub(crate) fn route(description: Arc<str>) -> Router {
    let json = Bytes::copy_from_slice(description.as_bytes());
    let answer = move || async move { ([(CONTENT_TYPE, "application/json")], json) };
    Router::new().route("/api/openapi.json", get(answer))
}
