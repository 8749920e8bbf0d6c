//! What became of spans.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// Counts of spans by what became of them; clones share them.
#[derive(Clone, Debug, Default)]
pub struct SpanCounts(Family<OutcomeLabel, Counter>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

impl SpanCounts {
    /// Registers them.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "callboard_trace_spans",
            "Spans sent to the collector, refused by it or unreachable for it, and dropped because the queue was full",
            self.0.clone(),
        );
    }

    /// Spans that the collector took.
    pub fn sent(&self) -> u64 {
        self.of("sent").get()
    }

    /// Spans that were lost because the collector did not take them.
    pub fn failed(&self) -> u64 {
        self.of("failed").get()
    }

    /// Spans that were lost because the queue was full.
    pub fn dropped(&self) -> u64 {
        self.of("dropped").get()
    }

    pub(crate) fn add(&self, outcome: &'static str, spans: usize) {
        self.of(outcome).inc_by(spans as u64);
    }

    fn of(&self, outcome: &'static str) -> Counter {
        self.0.get_or_create(&OutcomeLabel { outcome }).clone()
    }
}
