//! Counts and times requests by method, route and class of status.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Every label comes from a closed list: methods and classes from here, routes from the router.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Timed {
    method: &'static str,
    route: String,
}

#[derive(Debug)]
pub(super) struct Measures {
    answered: Family<Answered, Counter>,
    timed: Family<Timed, Histogram, fn() -> Histogram>,
}

impl Measures {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let answered = Family::default();
        let timed = Family::new_with_constructor(histogram as fn() -> Histogram);
        registry.register(
            "http_requests",
            "Requests answered, by method, route and class of status",
            answered.clone(),
        );
        registry.register(
            "http_request_duration_seconds",
            "Time until an answer began, by method and route",
            timed.clone(),
        );
        Self { answered, timed }
    }
}

/// From half a millisecond, a read from memory, to ten seconds.
fn histogram() -> Histogram {
    Histogram::new([
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
    ])
}

pub(super) async fn count(
    State(measures): State<Arc<Measures>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = method_label(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |route| route.as_str().to_owned());
    let response = next.run(request).await;
    let status = class(response.status().as_u16());
    let timed = Timed {
        method,
        route: route.clone(),
    };
    measures
        .answered
        .get_or_create(&Answered {
            method,
            route,
            status,
        })
        .inc();
    measures
        .timed
        .get_or_create(&timed)
        .observe(started.elapsed().as_secs_f64());
    response
}

pub(super) fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
