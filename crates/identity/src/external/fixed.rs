//! A fixed text: `type: static`.

use std::fmt;

use async_trait::async_trait;

use super::{TokenCheck, word};
use crate::config::AccessOptions;
use crate::random_token::hash;

/// The shortest text, as in Backstage.
const SHORTEST: usize = 8;

pub(super) struct Fixed {
    /// Only the hash is kept, and hashes are compared: how much of a guess is right does not show in the time.
    hash: String,
    subject: String,
}

impl Fixed {
    pub(super) fn new(options: &AccessOptions) -> Result<Self, String> {
        let token = word("token", options.token.as_ref().map(|token| token.expose()))?;
        if token.len() < SHORTEST {
            return Err(format!(
                "`options.token` is shorter than {SHORTEST} characters"
            ));
        }
        Ok(Self {
            hash: hash(&token),
            subject: word("subject", options.subject.as_deref())?,
        })
    }
}

#[async_trait]
impl TokenCheck for Fixed {
    async fn subject(&self, token: &str) -> Option<String> {
        (hash(token) == self.hash).then(|| self.subject.clone())
    }
}

impl fmt::Debug for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fixed({})", self.subject)
    }
}
