//! A collector for tests: it takes OTLP over HTTP and remembers the spans.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as SpanStatus;
use prost::Message;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// Longer than any machine needs; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A collector on this machine, until the process ends.
#[derive(Debug)]
pub struct TestCollector {
    address: SocketAddr,
    received: Arc<Received>,
}

#[derive(Debug, Default)]
struct Received {
    spans: Mutex<Vec<ReceivedSpan>>,
    more: Condvar,
}

/// A span as a collector sees it.
#[derive(Clone, Debug)]
pub struct ReceivedSpan {
    /// What it is called.
    pub name: String,
    /// The trace that it is in, in hexadecimal digits.
    pub trace_id: String,
    /// Its own number, in hexadecimal digits.
    pub span_id: String,
    /// The span around it; empty when there is none.
    pub parent_span_id: String,
    /// What it says about itself.
    pub attributes: BTreeMap<String, String>,
    /// Whether it failed.
    pub is_error: bool,
    /// What it says about the program.
    pub resource: BTreeMap<String, String>,
    /// The headers that it came with.
    pub headers: HeaderMap,
}

impl TestCollector {
    /// Starts one.
    ///
    /// # Panics
    /// When the system has no port or no thread.
    pub fn start() -> Self {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the system has a runtime");
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("the system has a port");
        let address = listener.local_addr().expect("the port has an address");
        let received = Arc::new(Received::default());
        let router = Router::new()
            .route("/v1/traces", post(take))
            .with_state(Arc::clone(&received));
        thread::spawn(move || runtime.block_on(async { axum::serve(listener, router).await }));
        Self { address, received }
    }

    /// What `OTEL_EXPORTER_OTLP_ENDPOINT` is to be.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every span so far.
    pub fn spans(&self) -> Vec<ReceivedSpan> {
        self.received.spans().clone()
    }

    /// Waits until `enough` likes what was received.
    ///
    /// # Panics
    /// When that takes longer than any machine needs.
    pub fn wait_for(&self, enough: impl Fn(&[ReceivedSpan]) -> bool) -> Vec<ReceivedSpan> {
        let spans = self.received.spans();
        let (spans, waited) = self
            .received
            .more
            .wait_timeout_while(spans, PATIENCE, |spans| !enough(spans))
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "waited in vain; received: {spans:#?}");
        spans.clone()
    }
}

impl Received {
    fn spans(&self) -> MutexGuard<'_, Vec<ReceivedSpan>> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn take(
    State(received): State<Arc<Received>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return StatusCode::BAD_REQUEST;
    };
    for of_resource in request.resource_spans {
        let resource = pairs(of_resource.resource.unwrap_or_default().attributes);
        let spans = of_resource
            .scope_spans
            .into_iter()
            .flat_map(|scope| scope.spans);
        received
            .spans()
            .extend(spans.map(|span| seen(span, &resource, &headers)));
    }
    received.more.notify_all();
    StatusCode::OK
}

fn seen(span: Span, resource: &BTreeMap<String, String>, headers: &HeaderMap) -> ReceivedSpan {
    let failed = SpanStatus::Error as i32;
    ReceivedSpan {
        name: span.name,
        trace_id: hex(&span.trace_id),
        span_id: hex(&span.span_id),
        parent_span_id: hex(&span.parent_span_id),
        attributes: pairs(span.attributes),
        is_error: span.status.is_some_and(|status| status.code == failed),
        resource: resource.clone(),
        headers: headers.clone(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pairs(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |value: Option<AnyValue>| match value.and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(flag)) => flag.to_string(),
        other => format!("{other:?}"),
    };
    attributes
        .into_iter()
        .map(|pair| (pair.key, text(pair.value)))
        .collect()
}
