//! Secrets that the portal makes up: they are shown once, and only their hashes are kept.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use callboard_model::{Error, Result};

/// A text of 256 random bits that nobody can guess.
#[derive(Clone)]
pub(crate) struct RandomToken(String);

impl RandomToken {
    /// A new one, which begins with `prefix`.
    pub(crate) fn new(prefix: &str) -> Result<Self> {
        let mut bytes = [0_u8; 32];
        rand::fill(&mut bytes).map_err(|_| {
            Error::internal("randomness", "the system gave no random bytes for a secret")
        })?;
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// The text itself, to be shown once.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> String {
        hash(&self.0)
    }
}

impl fmt::Debug for RandomToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RandomToken(…)")
    }
}

/// What is kept of a secret that has enough randomness by itself: its SHA-256, in base64.
pub(crate) fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_alike_and_none_is_printed() {
        let [one, other] = [(); 2].map(|()| RandomToken::new("cb_").unwrap());

        assert_ne!(one.expose(), other.expose());
        assert!(one.expose().starts_with("cb_") && one.expose().len() == 46);
        assert_eq!(one.hash(), hash(one.expose()));
        assert!(!format!("{one:?}").contains(one.expose()));
    }
}
