//! Who has a text that was looked for before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use memchr::memmem;
use roaring::RoaringBitmap;

/// People look for the same few texts again and again, and each costs a bit an entity.
const MOST: usize = if cfg!(any(test, fuzzing)) { 2 } else { 24 };

/// What was looked for, newest last, and who has it. Kept in step with every change.
#[derive(Debug, Default)]
pub(super) struct Found(Mutex<Vec<(Box<str>, Arc<RoaringBitmap>)>>);

impl Found {
    /// The answer that is kept, or the one that `search` gives.
    pub(super) fn get_or_search(
        &self,
        text: &str,
        search: impl FnOnce() -> RoaringBitmap,
    ) -> Arc<RoaringBitmap> {
        if let Some(found) = self.renew(text) {
            return found;
        }
        let found = Arc::new(search());
        let mut kept = self.lock();
        if kept.iter().all(|(other, _)| **other != *text) {
            if kept.len() >= MOST {
                kept.remove(0);
            }
            kept.push((text.into(), Arc::clone(&found)));
        }
        found
    }

    fn renew(&self, text: &str) -> Option<Arc<RoaringBitmap>> {
        let mut kept = self.lock();
        let place = kept.iter().position(|(other, _)| **other == *text)?;
        kept[place..].rotate_left(1);
        kept.last().map(|(_, found)| Arc::clone(found))
    }

    /// Brings every answer up to date with the values that a document has now.
    pub(super) fn update(&mut self, id: u32, values: &[&str]) {
        let kept = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (text, found) in kept {
            let has = |value: &&str| memmem::find(value.as_bytes(), text.as_bytes()).is_some();
            let is_found = values.iter().any(has);
            if is_found != found.contains(id) {
                let found = Arc::make_mut(found);
                if is_found {
                    found.insert(id);
                } else {
                    found.remove(id);
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Box<str>, Arc<RoaringBitmap>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
