//! Counts and times, as Prometheus reads them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use callboard_http::Result;
use callboard_model::Error;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::VERSION;

/// Everything that is measured.
#[derive(Clone, Debug)]
pub(super) struct Metrics(Arc<Registry>);

impl Metrics {
    pub(super) fn new(mut registry: Registry) -> Self {
        let build = Info::new([("version", VERSION)]);
        registry.register("callboard_build", "The version of this server", build);
        Self(Arc::new(registry))
    }
}

/// Get the server's metrics
///
/// Text in the OpenMetrics format, which Prometheus reads.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "system",
    responses((
        status = 200,
        description = "Every metric.",
        body = String,
        content_type = "application/openmetrics-text",
    )),
)]
pub(super) async fn metrics(State(metrics): State<Metrics>) -> Result<Response> {
    let mut text = String::new();
    encode(&mut text, &metrics.0)
        .map_err(|error| Error::internal("metrics", "printing the metrics").source(error))?;
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, content_type)], text).into_response())
}
