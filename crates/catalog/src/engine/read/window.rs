//! Writes a location's parts window by window, while more are being read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use callboard_db::{Retries, Tx};
use callboard_model::{Error, Problem, Result};
use rayon::prelude::*;
use tokio::sync::mpsc::Receiver;

use super::parts::Collected;
use super::{HELD, Reads, lost};
use crate::engine::children::{
    EMITTED, PartClaims, source_broken, take_emitted, take_part, to_json,
};
use crate::engine::record::Outcome;
use crate::engine::{Engine, ingest, orphan, remove};
use crate::processor::{Part, PartContent};
use crate::sql::claims::{self, ClaimRow, KnownClaim};
use crate::sql::queue::STITCH;
use crate::sql::reads::{self, TakenRead};
use crate::sql::{self, entities};

/// Entities in the first window: few enough to be seen soon.
const FIRST: usize = 2_000;
/// Entities in the windows of a large read. Entities that come together have names all over the alphabet, so that
/// the database writes more pages the smaller its transactions are.
const LARGE: usize = 8_000;

/// How much a read has written.
#[derive(Debug, Default)]
struct Growth {
    entities: usize,
    told: usize,
}

impl Growth {
    /// Counts what was written, and answers whether that is several times what it was at the last such answer.
    fn is_much(&mut self, written: &[PartClaims]) -> bool {
        self.entities += written.iter().map(|part| part.claims.len()).sum::<usize>();
        let much = self.entities >= FIRST.max(4 * self.told);
        if much {
            self.told = self.entities;
        }
        much
    }
}

/// What one window adds to what is kept until the end.
#[derive(Default)]
struct Written {
    removed: Vec<KnownClaim>,
    held_back: HashSet<String>,
}

impl Engine {
    /// Writes what comes from `parts` until nothing more comes.
    pub(super) async fn write_windows(
        &self,
        taken: &TakenRead,
        reads: &Reads,
        mut parts: Receiver<Part>,
    ) -> Result<Collected> {
        let (mut collected, mut seen) = (Collected::default(), HashSet::new());
        let mut ready: Vec<PartClaims> = Vec::new();
        if let Some(ports) = self.ports.get().filter(|_| !reads.emitted.is_empty()) {
            seen.insert(EMITTED.to_owned());
            ready.extend(take_emitted(ports, reads));
        }
        let (mut large, mut size) = (None, FIRST);
        let mut growth = Growth::default();
        loop {
            if collected.changed && !ready.is_empty() {
                large.get_or_insert_with(|| self.loading.begin(Instant::now()));
            }
            let next = async {
                let gathered = gather(&mut parts, &mut seen, size).await;
                match gathered.is_empty() {
                    true => Ok(None),
                    false => self.claim(reads, gathered).await.map(Some),
                }
            };
            let (next, written) = tokio::join!(next, self.write_window(taken, reads, &ready));
            if growth.is_much(&ready) {
                sql::take_stock(&self.database).await;
            }
            collected.take(ready, written?);
            let Some(next) = next? else {
                return Ok(Collected { seen, ..collected });
            };
            ready = next;
            size = LARGE.min(2 * size);
        }
    }

    /// Makes claims of parts, beside what else happens.
    async fn claim(&self, reads: &Reads, parts: Vec<Part>) -> Result<Vec<PartClaims>> {
        let ports = Arc::clone(&self.ports);
        let origin = reads.origin.clone();
        let claim = move || {
            let Some(ports) = ports.get() else {
                return Vec::new();
            };
            parts
                .into_par_iter()
                .filter_map(|part| take_part(ports, &origin, part))
                .collect()
        };
        tokio::task::spawn_blocking(claim).await.map_err(|error| {
            Error::internal("catalog-claims", "while taking what was read").source(error)
        })
    }

    async fn write_window(
        &self,
        taken: &TakenRead,
        reads: &Reads,
        parts: &[PartClaims],
    ) -> Result<Written> {
        if parts.is_empty() {
            return Ok(Written::default());
        }
        let mut retries = Retries::default();
        loop {
            match self.try_window(taken, reads, parts).await {
                Err(error) if retries.again(&error).await => {}
                written => return written,
            }
        }
    }

    async fn try_window(
        &self,
        taken: &TakenRead,
        reads: &Reads,
        parts: &[PartClaims],
    ) -> Result<Written> {
        let mut tx = self.database.begin().await?;
        self.stay(&mut tx, taken).await?;
        let source = reads.source.as_str();
        let keys: Vec<&str> = parts.iter().map(|part| part.row.part.as_str()).collect();
        let known = claims::of_parts(&mut tx, source, &keys).await?;
        let kept = kept_claims(&mut tx, source, parts).await?;
        let new: Vec<&ClaimRow> = parts
            .iter()
            .flat_map(|part| &part.claims)
            .chain(&kept)
            .collect();
        let changed = ingest::changed(&known, new.iter().copied());
        let processed = sole_outcomes(parts);
        ingest::write_changed(self, &mut tx, source, &changed, &processed).await?;
        let removed = ingest::missing(&known, new.iter().copied());
        let held_back: HashSet<String> = removed.iter().map(|claim| claim.part.clone()).collect();
        let whole: Vec<_> = parts
            .iter()
            .map(|part| &part.row)
            .filter(|row| !held_back.contains(&row.part))
            .collect();
        claims::upsert_parts(&mut tx, source, &whole).await?;
        tx.commit().await?;
        self.wake();
        Ok(Written { removed, held_back })
    }

