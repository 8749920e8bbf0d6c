//! What a scalar means: the YAML 1.2 core schema, as JavaScript's `yaml` reads it.

use granit_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// Where JavaScript begins to print numbers with an exponent.
const LARGEST_PLAIN: f64 = 1e21;

/// A scalar's meaning, before JSON takes infinities away.
#[derive(Debug, PartialEq)]
pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(&'a str),
}

impl<'a> Scalar<'a> {
    /// What `text` means, written in `style` and marked with `tag`.
    ///
    /// A tag that does not fit its text, and a tag that nobody knows, leave a string.
    pub(super) fn read(text: &'a str, style: ScalarStyle, tag: Option<&Tag>) -> Self {
        match tag {
            None if style == ScalarStyle::Plain => core(text),
            None => Self::Text(text),
            Some(tag) => Self::tagged(text, tag.core_suffix().unwrap_or_default()),
        }
    }

    fn tagged(text: &'a str, tag: &str) -> Self {
        let scalar = core(text);
        let fits = match &scalar {
            Self::Null => tag == "null",
            Self::Bool(_) => tag == "bool",
            Self::Number(_) => tag == if is_whole(text) { "int" } else { "float" },
            Self::Text(_) => true,
        };
        if fits { scalar } else { Self::Text(text) }
    }

    /// The JSON value; infinities and NaN become null, as JavaScript writes them to JSON.
    pub(super) fn value(&self) -> Value {
        match *self {
            Self::Null => Value::Null,
            Self::Bool(bool) => Value::Bool(bool),
            Self::Number(number) => Value::from(json_number(number)),
            Self::Text(text) => Value::from(text),
        }
    }

    /// How a mapping's key of this meaning is spelled.
    pub(super) fn key(&self) -> String {
        match *self {
            Self::Null => String::new(),
            Self::Bool(bool) => bool.to_string(),
            Self::Number(number) => number_text(number),
            Self::Text(text) => text.to_owned(),
        }
    }
}

fn json_number(number: f64) -> Option<Number> {
    let whole = number.fract() == 0.0 && number.abs() < LARGEST_PLAIN;
    let digits = if whole {
        number_text(number)
    } else {
        String::new()
    };
    match (digits.parse::<i64>(), digits.parse::<u64>()) {
        (Ok(whole), _) => Some(whole.into()),
        (_, Ok(whole)) => Some(whole.into()),
        _ => Number::from_f64(number),
    }
}

/// The number as JavaScript prints it.
pub(super) fn number_text(number: f64) -> String {
    let size = number.abs();
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned()
    } else if number == 0.0 {
        "0".to_owned()
    } else if !(1e-6..LARGEST_PLAIN).contains(&size) {
        let text = format!("{number:e}");
        if size >= 1.0 {
            text.replace('e', "e+")
        } else {
            text
        }
    } else if number.fract() == 0.0 {
        whole_text(number)
    } else {
        number.to_string()
    }
}

/// The shortest digits that mean the number, filled up with zeros.
fn whole_text(number: f64) -> String {
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let zeros = exponent
        .parse::<usize>()
        .unwrap_or_default()
        .saturating_sub(fraction.len());
    format!("{whole}{fraction}{}", "0".repeat(zeros))
}

fn core(text: &str) -> Scalar<'_> {
    let Some(first) = text.bytes().next() else {
        return Scalar::Null;
    };
    match first {
        b'~' | b'n' | b'N' if matches!(text, "~" | "null" | "Null" | "NULL") => Scalar::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Scalar::Bool(true),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Scalar::Bool(false),
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text).map_or(Scalar::Text(text), Scalar::Number),
        _ => Scalar::Text(text),
    }
}

fn number(text: &str) -> Option<f64> {
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            return Some(if text.starts_with('-') {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            });
        }
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Some(f64::NAN),
        _ => {}
    }
    is_decimal(unsigned).then(|| text.parse().ok()).flatten()
}

/// Whether a number is written without a fraction or an exponent.
fn is_whole(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    text.starts_with("0o")
        || text.starts_with("0x")
        || unsigned.bytes().all(|byte| byte.is_ascii_digit())
}

fn radix(digits: &str, radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0.0, |sum, digit| {
        Some(sum * f64::from(radix) + f64::from(digit.to_digit(radix)?))
    })
}

/// Digits with at most one `.` and at least one digit, then perhaps an exponent.
fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    (!whole.is_empty() || !fraction.is_empty())
        && digits(whole)
        && digits(fraction)
        && exponent_fits
}
