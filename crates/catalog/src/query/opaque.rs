//! JSON that clients carry from one request to the next as base64, without looking inside.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use callboard_model::{Error, Result, shortened};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Longer texts are not ours. A filter that fills an address, 64 KiB, comes to twice as much as the JSON of a cursor,
/// and that to a third more as base64.
const LONGEST: usize = 256 * 1024;
/// The most characters of a reason: it may quote the text.
const LONGEST_REASON: usize = 200;

/// Other encoders leave the padding out, so that is read too.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The text for `value`.
pub(crate) fn print(value: &impl Serialize) -> Result<String> {
    let json = serde_json::to_vec(value).map_err(|error| {
        Error::internal("unprintable-cursor", "printing a cursor").source(error)
    })?;
    Ok(BASE64.encode(json))
}

/// Reads such a text, which may have been changed on its way.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    if text.is_empty() {
        return Err(malformed("it is empty"));
    }
    if text.len() > LONGEST {
        return Err(malformed(&format!(
            "it has {} bytes, and none of ours has more than {LONGEST}",
            text.len()
        )));
    }
    // The address-safe alphabet, and a `+` that was sent without being escaped.
    let text = text.replace(['-', ' '], "+").replace('_', "/");
    let json = BASE64
        .decode(text)
        .map_err(|_| malformed("it is not base64"))?;
    // A struct can be read from a list as well, which none of ours is.
    if !json.starts_with(b"{") {
        return Err(malformed("it holds no object"));
    }
    serde_json::from_slice(&json).map_err(|error| malformed(&error.to_string()))
}

/// The refusal of a text that does not lead anywhere.
pub(crate) fn malformed(why: &str) -> Error {
    let why = shortened(why, LONGEST_REASON);
    Error::invalid("malformed-cursor", format!("malformed cursor: {why}"))
        .hint("use the cursor of an earlier answer unchanged, or start again without one")
}
