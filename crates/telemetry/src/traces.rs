//! Traces on their way to a collector.

use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use callboard_model::{Error, Result};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::level_filters::LevelFilter;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::registry::LookupSpan;

use crate::collector::Collector;
use crate::queue::Queue;
use crate::{SpanCounts, TraceSettings};

/// Whose spans are told: those of this program, not of the libraries in it.
const OURS: &str = "callboard";

/// Traces that are being sent.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
    counts: SpanCounts,
    stop: CancellationToken,
    /// Closed when everything has been sent.
    ended: Receiver<()>,
}

impl Traces {
    /// Starts a thread that sends what comes.
    ///
    /// # Errors
    /// When the system refuses a thread, or its certificates cannot be read.
    pub fn start(settings: TraceSettings) -> Result<Self> {
        let counts = SpanCounts::default();
        let stop = CancellationToken::new();
        let (spans, queued) = mpsc::channel(settings.batching.queue);
        let resource = resource(&settings);
        let attributes = ResourceAttributesWithSchema::from(&resource);
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(settings.sampler.clone())
            .with_span_processor(Queue {
                spans,
                counts: counts.clone(),
            })
            .build();
        let collector = Collector::new(queued, settings, attributes, counts.clone(), stop.clone())?;
        let ended = run(collector)?;
        Ok(Self {
            provider,
            counts,
            stop,
            ended,
        })
    }

    /// What makes traces of the program's spans.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let tracer = self.provider.tracer(OURS);
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_filter(FilterFn::new(is_told).with_max_level_hint(LevelFilter::DEBUG))
    }

    /// What became of spans.
    pub fn counts(&self) -> &SpanCounts {
        &self.counts
    }

    /// Sends what is left, for as long as `patience`.
    pub fn end(self, patience: Duration) {
        self.stop.cancel();
        // It is closed in time, or what is left is lost.
        let _ = self.ended.recv_timeout(patience);
    }
}

/// Spans, and within them what went wrong.
fn is_told(metadata: &Metadata<'_>) -> bool {
    let matters = metadata.is_span() || *metadata.level() <= LevelFilter::WARN;
    matters && metadata.target().starts_with(OURS)
}

fn resource(settings: &TraceSettings) -> Resource {
    let told = settings
        .resource
        .iter()
        .map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    Resource::builder_empty()
        .with_attribute(KeyValue::new("telemetry.sdk.name", "opentelemetry"))
        .with_attribute(KeyValue::new("telemetry.sdk.language", "rust"))
        .with_attributes(told)
        .build()
}

/// A thread of its own: neither a slow collector nor a busy program holds the other up.
fn run(collector: Collector) -> Result<Receiver<()>> {
    let refused = |error| {
        Error::unavailable("traces", "the system refuses a thread for traces").source(error)
    };
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(refused)?;
    let (ending, ended) = channel();
    thread::Builder::new()
        .name("traces".to_owned())
        .spawn(move || {
            runtime.block_on(collector.run());
            drop(ending);
        })
        .map_err(refused)?;
    Ok(ended)
}
