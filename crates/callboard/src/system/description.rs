//! The description of the API, made from the code of every feature.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use callboard_model::{Error, Result};
use utoipa::openapi::{Info, InfoBuilder, License, OpenApi, OpenApiBuilder};

use crate::VERSION;

/// What the description says about the API as a whole.
pub(super) fn about() -> OpenApi {
    OpenApiBuilder::new().info(info()).build()
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
