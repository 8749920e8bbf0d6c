//! How much of the history is kept.

use callboard_config::Duration;
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// `catalog.history`: `false`, `true`, or how much is kept.
#[derive(Clone, Copy, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum HistoryConfig {
    /// Whether changes are remembered at all.
    Switch(bool),
    /// How much is kept.
    Kept(Retention),
}

/// How much of the history is kept.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Retention {
    /// How long a change is remembered. 90 days when left out.
    pub retention: Duration,
    /// The most changes that are remembered; the oldest go first. 500,000 when left out.
    pub max_events: u32,
}

const DAY: u64 = 24 * 60 * 60;

impl Default for Retention {
    fn default() -> Self {
        Self {
            retention: Duration::from_secs(90 * DAY),
            max_events: 500_000,
        }
    }
}

impl Default for HistoryConfig {
    fn default() -> Self {
        Self::Switch(true)
    }
}

impl<'de> Deserialize<'de> for HistoryConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(on) => Ok(Self::Switch(on)),
            other => serde_json::from_value(other)
                .map(Self::Kept)
                .map_err(Error::custom),
        }
    }
}

impl HistoryConfig {
    /// Whether changes are recorded.
    pub(crate) fn is_on(self) -> bool {
        !matches!(self, Self::Switch(false))
    }

    /// How much is kept, also of what was recorded before it was switched off.
    pub(crate) fn retention(self) -> Retention {
        match self {
            Self::Switch(_) => Retention::default(),
            Self::Kept(retention) => retention,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> HistoryConfig {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn it_is_on_for_ninety_days_unless_told_otherwise() {
        let (default, week) = (HistoryConfig::default(), read(json!({ "retention": "7d" })));

        assert!(default.is_on() && week.is_on() && read(json!(true)).is_on());
        assert!(!read(json!(false)).is_on());
        assert_eq!(default.retention().retention.as_secs(), 90 * DAY);
        assert_eq!(week.retention().retention.as_secs(), 7 * DAY);
        assert_eq!(week.retention().max_events, 500_000);
    }
}
