//! `catalog.processingInterval` of the configuration.

use std::borrow::Cow;
use std::time::Duration;

use callboard_model::duration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;

/// How often to look at what nothing watches, or that this process only answers reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessingInterval {
    /// `false`: other processes on the same database do the work.
    Never,
    /// This long, to half as long again.
    Every(Duration),
}

impl<'de> Deserialize<'de> for ProcessingInterval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(false) => Ok(Self::Never),
            Value::Bool(true) => Err(D::Error::custom(
                "`true` says nothing: write how often, such as `{ minutes: 2 }`, or `false` for never",
            )),
            value => duration::parse(&value)
                .map(Self::Every)
                .map_err(D::Error::custom),
        }
    }
}

impl JsonSchema for ProcessingInterval {
    fn schema_name() -> Cow<'static, str> {
        "ProcessingInterval".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "How often addresses of the web are looked at again, such as `{ minutes: 2 }`; `false` when this process only answers reads.",
            "anyOf": [
                { "const": false },
                { "type": "string", "examples": ["PT2M", "2m"] },
                { "type": "object", "minProperties": 1 },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_a_duration_or_false() {
        let read = |value| serde_json::from_value::<ProcessingInterval>(value);
        let minutes = Duration::from_secs(120);
        assert_eq!(
            read(json!({ "minutes": 2 })).unwrap(),
            ProcessingInterval::Every(minutes)
        );
        assert_eq!(
            read(json!("PT2M")).unwrap(),
            ProcessingInterval::Every(minutes)
        );
        assert_eq!(read(json!(false)).unwrap(), ProcessingInterval::Never);
        for wrong in [json!(true), json!("soon"), json!(5), json!(null)] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
