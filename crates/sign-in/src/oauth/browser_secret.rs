//! What ties an attempt to sign in to one browser.

use std::fmt;

use aws_lc_rs::{constant_time, hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callboard_model::{Error, Result};

/// 256 random bits in a cookie that no script can read.
#[derive(Clone)]
pub(crate) struct BrowserSecret(String);

impl BrowserSecret {
    /// A new one.
    pub(crate) fn new() -> Result<Self> {
        let mut bytes = [0_u8; 32];
        rand::fill(&mut bytes).map_err(|_| {
            Error::internal("randomness", "the system gave no random bytes for a secret")
        })?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The one that a browser showed.
    pub(crate) fn of_cookie(value: String) -> Self {
        Self(value)
    }

    /// What is written into the cookie.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What only somebody who knows the secret can make of a text.
    pub(crate) fn sign(&self, text: &str) -> String {
        self.derived("state", text)
    }

    /// What is shown with the code, so that nobody else can use it (PKCE).
    pub(crate) fn verifier(&self) -> String {
        self.derived("verifier", "")
    }

    /// What the provider writes into the identity token.
    pub(crate) fn nonce(&self) -> String {
        self.derived("nonce", "")
    }

    fn derived(&self, purpose: &str, text: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        let tag = hmac::sign(&key, format!("{purpose}\n{text}").as_bytes());
        URL_SAFE_NO_PAD.encode(tag.as_ref())
    }
}

impl fmt::Debug for BrowserSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserSecret(…)")
    }
}

/// Whether two texts are alike, in a time that does not tell where they differ.
pub(crate) fn constant_time_eq(one: &str, other: &str) -> bool {
    constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_derived_differs_by_purpose_and_secret_and_hides_the_secret() {
        let (one, other) = (BrowserSecret::new().unwrap(), BrowserSecret::new().unwrap());

        let all = [
            one.verifier(),
            one.nonce(),
            one.sign(""),
            other.verifier(),
            other.nonce(),
        ];

        for (at, text) in all.iter().enumerate() {
            assert!(
                (43..=128).contains(&text.len()),
                "a verifier has 43 to 128 characters"
            );
            assert!(!all[..at].contains(text));
            assert_ne!(text, one.expose());
        }
        assert_eq!(
            one.verifier(),
            BrowserSecret::of_cookie(one.expose().to_owned()).verifier()
        );
        assert_eq!(format!("{one:?}"), "BrowserSecret(…)");
    }
}
