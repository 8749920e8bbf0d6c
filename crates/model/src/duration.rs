//! Lengths of time as configuration writes them (FEATURES CFG-10): `{ hours: 1, minutes: 30 }`,
//! `PT1H30M` or `1h30m`.

use std::time::Duration;

use serde_json::{Map, Value};
use thiserror::Error;

const DAY: f64 = 86_400.0;

/// A unit: its name in a mapping, its short forms, and its seconds.
struct Unit {
    name: &'static str,
    short: &'static [&'static str],
    seconds: f64,
}

/// A month is 30 days and a year 365, as they are in the configuration of other portals.
const UNITS: [Unit; 8] = [
    Unit {
        name: "years",
        short: &["y", "yr", "yrs", "year"],
        seconds: 365.0 * DAY,
    },
    Unit {
        name: "months",
        short: &["mo", "month"],
        seconds: 30.0 * DAY,
    },
    Unit {
        name: "weeks",
        short: &["w", "week"],
        seconds: 7.0 * DAY,
    },
    Unit {
        name: "days",
        short: &["d", "day"],
        seconds: DAY,
    },
    Unit {
        name: "hours",
        short: &["h", "hr", "hrs", "hour"],
        seconds: 3_600.0,
    },
    Unit {
        name: "minutes",
        short: &["m", "min", "mins", "minute"],
        seconds: 60.0,
    },
    Unit {
        name: "seconds",
        short: &["s", "sec", "secs", "second"],
        seconds: 1.0,
    },
    Unit {
        name: "milliseconds",
        short: &["ms", "msec", "msecs", "millisecond"],
        seconds: 0.001,
    },
];

/// What ISO 8601 writes before the `T`, and after it.
const ISO_DATE: [(char, &str); 4] = [
    ('Y', "years"),
    ('M', "months"),
    ('W', "weeks"),
    ('D', "days"),
];
const ISO_TIME: [(char, &str); 3] = [('H', "hours"), ('M', "minutes"), ('S', "seconds")];

/// Why a value is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidDuration {
    /// A number without a unit.
    #[error("`{0}` is a number without a unit; write a unit after it, such as `{0}s` or `{0}m`")]
    NoUnit(String),
    /// A text in none of the notations.
    #[error("`{0}` is not a duration; expected such as `30s`, `1h30m`, `2 days` or `PT1H30M`")]
    Text(String),
    /// A text that begins with `P` and is not ISO 8601.
    #[error(
        "`{0}` is not an ISO 8601 duration; expected such as `PT1M` (1 minute) or `P2DT6H` (2 days and 6 hours)"
    )]
    Iso(String),
    /// Less than no time.
    #[error("`{0}` is negative, and a duration is not")]
    Negative(String),
    /// More than can be counted.
    #[error("`{0}` is longer than can be counted")]
    TooLong(String),
    /// A mapping with another key.
    #[error("`{0}` is not a unit of time; expected one or more of {units}", units = unit_names())]
    UnknownUnit(String),
    /// A mapping whose value is no number.
    #[error("`{unit}` must be a number, but it is `{found}`")]
    NotANumber {
        /// The unit.
        unit: String,
        /// What it is set to.
        found: String,
    },
    /// A mapping without keys.
    #[error("the duration is empty; expected one or more of {units}", units = unit_names())]
    Empty,
    /// Neither text nor mapping.
    #[error(
        "`{0}` is not a duration; expected a text such as `30s` or a mapping such as `{{ seconds: 30 }}`"
    )]
    Type(String),
}

/// Reads `{ hours: 1 }`, `PT1H` or `1h`.
pub fn parse(value: &Value) -> Result<Duration, InvalidDuration> {
    match value {
        Value::String(text) => parse_text(text.trim()),
        Value::Object(parts) => parse_mapping(parts),
        Value::Number(number) => Err(InvalidDuration::NoUnit(number.to_string())),
        other => Err(InvalidDuration::Type(other.to_string())),
    }
}

