//! The sort orders that are in use.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::column::Column;
use super::field::Field;

/// Each costs about 40 bytes an entity; pages sort by a handful of fields.
const MOST: usize = 8;

/// Columns, made when first asked for and dropped when others are asked for more recently.
#[derive(Debug, Default)]
pub(super) struct Columns {
    built: RwLock<HashMap<Box<str>, Kept>>,
    uses: AtomicU64,
}

#[derive(Debug)]
struct Kept {
    column: Arc<Column>,
    last_use: AtomicU64,
}

impl Columns {
    /// The column of `key`, made from `field` if it is not there.
    pub(super) fn get_or_build(&self, key: &str, field: &Field) -> Option<Arc<Column>> {
        let now = self.uses.fetch_add(1, Ordering::Relaxed);
        let built = self.built.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = built.get(key) {
            kept.last_use.store(now, Ordering::Relaxed);
            return Some(Arc::clone(&kept.column));
        }
        drop(built);
        let column = Arc::new(Column::of(field));
        let mut built = self.built.write().unwrap_or_else(PoisonError::into_inner);
        if built.len() >= MOST {
            let oldest = built
                .iter()
                .min_by_key(|(_, kept)| kept.last_use.load(Ordering::Relaxed));
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                built.remove(&oldest);
            }
        }
        let kept = Kept {
            column: Arc::clone(&column),
            last_use: AtomicU64::new(now),
        };
        built.insert(key.into(), kept);
        Some(column)
    }

    /// Changes every column. Nobody reads them meanwhile: who changes the index has it alone.
    pub(super) fn each(&mut self, mut change: impl FnMut(&str, &mut Column)) {
        let built = self.built.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (key, kept) in built {
            change(key, Arc::make_mut(&mut kept.column));
        }
    }
}
