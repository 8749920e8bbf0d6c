//! What every request passes on its way in and every answer on its way out.

mod deadline;
mod failures;
mod freshness;
mod headers;
mod hosts;
mod measure;
mod request_id;
mod streams;
#[cfg(test)]
mod tests;
mod trace;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use callboard_model::{Error, Ids};
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::{ApiError, BodyLimit};

pub use request_id::RequestId;
pub use trace::ContinueTrace;

/// The outermost part of the server.
#[derive(Clone, Debug)]
pub struct Edge {
    ids: Ids,
    deadline: Duration,
    body_limit: BodyLimit,
    stop: CancellationToken,
    names: hosts::Names,
    continue_trace: Option<ContinueTrace>,
    measures: Arc<measure::Measures>,
}

impl Edge {
    /// An edge that registers its counts in `registry` and takes request ids from `ids`.
    pub fn new(ids: Ids, registry: &mut Registry) -> Self {
        Self {
            ids,
            deadline: Duration::from_secs(60),
            body_limit: BodyLimit::default(),
            stop: CancellationToken::new(),
            names: None,
            continue_trace: None,
            measures: Arc::new(measure::Measures::register(registry)),
        }
    }

    /// How long a handler may take until its answer begins; 60 seconds unless told.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How large a request's body may be; 5 MiB unless told.
    #[must_use]
    pub fn body_limit(mut self, limit: BodyLimit) -> Self {
        self.body_limit = limit;
        self
    }

    /// Answers only to `names` and to those that mean this machine; to all names unless told.
    #[must_use]
    pub fn only_for(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.names = Some(
            names
                .into_iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
        );
        self
    }

    /// How requests become parts of the traces that their callers began.
    #[must_use]
    pub fn continue_traces(mut self, continue_trace: ContinueTrace) -> Self {
        self.continue_trace = Some(continue_trace);
        self
    }

    /// When to end the event streams, which otherwise have no end and would hold up a shutdown.
    #[must_use]
    pub fn stop(mut self, stop: CancellationToken) -> Self {
        self.stop = stop;
        self
    }

    /// Puts the edge around all routes of the portal. The last line is the outermost step.
    pub fn wrap(&self, router: Router) -> Router {
        // In the order that requests pass. One stack, because each layer of a router by itself is a box that every
        // request clones with all that is in it.
        router.layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(self.naming(), request_id::assign))
                .layer(from_fn_with_state(
                    Arc::clone(&self.measures),
                    measure::count,
                ))
                .layer(from_fn(headers::secure))
                .layer(CompressionLayer::new().compress_when(worth_compressing()))
                .layer(from_fn(freshness::validate))
                .layer(from_fn(failures::render))
                .layer(CatchPanicLayer::custom(failures::from_panic))
                .layer(from_fn_with_state(self.names.clone(), hosts::check))
                .layer(from_fn_with_state(self.deadline, deadline::enforce))
                .layer(from_fn_with_state(self.stop.clone(), streams::end))
                .layer(Extension(self.body_limit)),
        )
    }

    fn naming(&self) -> request_id::Naming {
        request_id::Naming {
            ids: self.ids.clone(),
            continue_trace: self.continue_trace,
        }
    }
}

/// Answers a path that no route serves.
pub async fn not_found(request: Request) -> ApiError {
    let message = format!("nothing is served at `{}`", request.uri().path());
    Error::not_found("unknown-path", message)
        .hint("the paths of this server are described in `/api/openapi.json`")
        .into()
}

/// Answers a method that a path does not have.
pub async fn method_not_allowed(request: Request) -> ApiError {
    ApiError::method_not_allowed(request.method(), request.uri().path())
}

/// Text over 1 KiB. Images, fonts and event streams gain nothing and would only be held up.
fn worth_compressing() -> impl Predicate {
    SizeAbove::new(1024)
        .and(NotForContentType::const_new("image/"))
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("application/gzip"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("application/octet-stream"))
}
