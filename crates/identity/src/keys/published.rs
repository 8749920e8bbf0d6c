//! Public keys, as they were last seen.

use std::collections::HashMap;
use std::sync::Arc;

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::Jwk;

#[derive(Default)]
pub(super) struct Published {
    keys: HashMap<String, Key>,
    looked_at: u64,
}

struct Key {
    jwk: Jwk,
    decoding: Arc<DecodingKey>,
    made_at: u64,
}

impl Published {
    /// The key with this id, if it was made after `since`.
    pub(super) fn find(&self, id: &str, since: u64) -> Option<Arc<DecodingKey>> {
        let key = self.keys.get(id).filter(|key| key.made_at > since)?;
        Some(Arc::clone(&key.decoding))
    }

    /// All that were made after `since`, the oldest first.
    pub(super) fn all(&self, since: u64) -> Vec<Jwk> {
        let mut keys: Vec<&Key> = self
            .keys
            .values()
            .filter(|key| key.made_at > since)
            .collect();
        keys.sort_by(|a, b| {
            let id = |key: &Key| key.jwk.common.key_id.clone();
            (a.made_at, id(a)).cmp(&(b.made_at, id(b)))
        });
        keys.into_iter().map(|key| key.jwk.clone()).collect()
    }

    /// Adds a key; one that cannot be used is left out.
    pub(super) fn add(&mut self, id: &str, jwk: Jwk, made_at: u64) {
        match DecodingKey::from_jwk(&jwk) {
            Ok(decoding) => {
                let decoding = Arc::new(decoding);
                let key = Key {
                    jwk,
                    decoding,
                    made_at,
                };
                self.keys.insert(id.to_owned(), key);
            }
            Err(error) => {
                tracing::warn!(key = id, %error, "a published key cannot be used and is left out");
            }
        }
    }

    /// Whether it is time to look again; whoever is told so looks.
    pub(super) fn may_look(&mut self, now: u64, between: u64) -> bool {
        let may = now >= self.looked_at.saturating_add(between);
        if may {
            self.looked_at = now;
        }
        may
    }

    /// Somebody looked: what was made before `since` is over.
    pub(super) fn looked(&mut self, now: u64, since: u64) {
        self.looked_at = now;
        self.keys.retain(|_, key| key.made_at > since);
    }
}

impl std::fmt::Debug for Published {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.keys.keys()).finish()
    }
}