    /// The last transaction of a read.
    pub(super) async fn end_read(
        &self,
        taken: &TakenRead,
        reads: &Reads,
        collected: &Collected,
        problems: &[Problem],
    ) -> Result<()> {
        let mut tx = self.database.begin().await?;
        let source = reads.source.as_str();
        let gone: Vec<&str> = collected.gone.iter().map(String::as_str).collect();
        let mut removed = claims::of_parts(&mut tx, source, &gone).await?;
        removed.extend(collected.removed.iter().cloned());
        if !removed.is_empty() {
            remove::in_turn(&mut tx).await?;
        }
        self.stay(&mut tx, taken).await?;
        let parts: Vec<_> = collected.parts.iter().collect();
        claims::upsert_parts(&mut tx, source, &parts).await?;
        claims::delete_parts(&mut tx, source, &gone).await?;
        let owner = taken.entity_ref.as_str();
        // Some parts say nothing about the whole.
        let told = reads.only.is_none()
            && reads::write_problems(&mut tx, owner, &to_json(problems)).await?;
        if told || collected.changed || !gone.is_empty() {
            STITCH.append(&mut tx, [owner]).await?;
        }
        reads::end(&mut tx, owner, &self.holder, taken.ended(reads.again)).await?;
        if self.ports.get().is_some_and(|ports| ports.keeps_orphans) {
            orphan::keep(&mut tx, source, removed).await?;
        } else {
            ingest::delete(&mut tx, source, removed).await?;
        }
        tx.commit().await
    }

    /// Locks the entity that names the locations: fails when it is gone, or when another process reads them.
    async fn stay(&self, tx: &mut Tx, taken: &TakenRead) -> Result<()> {
        let there = entities::lock_one(tx, &taken.entity_ref).await?;
        if there && reads::hold(tx, &taken.entity_ref, &self.holder, HELD).await? {
            Ok(())
        } else {
            Err(lost(&taken.entity_ref))
        }
    }
}

impl Collected {
    fn take(&mut self, parts: Vec<PartClaims>, written: Written) {
        self.changed |= !parts.is_empty();
        let rows = parts.into_iter().map(|part| part.row);
        self.parts
            .extend(rows.filter(|row| written.held_back.contains(&row.part)));
        self.removed.extend(written.removed);
    }
}

/// What processing makes of each entity that only one of `parts` claims.
fn sole_outcomes(parts: &[PartClaims]) -> HashMap<&str, &Outcome> {
    let mut outcomes = HashMap::new();
    let mut several = HashSet::new();
    for outcome in parts.iter().flat_map(|part| &part.outcomes) {
        let entity_ref = outcome.entity_ref();
        if outcomes.insert(entity_ref, outcome).is_some() {
            several.insert(entity_ref);
        }
    }
    outcomes.retain(|entity_ref, _| !several.contains(entity_ref));
    outcomes
}

/// The parts of the next window, with about `size` entities; none when nothing more comes.
async fn gather(parts: &mut Receiver<Part>, seen: &mut HashSet<String>, size: usize) -> Vec<Part> {
    let (mut gathered, mut entities) = (Vec::new(), 0);
    while let Some(part) = parts.recv().await {
        // Two targets may overlap.
        if !seen.insert(part.location.to_string()) {
            continue;
        }
        match &part.content {
            PartContent::Unchanged => continue,
            PartContent::Read(parsed) => entities += parsed.entities.len(),
            PartContent::Unreadable(_) => {}
        }
        gathered.push(part);
        // Parts are rows too, also those without an entity.
        if entities + gathered.len() >= size {
            break;
        }
    }
    gathered
}

/// The earlier claims of broken parts that are not there now: bad input never loses good data.
async fn kept_claims(tx: &mut Tx, source: &str, parts: &[PartClaims]) -> Result<Vec<ClaimRow>> {
    let mut kept = Vec::new();
    for part in parts.iter().filter(|part| !part.broken.is_empty()) {
        let name = part.row.part.as_str();
        let named: HashSet<&str> = part
            .claims
            .iter()
            .map(|claim| claim.target_ref.as_str())
            .collect();
        let problems = to_json(&[source_broken(name, &part.broken)]);
        for mut claim in claims::rows_of_part(tx, source, name).await? {
            if !named.contains(claim.target_ref.as_str()) {
                claim.problems.clone_from(&problems);
                kept.push(claim);
            }
        }
    }
    Ok(kept)
}
