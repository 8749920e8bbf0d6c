//! The size of the catalog, read from the index when somebody asks.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::Catalog;

/// Kinds are data, and data may name any number of them: the smallest ones beyond these are counted together.
const MOST_KINDS: usize = 100;
const OTHER_KINDS: &str = "_other";

pub(super) fn register(catalog: &Catalog, registry: &mut Registry) {
    registry.register_collector(Box::new(Sizes(catalog.clone())));
}

struct Sizes(Catalog);

impl fmt::Debug for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sizes")
    }
}

impl Collector for Sizes {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let index = self.0.index();
        let mut family = encoder.encode_descriptor(
            "catalog_entities_count",
            "Entities in the catalog, by kind",
            None,
            MetricType::Gauge,
        )?;
        for (kind, count) in bounded(index.kinds()) {
            gauge(count).encode(family.encode_family(&[("kind", kind.as_str())])?)?;
        }
        let (relations, locations) = {
            let index = index.read();
            (index.relations(), index.registered_locations())
        };
        let mut one = |name, help, value: ConstGauge<i64>| {
            let encoder = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            value.encode(encoder)
        };
        one(
            "catalog_relations_count",
            "Relations between entities, each direction for itself",
            gauge(relations),
        )?;
        one(
            "catalog_registered_locations_count",
            "Locations that the catalog was told to read",
            gauge(locations),
        )?;
        one(
            "catalog_revision",
            "The newest revision answered from",
            ConstGauge::new(index.revision()),
        )
    }
}

fn gauge(count: u64) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The largest kinds, and all others as one.
fn bounded(mut kinds: Vec<(String, u64)>) -> Vec<(String, u64)> {
    if kinds.len() > MOST_KINDS {
        kinds.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let others = kinds.split_off(MOST_KINDS);
        let count = others.iter().map(|(_, count)| count).sum();
        kinds.push((OTHER_KINDS.to_owned(), count));
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_kinds_are_counted_together() {
        let kinds = (0..250).map(|number| (format!("kind-{number:03}"), 1000 - number));

        let bounded = bounded(kinds.collect());

        assert_eq!(bounded.len(), MOST_KINDS + 1);
        assert_eq!(bounded[0], ("kind-000".to_owned(), 1000));
        let sum = (100..250).map(|number| 1000 - number).sum();
        assert_eq!(bounded[MOST_KINDS], (OTHER_KINDS.to_owned(), sum));
    }
}
