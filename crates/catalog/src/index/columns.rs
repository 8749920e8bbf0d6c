//! The sort orders that are in use.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use roaring::RoaringBitmap;

use super::column::Column;
use super::documents::Documents;
use super::flatten::Rows;

/// Each costs about 40 bytes an entity; pages sort by a handful of fields.
pub(crate) const MOST: usize = 8;
/// What pages sort by and look into most: always there, because the texts of values that hardly two documents
/// share are nowhere else.
const STANDING: [&str; 2] = ["metadata.name", "metadata.title"];

/// Columns, made when first asked for and dropped when others are asked for more recently.
#[derive(Debug)]
pub(super) struct Columns {
    standing: [Column; STANDING.len()],
    built: RwLock<HashMap<Box<str>, Kept>>,
    uses: AtomicU64,
    /// Keys of which a column is being made, and whose values have changed meanwhile.
    watched: Mutex<HashMap<Box<str>, RoaringBitmap>>,
}

/// A column for as long as somebody reads the index.
#[derive(Clone, Debug)]
pub(crate) enum ColumnRef<'a> {
    /// One that is always there.
    Standing(&'a Column),
    /// One that was made when it was asked for.
    Built(Arc<Column>),
}

impl Deref for ColumnRef<'_> {
    type Target = Column;

    fn deref(&self) -> &Column {
        match self {
            Self::Standing(column) => column,
            Self::Built(column) => column,
        }
    }
}

impl Default for ColumnRef<'_> {
    fn default() -> Self {
        Self::Built(Arc::default())
    }
}

#[derive(Debug)]
struct Kept {
    column: Arc<Column>,
    last_use: AtomicU64,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            standing: STANDING.map(|_| Column::default()),
            built: RwLock::default(),
            uses: AtomicU64::default(),
            watched: Mutex::default(),
        }
    }
}

impl Columns {
    /// The column of `key`, made by `build` if it is not there.
    pub(super) fn get_or_build(&self, key: &str, build: impl FnOnce() -> Column) -> ColumnRef<'_> {
        if let Some(place) = STANDING.iter().position(|standing| *standing == key) {
            return ColumnRef::Standing(&self.standing[place]);
        }
        let now = self.uses.fetch_add(1, Ordering::Relaxed);
        let built = self.built.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = built.get(key) {
            kept.last_use.store(now, Ordering::Relaxed);
            return ColumnRef::Built(Arc::clone(&kept.column));
        }
        drop(built);
        ColumnRef::Built(self.keep(key, build()))
    }

    /// Whether the column of `key` is there.
    pub(super) fn contains(&self, key: &str) -> bool {
        let built = self.built.read().unwrap_or_else(PoisonError::into_inner);
        STANDING.contains(&key) || built.contains_key(key)
    }

    /// Remembers from now on whose values of `key` change, until its column is there.
    pub(super) fn watch(&self, key: &str) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.insert(key.into(), RoaringBitmap::new());
    }

    /// Whose values of a watched key have changed since this was last asked.
    pub(super) fn changed(&self, key: &str) -> RoaringBitmap {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.get_mut(key).map(std::mem::take).unwrap_or_default()
    }

    /// Keeps the column of a watched key.
    pub(super) fn install(&self, key: &str, column: Column) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.remove(key);
        drop(watched);
        self.keep(key, column);
    }

    fn keep(&self, key: &str, column: Column) -> Arc<Column> {
        let column = Arc::new(column);
        let now = self.uses.fetch_add(1, Ordering::Relaxed);
        let mut built = self.built.write().unwrap_or_else(PoisonError::into_inner);
        if built.len() >= MOST && !built.contains_key(key) {
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
        column
    }

    /// A document is about to change from what `former` has to what `next` has.
    pub(super) fn change(
        &mut self,
        id: u32,
        former: Option<&Rows>,
        next: Option<&Rows>,
        documents: &Documents,
    ) {
        let has_changed = |key: &str| {
            let has_new = |rows: Option<&Rows>| rows.is_some_and(|rows| rows.has_new(key));
            has_new(former) || has_new(next)
        };
        let watched = self
            .watched
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        for (key, changed) in watched {
            if has_changed(key) {
                changed.insert(id);
            }
        }
        let change = |key: &str, column: &mut Column| {
            column.remove(id, documents);
            if let Some(next) = next {
                column.insert(id, next.values(key), documents);
            }
        };
        for (key, column) in STANDING.iter().zip(&mut self.standing) {
            if has_changed(key) {
                change(key, column);
            }
        }
        let built = self.built.get_mut().unwrap_or_else(PoisonError::into_inner);
        built.retain(|key, kept| {
            if has_changed(key) {
                // Whoever still holds it reads it no more: it would hold the index too.
                let column = Arc::get_mut(&mut kept.column);
                column.map(|column| change(key, column)).is_some()
            } else {
                true
            }
        });
    }

    /// The texts of a field are no longer what a column was made of.
    pub(super) fn forget(&mut self, key: &str) {
        let built = self.built.get_mut().unwrap_or_else(PoisonError::into_inner);
        built.remove(key);
    }
}
