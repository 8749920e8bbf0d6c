//! Takes work that no other process holds.

use std::collections::{HashMap, HashSet};

use callboard_db::{Dialect, Rows, Tx};
use callboard_model::Result;

use super::Engine;
use crate::sql::entities::{self, DueEntity};
use crate::sql::queue::{self, Request};

/// Entities in one transaction: large enough to be fast, small enough to be seen soon.
pub(super) const BATCH: usize = 1_000;
/// Requests looked at at once on a database that only this process works on.
const LOOK_AHEAD: i64 = 4_000;

/// Entities to be processed together.
pub(super) struct Batch {
    /// Holds them until their results are written, where other processes work on the database too. No source is
    /// waited for meanwhile.
    pub(super) tx: Option<Tx>,
    /// The requests that the batch answers.
    pub(super) requests: Vec<i64>,
    pub(super) due: Vec<DueEntity>,
}

impl Engine {
    /// The next batches. None when nothing is due, or others hold all that is.
    pub(super) async fn take(&self) -> Result<Vec<Batch>> {
        match self.database.dialect() {
            Dialect::Sqlite => self.look_ahead().await,
            Dialect::Postgres => Ok(self.take_locked().await?.into_iter().collect()),
        }
    }

    async fn look_ahead(&self) -> Result<Vec<Batch>> {
        let requests = queue::PROCESS.look(&self.database, LOOK_AHEAD).await?;
        self.metrics.to_process.looked(&requests);
        let requests = Requests::of(requests);
        let mut batches = Vec::new();
        for refs in requests.refs.chunks(BATCH) {
            let rows = Rows::of_texts(refs.iter().map(String::as_str));
            let due = entities::look_due(&self.database, &rows).await?;
            batches.push(Batch {
                tx: None,
                requests: requests.of_refs(refs.iter().map(String::as_str)),
                due,
            });
        }
        Ok(batches)
    }

    async fn take_locked(&self) -> Result<Option<Batch>> {
        let mut tx = self.database.begin().await?;
        let taken = queue::PROCESS.take(&mut tx, BATCH as i64).await?;
        self.metrics.to_process.looked(&taken);
        if taken.is_empty() {
            tx.commit().await?;
            return Ok(None);
        }
        let requests = Requests::of(taken);
        let due = entities::take_due(&mut tx, &requests.rows()).await?;
        let found: HashSet<&str> = due.iter().map(|due| due.entity_ref.as_str()).collect();
        let held = requests.held_by_others(&mut tx, &found).await?;
        let answered = requests.refs.iter().map(String::as_str);
        let answered = requests.of_refs(answered.filter(|r| !held.contains(*r)));
        if answered.is_empty() {
            tx.commit().await?;
            return Ok(None);
        }
        Ok(Some(Batch {
            tx: Some(tx),
            requests: answered,
            due,
        }))
    }
}

/// Requests by the entity they are about, in the order of the oldest.
pub(super) struct Requests {
    pub(super) refs: Vec<String>,
    ids: HashMap<String, Vec<i64>>,
}

impl Requests {
    pub(super) fn of(requests: Vec<Request>) -> Self {
        let mut refs = Vec::new();
        let mut ids: HashMap<String, Vec<i64>> = HashMap::new();
        for (id, entity_ref, _) in requests {
            let known = ids.entry(entity_ref.clone()).or_default();
            if known.is_empty() {
                refs.push(entity_ref);
            }
            known.push(id);
        }
        Self { refs, ids }
    }

    pub(super) fn rows(&self) -> Rows<'_> {
        Rows::of_texts(self.refs.iter().map(String::as_str))
    }

    /// The requests about `refs`.
    pub(super) fn of_refs<'a>(&self, refs: impl Iterator<Item = &'a str>) -> Vec<i64> {
        refs.filter_map(|entity_ref| self.ids.get(entity_ref))
            .flatten()
            .copied()
            .collect()
    }

    /// Entities that exist and are not among `found`: another process holds them, and their requests stay.
    pub(super) async fn held_by_others(
        &self,
        tx: &mut Tx,
        found: &HashSet<&str>,
    ) -> Result<HashSet<String>> {
        let missing = self.refs.iter().map(String::as_str);
        let missing = Rows::of_texts(missing.filter(|entity_ref| !found.contains(entity_ref)));
        let existing = entities::existing(tx, &missing).await?;
        Ok(existing.into_iter().map(|entity| entity.0).collect())
    }
}