/// Reads `PT1H` or `1h`.
pub fn parse_text(text: &str) -> Result<Duration, InvalidDuration> {
    if text.parse::<f64>().is_ok() {
        return Err(InvalidDuration::NoUnit(text.to_owned()));
    }
    let seconds = if text.starts_with('P') || text.starts_with("-P") {
        iso(text).ok_or_else(|| InvalidDuration::Iso(text.to_owned()))?
    } else {
        short(text).ok_or_else(|| InvalidDuration::Text(text.to_owned()))?
    };
    from_seconds(seconds, text)
}

fn from_seconds(seconds: f64, shown: &str) -> Result<Duration, InvalidDuration> {
    if seconds < 0.0 {
        return Err(InvalidDuration::Negative(shown.to_owned()));
    }
    // Whole microseconds keep `0.1s` from becoming 100.000001 ms.
    Duration::try_from_secs_f64(seconds)
        .map(|exact| {
            Duration::from_micros(
                u64::try_from((exact.as_nanos() + 500) / 1_000).unwrap_or(u64::MAX),
            )
        })
        .map_err(|_| InvalidDuration::TooLong(shown.to_owned()))
}

fn parse_mapping(parts: &Map<String, Value>) -> Result<Duration, InvalidDuration> {
    if parts.is_empty() {
        return Err(InvalidDuration::Empty);
    }
    let mut seconds = 0.0;
    for (name, value) in parts {
        let unit = UNITS.iter().find(|unit| unit.name == name);
        let unit = unit.ok_or_else(|| InvalidDuration::UnknownUnit(name.clone()))?;
        seconds += unit.seconds * amount(name, value)?;
    }
    from_seconds(seconds, &Value::Object(parts.clone()).to_string())
}

/// A number, or a text that is one: values from the environment are texts.
fn amount(unit: &str, value: &Value) -> Result<f64, InvalidDuration> {
    let number = match value {
        Value::String(text) => decimal(text.trim()),
        other => other.as_f64(),
    };
    number.ok_or_else(|| InvalidDuration::NotANumber {
        unit: unit.to_owned(),
        found: value.to_string(),
    })
}

/// `1h`, `1.5 hours`, `1h 30m`.
fn short(text: &str) -> Option<f64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut seconds = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start_matches(' ');
        let letters = after
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(after.len());
        let (name, after) = after.split_at(letters);
        seconds += decimal(number)? * unit_named(&name.to_ascii_lowercase())?.seconds;
        rest = after.trim_start_matches(' ');
    }
    Some(if negative { -seconds } else { seconds })
}

fn unit_named(name: &str) -> Option<&'static Unit> {
    UNITS
        .iter()
        .find(|unit| unit.name == name || unit.short.contains(&name))
}

/// `P1DT2H`.
fn iso(text: &str) -> Option<f64> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let seconds = iso_parts(date, &ISO_DATE)? + iso_parts(time, &ISO_TIME)?;
    Some(if negative { -seconds } else { seconds })
}

/// Numbers with their letters, in the order of `letters`, each at most once.
fn iso_parts(mut text: &str, letters: &[(char, &str)]) -> Option<f64> {
    let mut letters = letters.iter();
    let mut seconds = 0.0;
    while !text.is_empty() {
        let end = text.find(|c: char| c.is_ascii_alphabetic())?;
        let letter = text[end..].chars().next()?;
        let (_, name) = letters.find(|(own, _)| *own == letter)?;
        let (number, sign) = match text[..end].strip_prefix('-') {
            Some(number) => (number, -1.0),
            None => (&text[..end], 1.0),
        };
        seconds += sign * decimal(&number.replace(',', "."))? * unit_named(name)?.seconds;
        text = &text[end + 1..];
    }
    Some(seconds)
}

/// Digits with at most one `.`: no sign, exponent, infinity or NaN.
fn decimal(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    (plain && text.ends_with(|c: char| c.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn unit_names() -> String {
    UNITS.map(|unit| format!("`{}`", unit.name)).join(", ")
}

#[cfg(test)]
mod tests;
