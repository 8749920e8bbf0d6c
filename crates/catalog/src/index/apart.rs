//! Documents read without holding the index.
//!
//! Of values that hardly two documents share only the documents know the texts, and reading them all takes seconds
//! in a large catalog. So their handles are taken a slice at a time, and read after letting go.

use std::sync::{Arc, PoisonError};

use callboard_model::{Error, Result};
use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::column::Column;
use super::documents::Documents;
use super::flatten::Rows;
use super::memory::Index;
use super::packing::Json;
use super::shared::SharedIndex;

/// Documents whose handles are taken under one lock.
const SLICE: usize = if cfg!(any(test, fuzzing)) { 2 } else { 1_000 };
/// Documents that are read while the index is held.
const FEW: u64 = if cfg!(any(test, fuzzing)) { 1 } else { 64 };
/// How often what changed meanwhile is read once more, before the rest is read while the index is held.
const ROUNDS: usize = 4;

impl SharedIndex {
    /// Does something long beside the requests of others. Few do at once, because it takes all cores.
    pub(crate) async fn apart<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T> {
        let failed =
            |error| Error::internal("reading-documents", "reading all documents").source(error);
        // Held until the work is done, also when nobody waits for it any more.
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let index = Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&index)
        });
        work.await.map_err(failed)
    }

    /// Reads documents anew, on all cores and without holding the index meanwhile, in the order of their numbers.
    /// `whom` says which, and is asked again when something changed, so that each is one of them when it is taken.
    pub(crate) fn read_apart<T: Send>(
        &self,
        whom: impl Fn(&Index) -> RoaringBitmap,
        read: impl Fn(&Rows) -> T + Sync,
        mut take: impl FnMut(u32, T),
    ) {
        let mut start = Some(0);
        let mut known = None;
        while let Some(from) = start {
            let index = self.read();
            let generation = index.generation();
            let documents = known
                .filter(|(of, _)| *of == generation)
                .map_or_else(|| whom(&index), |(_, documents)| documents);
            let ids: Vec<u32> = documents.range(from..).take(SLICE).collect();
            let handles = ids.iter().filter_map(|id| Some((*id, index.json(*id)?)));
            let handles: Vec<(u32, Json)> = handles.collect();
            drop(index);
            let read = |(id, json): (u32, Json)| Some((id, read(&rows(json)?)));
            let slice: Vec<(u32, T)> = handles.into_par_iter().filter_map(read).collect();
            for (id, read) in slice {
                take(id, read);
            }
            #[cfg(test)]
            self.pause();
            start = ids.last().and_then(|last| last.checked_add(1));
            known = Some((generation, documents));
        }
    }

    /// Makes the column of a key whose texts only the documents know, unless it is there.
    pub(crate) fn gather(&self, key: &str) {
        let _alone = self
            .gathering
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let index = self.read();
        if !index.lacks_column(key) {
            return;
        }
        let mut having = RoaringBitmap::new();
        index.add_having(key, &mut having);
        index.columns().watch(key);
        drop(index);
        let mut column = Column::default();
        self.read_into(&mut column, key, having);
        for _ in 0..ROUNDS {
            let index = self.read();
            let changed = index.columns().changed(key);
            if changed.len() <= FEW {
                return index.install(key, column, &changed);
            }
            drop(index);
            self.read_into(&mut column, key, changed);
        }
        let index = self.read();
        let changed = index.columns().changed(key);
        index.install(key, column, &changed);
    }

    /// Gives documents the values that they have now in a column that is not in use yet.
    fn read_into(&self, column: &mut Column, key: &str, ids: RoaringBitmap) {
        // Nobody has sorted by it, so that no reference is asked for.
        let nobody = Documents::default();
        for id in &ids {
            column.remove(id, &nobody);
        }
        self.read_apart(
            |_| ids.clone(),
            |rows| values(rows, key),
            |id, values| column.insert(id, values.iter().map(String::as_str), &nobody),
        );
    }
}

impl Index {
    /// Whether the values of a lower-cased key are in the documents only.
    pub(crate) fn lacks_column(&self, key: &str) -> bool {
        self.is_hashed(key) && !self.columns().contains(key)
    }

    /// Whether sorting by a lower-cased key, or looking into its texts, needs a column that is made of documents.
    pub(crate) fn is_hashed(&self, key: &str) -> bool {
        self.field(key).is_some_and(|field| !field.has_texts())
    }

    /// Takes over a column in which the values of `changed` may be old.
    fn install(&self, key: &str, mut column: Column, changed: &RoaringBitmap) {
        for id in changed {
            column.remove(id, self.documents());
            if let Some(rows) = self.json(id).and_then(rows) {
                column.insert(id, rows.values(key), self.documents());
            }
        }
        self.columns().install(key, column);
    }
}

fn rows(json: Json) -> Option<Rows> {
    Rows::of(&json.bytes_of_many()).ok()
}

fn values(rows: &Rows, key: &str) -> Vec<String> {
    rows.values(key).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
