//! What the catalog counts.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::Catalog;

/// Counters of the pipeline, by the names Backstage gives them (FEATURES 1.6).
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) processed: Family<ProcessedLabels, Counter>,
    pub(crate) stitched: Counter,
}

/// How processing an entity ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ProcessedLabels {
    /// `changed`, `unchanged` or `errors`.
    pub(crate) result: &'static str,
}

impl Metrics {
    pub(crate) fn count_processed(&self, result: &'static str) {
        self.processed
            .get_or_create(&ProcessedLabels { result })
            .inc();
    }
}

/// Registers everything that the catalog counts.
pub(crate) fn register(catalog: &Catalog, registry: &mut Registry) {
    let metrics = catalog.inner().metrics.clone();
    registry.register(
        "catalog_processed_entities_count",
        "Entities processed, by result",
        metrics.processed,
    );
    registry.register(
        "catalog_stitched_entities_count",
        "Entities put together",
        metrics.stitched,
    );
    registry.register_collector(Box::new(Sizes(catalog.clone())));
}

/// The size of the catalog, read when asked.
struct Sizes(Catalog);

impl fmt::Debug for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sizes")
    }
}

impl Collector for Sizes {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut family = encoder.encode_descriptor(
            "catalog_entities_count",
            "Entities in the catalog, by kind",
            None,
            MetricType::Gauge,
        )?;
        for (kind, count) in self.0.index().kinds() {
            let count = ConstGauge::new(i64::try_from(count).unwrap_or(i64::MAX));
            count.encode(family.encode_family(&[("kind", kind.as_str())])?)?;
        }
        let revision = ConstGauge::new(self.0.index().revision());
        let encoder = encoder.encode_descriptor(
            "catalog_revision",
            "The newest revision answered from",
            None,
            MetricType::Gauge,
        )?;
        revision.encode(encoder)
    }
}
