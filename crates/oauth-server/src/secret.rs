//! Secrets that are made up here: they are shown once, and only their hashes are kept.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::{constant_time, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callboard_config::Secret;
use callboard_model::{Error, Result};

/// A text of 256 random bits.
pub(crate) fn random() -> Result<Secret> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).map_err(|_| {
        Error::internal("randomness", "the system gave no random bytes for a secret")
    })?;
    Ok(Secret::from(URL_SAFE_NO_PAD.encode(bytes)))
}

/// The SHA-256 of a text, in base64: what is kept of a secret, and what PKCE compares.
pub(crate) fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// Whether two texts are the same. How long that takes tells nothing about them.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|text| digest(&SHA256, text.as_bytes()));
    constant_time::verify_slices_are_equal(one.as_ref(), other.as_ref()).is_ok()
}
