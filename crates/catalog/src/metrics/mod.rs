//! What the catalog counts and times, by the names that Backstage's metrics have in Prometheus (FEATURES 1.6).
//!
//! Everything is counted where it happens; nothing is looked up when somebody asks.

mod queue;
mod sizes;

use std::iter::repeat_n;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::Catalog;
pub(crate) use queue::QueueWatch;

/// Counters and times of the pipeline; clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    processed: Family<ResultLabel, Counter>,
    processing: Durations,
    processors: Durations,
    stitched: Family<ResultLabel, Counter>,
    stitching: Durations,
    /// Entities that wait to be processed.
    pub(crate) to_process: QueueWatch,
    /// Entities that wait to be put together.
    pub(crate) to_stitch: QueueWatch,
}

type Durations = Family<ResultLabel, Histogram, fn() -> Histogram>;

/// How something ended: one word of a few that are written in the code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResultLabel {
    result: &'static str,
}

/// How processing one entity ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProcessedOne {
    /// `changed`, `unchanged`, `errors` or `failed`.
    pub(crate) result: &'static str,
    /// How long its processors took.
    pub(crate) processors: Duration,
    /// How long it took from its first processor until its results were written.
    pub(crate) all: Duration,
}

impl Default for Metrics {
    fn default() -> Self {
        let durations = || Family::new_with_constructor(histogram as fn() -> Histogram);
        Self {
            processed: Family::default(),
            processing: durations(),
            processors: durations(),
            stitched: Family::default(),
            stitching: durations(),
            to_process: QueueWatch::default(),
            to_stitch: QueueWatch::default(),
        }
    }
}

impl Metrics {
    /// Counts a batch that was processed.
    pub(crate) fn processed(&self, batch: &[ProcessedOne]) {
        for result in ["changed", "unchanged", "errors", "failed"] {
            let ended = || batch.iter().filter(|one| one.result == result);
            let count = ended().count();
            if count == 0 {
                continue;
            }
            self.processed
                .get_or_create(&label(result))
                .inc_by(count as u64);
            observe(&self.processing, result, ended().map(|one| one.all));
            let processors = if result == "failed" { "failed" } else { "ok" };
            observe(
                &self.processors,
                processors,
                ended().map(|one| one.processors),
            );
        }
    }

    /// Counts a batch that was put together in `took`.
    pub(crate) fn stitched(&self, changed: usize, unchanged: usize, took: Duration) {
        for (result, count) in [("changed", changed), ("unchanged", unchanged)] {
            if count > 0 {
                self.stitched
                    .get_or_create(&label(result))
                    .inc_by(count as u64);
                observe(&self.stitching, result, repeat_n(took, count));
            }
        }
    }
}

fn label(result: &'static str) -> ResultLabel {
    ResultLabel { result }
}

fn observe(durations: &Durations, result: &'static str, times: impl Iterator<Item = Duration>) {
    let histogram = durations.get_or_create(&label(result));
    times.for_each(|took| histogram.observe(took.as_secs_f64()));
}

/// From ten microseconds, the processors of a small entity, to a minute.
fn histogram() -> Histogram {
    Histogram::new([
        0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
        60.0,
    ])
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
        "catalog_processing_duration",
        "Seconds from the start of an entity's processing until its results are written",
        metrics.processing,
    );
    registry.register(
        "catalog_processors_duration",
        "Seconds that the processors of an entity took",
        metrics.processors,
    );
    registry.register(
        "catalog_stitched_entities_count",
        "Entities put together, by result",
        metrics.stitched,
    );
    registry.register(
        "catalog_stitching_duration",
        "Seconds from the start of putting an entity together until it is stored",
        metrics.stitching,
    );
    metrics.to_process.register("processing", registry);
    metrics.to_stitch.register("stitching", registry);
    sizes::register(catalog, registry);
}
