//! Writes what processing a batch found, in one transaction.

use std::collections::HashSet;

use callboard_db::{Rows, Tx};
use callboard_model::{Problem, Result};

use super::Engine;
use super::assemble::{OwnHalf, own_half};
use super::children::to_json;
use super::declared::Declared;
use super::process::Processed;
use crate::hash;
use crate::sql::entities::{self, DueEntity, OwnHalfRow, ProcessedRow};
use crate::sql::queue::{PROCESS, STITCH};
use crate::sql::relations::{self, RelationRow};
use crate::sql::{claims, reads};

/// What processing one entity found.
pub(super) struct Outcome {
    pub(super) due: DueEntity,
    /// Missing when the entity has errors.
    good: Option<Good>,
    problems: Vec<Problem>,
    /// Whether it names locations, or did so before.
    reads: bool,
}

/// A good entity.
struct Good {
    own: OwnHalf,
    hash: String,
    declared: Declared,
}

impl Outcome {
    pub(super) fn new(
        due: DueEntity,
        processed: Option<Processed>,
        problems: Vec<Problem>,
    ) -> Self {
        let Some(Processed {
            entity, emitted, ..
        }) = processed
        else {
            return Self {
                due,
                good: None,
                problems,
                reads: false,
            };
        };
        let reads = due.reads || !emitted.locations.is_empty();
        let declared = Declared::new(&due.entity_ref, emitted.relations);
        let own = own_half(entity);
        let good = Good {
            hash: hash::hex(own.json.as_bytes()),
            own,
            declared,
        };
        Self {
            due,
            good: Some(good),
            problems,
            reads,
        }
    }

    /// The own half, when it is another one than before.
    fn changed_half(&self) -> Option<OwnHalfRow<'_>> {
        let good = self
            .good
            .as_ref()
            .filter(|good| good.hash != self.due.processed_hash)?;
        Some(OwnHalfRow {
            r: &self.due.entity_ref,
            entity: &good.own.json,
            metadata_end: good.own.metadata_end,
        })
    }

    fn row(&self) -> ProcessedRow {
        let due = &self.due;
        let (hash, declared) = match &self.good {
            Some(good) => (good.hash.clone(), good.declared.to_json()),
            None => (due.processed_hash.clone(), due.declared.clone()),
        };
        ProcessedRow {
            r: due.entity_ref.clone(),
            uid: due.uid.clone(),
            hash,
            declared,
            problems: to_json(&self.problems),
        }
    }

    /// Whether people will see a difference.
    fn differs(&self, row: &ProcessedRow) -> bool {
        let due = &self.due;
        row.hash != due.processed_hash
            || row.declared != due.declared
            || row.problems != due.problems
    }

    fn was_never_good(&self) -> bool {
        self.due.processed_hash.is_empty()
    }

    fn result(&self, differs: bool) -> &'static str {
        match (&self.good, differs) {
            (None, _) => "errors",
            (Some(_), false) => "unchanged",
            (Some(_), true) => "changed",
        }
    }
}

/// What processing a batch found.
pub(super) struct Results {
    /// Holds the entities, where other processes work on the database too.
    pub(super) tx: Option<Tx>,
    /// The requests that these results answer.
    pub(super) requests: Vec<i64>,
    pub(super) outcomes: Vec<Outcome>,
}

/// Writes `results`, relations included, and removes the requests that they answer.
pub(super) async fn write(engine: &Engine, results: Results) -> Result<()> {
    let Results {
        tx,
        requests,
        mut outcomes,
    } = results;
    let mut tx = match tx {
        Some(tx) => tx,
        None => engine.database.begin().await?,
    };
    PROCESS.remove(&mut tx, &requests).await?;
    let rows: Vec<ProcessedRow> = outcomes.iter().map(Outcome::row).collect();
    let differing = differing(&outcomes, &rows);
    let changed: Vec<&ProcessedRow> = rows
        .iter()
        .zip(&differing)
        .filter_map(|(row, differs)| differs.then_some(row))
        .collect();
    let written = entities::write_processed(&mut tx, &changed).await?;
    if written < changed.len() as u64 {
        only_existing(&mut tx, &mut outcomes).await?;
    }
    let (mut stitch, mut read) = (Vec::new(), Vec::new());
    for outcome in &outcomes {
        let differs = outcome.differs(&outcome.row());
        engine.metrics.count_processed(outcome.result(differs));
        let entity_ref = outcome.due.entity_ref.as_str();
        stitch.extend(differs.then_some(entity_ref));
        read.extend(outcome.reads.then_some(entity_ref));
    }
    STITCH.append(&mut tx, stitch).await?;
    reads::request(&mut tx, read).await?;
    let halves: Vec<OwnHalfRow<'_>> = outcomes.iter().filter_map(Outcome::changed_half).collect();
    entities::write_own_halves(&mut tx, &halves).await?;
    write_relations(&mut tx, &outcomes).await?;
    tell_claimants(&mut tx, &outcomes).await?;
    tx.commit().await
}

fn differing(outcomes: &[Outcome], rows: &[ProcessedRow]) -> Vec<bool> {
    outcomes
        .iter()
        .zip(rows)
        .map(|(outcome, row)| outcome.differs(row))
        .collect()
}

/// Leaves out entities that went, or were replaced by others of the same name, while they were being processed.
async fn only_existing(tx: &mut Tx, outcomes: &mut Vec<Outcome>) -> Result<()> {
    let refs = Rows::of_texts(
        outcomes
            .iter()
            .map(|outcome| outcome.due.entity_ref.as_str()),
    );
    let existing: HashSet<(String, String)> =
        entities::existing(tx, &refs).await?.into_iter().collect();
    outcomes.retain(|outcome| {
        existing.contains(&(outcome.due.entity_ref.clone(), outcome.due.uid.clone()))
    });
    Ok(())
}

/// An entity that was never good has no page: the location that names it tells what is wrong.
async fn tell_claimants(tx: &mut Tx, outcomes: &[Outcome]) -> Result<()> {
    let telling: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| {
            outcome.was_never_good() && (outcome.good.is_none() || outcome.due.problems != "[]")
        })
        .map(|outcome| outcome.due.entity_ref.as_str())
        .collect();
    if telling.is_empty() {
        return Ok(());
    }
    let telling = Rows::of_texts(telling.iter().copied());
    let claimants = claims::claimants(tx, &telling).await?;
    STITCH
        .append(tx, claimants.iter().map(String::as_str))
        .await
}

/// Writes only the relations that differ, and has their other ends put together again (CAT-32).
async fn write_relations(tx: &mut Tx, outcomes: &[Outcome]) -> Result<()> {
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        let Some(good) = &outcome.good else { continue };
        let origin = &outcome.due.entity_ref;
        let before = Declared::parse(&outcome.due.declared);
        gone.extend(before.rows_beyond(&good.declared, origin));
        new.extend(good.declared.rows_beyond(&before, origin));
    }
    relations::delete(tx, &gone).await?;
    relations::insert(tx, &new).await?;
    let ends: HashSet<&str> = gone
        .iter()
        .chain(&new)
        .map(|relation: &RelationRow| relation.source.as_str())
        .collect();
    STITCH.append(tx, ends).await
}
