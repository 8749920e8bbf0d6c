//! What is counted.

use callboard_auth::Outcome;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// Counts of events; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    events: Family<OutcomeLabel, Counter>,
    lost: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

impl Counts {
    /// Registers them.
    pub(crate) fn register(&self, registry: &mut Registry) {
        // A rate needs a start at zero.
        for outcome in [Outcome::Succeeded, Outcome::Denied, Outcome::Failed] {
            drop(self.events(outcome));
        }
        registry.register(
            "callboard_audit_events",
            "Events that were recorded, by how what they tell of ended",
            self.events.clone(),
        );
        registry.register(
            "callboard_audit_lost",
            "Events that are in the log only, because they could not be stored",
            self.lost.clone(),
        );
    }

    pub(crate) fn recorded(&self, outcome: Outcome) {
        self.events(outcome).inc();
    }

    pub(crate) fn lost(&self, events: u64) {
        self.lost.inc_by(events);
    }

    /// How many events are in the log only.
    pub(crate) fn all_lost(&self) -> u64 {
        self.lost.get()
    }

    fn events(&self, outcome: Outcome) -> Counter {
        let outcome = outcome.as_str();
        self.events.get_or_create(&OutcomeLabel { outcome }).clone()
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;

    use super::*;

    #[test]
    fn events_are_counted_by_how_they_ended_and_so_are_lost_ones() {
        let (counts, mut registry) = (Counts::default(), Registry::default());
        counts.register(&mut registry);
        counts.recorded(Outcome::Denied);
        counts.lost(2);

        let mut text = String::new();
        encode(&mut text, &registry).unwrap();

        for line in [
            "callboard_audit_events_total{outcome=\"denied\"} 1",
            "callboard_audit_events_total{outcome=\"failed\"} 0",
            "callboard_audit_lost_total 2",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }
}
