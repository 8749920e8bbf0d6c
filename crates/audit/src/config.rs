//! The `audit` section of the configuration.

use std::num::NonZeroU32;

use callboard_config::Duration;
use schemars::JsonSchema;
use serde::Deserialize;

/// How much of what happened is kept in the table. The log has all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditConfig {
    /// How long an event is kept. 90 days when left out.
    pub retention: Duration,
    /// The most events that are kept; the oldest go first. 1,000,000 when left out.
    pub max_events: NonZeroU32,
}

const DAY: u64 = 24 * 60 * 60;
const MOST: NonZeroU32 = NonZeroU32::new(1_000_000).expect("a million is not zero");

impl Default for AuditConfig {
    fn default() -> Self {
        Self {
            retention: Duration::from_secs(90 * DAY),
            max_events: MOST,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_kept_for_ninety_days_unless_told_otherwise() {
        let week: AuditConfig = serde_json::from_value(json!({ "retention": "7d" })).unwrap();

        assert_eq!(AuditConfig::default().retention.as_secs(), 90 * DAY);
        assert_eq!(week.retention.as_secs(), 7 * DAY);
        assert_eq!(week.max_events, MOST);
        assert!(serde_json::from_value::<AuditConfig>(json!({ "maxEvents": 0 })).is_err());
    }
}
