//! Sends batches of spans to the collector.

use std::error::Error as StdError;
use std::time::Duration;

use callboard_model::{Error, Result};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::trace::SpanData;
use prost::Message;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::settings::Batching;
use crate::{SpanCounts, TraceSettings};

/// How long to wait before a batch is sent again that the collector could not take now.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// The collector's end of the queue.
pub(crate) struct Collector {
    spans: Receiver<SpanData>,
    client: Client,
    settings: TraceSettings,
    resource: ResourceAttributesWithSchema,
    counts: SpanCounts,
    stop: CancellationToken,
    /// Whether the last batch was lost: only the first and the last of many failures are news.
    away: bool,
}

/// Why a batch was not taken.
struct Refusal {
    why: String,
    /// Whether it may be taken later.
    passes: bool,
}

impl Collector {
    pub(crate) fn new(
        spans: Receiver<SpanData>,
        settings: TraceSettings,
        resource: ResourceAttributesWithSchema,
        counts: SpanCounts,
        stop: CancellationToken,
    ) -> Result<Self> {
        let mut headers = settings.headers.clone();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-protobuf"),
        );
        let client = Client::builder()
            .user_agent("callboard")
            .default_headers(headers)
            .redirect(Policy::none())
            .timeout(settings.timeout)
            .build()
            .map_err(|error| {
                Error::unavailable("traces", "no client for the trace collector can be made")
                    .source(error)
            })?;
        Ok(Self {
            spans,
            client,
            settings,
            resource,
            counts,
            stop,
            away: false,
        })
    }

    /// Sends what comes, until it is told to stop and everything is sent.
    pub(crate) async fn run(mut self) {
        while let Some(batch) = self.next().await {
            self.deliver(batch).await;
        }
    }

    /// The next batch: full, or as old as a batch may get. None when it was told to stop and nothing is left.
    async fn next(&mut self) -> Option<Vec<SpanData>> {
        let Batching { largest, delay, .. } = self.settings.batching;
        let mut batch = Vec::new();
        let stop = self.stop.clone();
        if stop
            .run_until_cancelled(self.spans.recv_many(&mut batch, largest))
            .await
            .is_some()
        {
            let due = Instant::now() + delay;
            while batch.len() < largest {
                let free = largest - batch.len();
                let more = self.spans.recv_many(&mut batch, free);
                match timeout_at(due, stop.run_until_cancelled(more)).await {
                    Ok(Some(1..)) => {}
                    _ => break,
                }
            }
        }
        while batch.len() < largest
            && let Ok(span) = self.spans.try_recv()
        {
            batch.push(span);
        }
        (!batch.is_empty()).then_some(batch)
    }

    async fn deliver(&mut self, batch: Vec<SpanData>) {
        let count = batch.len();
        let resource_spans = group_spans_by_resource_and_scope(batch, &self.resource);
        let body = ExportTraceServiceRequest { resource_spans }.encode_to_vec();
        let mut pauses = PAUSES.iter();
        loop {
            let Err(refusal) = self.send(body.clone()).await else {
                self.counts.add("sent", count);
                if std::mem::take(&mut self.away) {
                    tracing::info!("the trace collector takes spans again");
                }
                return;
            };
            match pauses.next() {
                Some(pause) if refusal.passes && !self.stop.is_cancelled() => {
                    // A pause that a stop ends at once.
                    let _ = timeout(*pause, self.stop.cancelled()).await;
                }
                _ => return self.lose(count, &refusal),
            }
        }
    }

    fn lose(&mut self, count: usize, refusal: &Refusal) {
        self.counts.add("failed", count);
        if !std::mem::replace(&mut self.away, true) {
            tracing::warn!(
                "spans are lost: the trace collector at `{}` does not take them: {}",
                self.settings.endpoint.origin().ascii_serialization(),
                refusal.why
            );
        }
    }

    async fn send(&self, body: Vec<u8>) -> std::result::Result<(), Refusal> {
        let request = self.client.post(self.settings.endpoint.clone()).body(body);
        let answer = request.send().await.map_err(|error| Refusal {
            why: innermost(&error),
            passes: true,
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        Err(Refusal {
            why: format!("it answers {status}"),
            passes: matches!(
                status,
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::BAD_GATEWAY
                    | StatusCode::SERVICE_UNAVAILABLE
                    | StatusCode::GATEWAY_TIMEOUT
            ),
        })
    }
}

/// The cause that says most; those around it repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn StdError = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
