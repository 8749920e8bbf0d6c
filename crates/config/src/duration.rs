//! A length of time in any of the notations that configuration files use.

use std::borrow::Cow;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value;

/// A length of time, written as `{ hours: 1 }`, `PT1H` or `1h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(std::time::Duration);

impl Duration {
    /// This many whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(std::time::Duration::from_secs(seconds))
    }

    /// This many milliseconds.
    pub const fn from_millis(milliseconds: u64) -> Self {
        Self(std::time::Duration::from_millis(milliseconds))
    }

    /// The duration as the standard library has it.
    pub const fn get(self) -> std::time::Duration {
        self.0
    }
}

impl Deref for Duration {
    type Target = std::time::Duration;

    fn deref(&self) -> &std::time::Duration {
        &self.0
    }
}

impl From<std::time::Duration> for Duration {
    fn from(duration: std::time::Duration) -> Self {
        Self(duration)
    }
}

impl From<Duration> for std::time::Duration {
    fn from(duration: Duration) -> Self {
        duration.0
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        callboard_model::duration::parse(&value)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

impl Serialize for Duration {
    /// As `PT1.5S`, which reads back as the same duration.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (seconds, milliseconds) = (self.0.as_secs(), self.0.subsec_millis());
        if milliseconds == 0 {
            serializer.serialize_str(&format!("PT{seconds}S"))
        } else {
            serializer.serialize_str(&format!("PT{seconds}.{milliseconds:03}S"))
        }
    }
}

impl JsonSchema for Duration {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let parts = [
            "years",
            "months",
            "weeks",
            "days",
            "hours",
            "minutes",
            "seconds",
            "milliseconds",
        ];
        let properties: serde_json::Map<String, Value> = parts
            .into_iter()
            .map(|part| {
                (
                    part.to_owned(),
                    serde_json::json!({ "type": "number", "minimum": 0 }),
                )
            })
            .collect();
        json_schema!({
            "description": "A length of time, written as `{ hours: 1 }`, `PT1H` or `1h`.",
            "anyOf": [
                { "type": "string", "examples": ["PT1H", "1h", "30 seconds"] },
                { "type": "object", "properties": properties, "additionalProperties": false, "minProperties": 1 },
            ],
        })
    }
}
