//! Writes what processing found, in one transaction with what it answers.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use callboard_db::{Rows, Tx};
use callboard_model::{Problem, Result};
use tracing::Span;

use super::Engine;
use super::assemble::{OwnHalf, own_half};
use super::children::to_json;
use super::declared::Declared;
use super::process::{FAILED, Processed};
use super::record_keys::{self, Dependencies};
use crate::hash;
use crate::metrics::ProcessedOne;
use crate::placeholder::Asked;
use crate::sql::entities::{self, DueEntity, OwnHalfRow, ProcessedRow};
use crate::sql::queue::{PROCESS, STITCH};
use crate::sql::relations::{self, RelationRow};
use crate::sql::{claims, reads};

/// What processing one entity found, with all that can be worked out before it is written.
#[derive(Debug)]
pub(super) struct Outcome {
    row: ProcessedRow,
    /// Missing when the entity has errors.
    good: Option<Good>,
    /// What was known before.
    was: Before,
    /// Whether people will see a difference.
    differs: bool,
    /// Whether it names locations or emits entities, or did so before.
    reads: bool,
    dependencies: Dependencies,
    /// Whether a processor failed on it.
    failed: bool,
    /// When its processors began, and how long they took.
    began: Instant,
    took: Duration,
}

/// A good entity.
#[derive(Debug)]
struct Good {
    own: OwnHalf,
    /// Relations at others that it declares no more.
    gone: Vec<RelationRow>,
    /// Relations at others that it did not declare before.
    new: Vec<RelationRow>,
}

#[derive(Debug)]
struct Before {
    good: bool,
    problems: bool,
    hash: String,
}

impl Outcome {
    pub(super) fn new(
        due: DueEntity,
        processed: Option<Processed>,
        problems: Vec<Problem>,
        began: Instant,
    ) -> Self {
        let took = began.elapsed();
        let failed = problems.iter().any(|problem| problem.code == FAILED);
        let mut reads = false;
        let (mut hash, mut declares) = (due.processed_hash.clone(), due.declared.clone());
        let mut dependencies = Dependencies {
            complete: processed.is_some(),
            ..Dependencies::default()
        };
        let good = processed.map(|processed| {
            let emitted = &processed.emitted;
            reads = due.reads || !emitted.locations.is_empty() || !emitted.entities.is_empty();
            dependencies.keys.clone_from(&emitted.refresh_keys);
            let declared = Declared::new(&due.entity_ref, processed.emitted.relations);
            let before = Declared::parse(&due.declared);
            let own = own_half(processed.entity);
            hash = hash::hex(own.json.as_bytes());
            declares = declared.to_json();
            Good {
                own,
                gone: before.rows_beyond(&declared, &due.entity_ref).collect(),
                new: declared.rows_beyond(&before, &due.entity_ref).collect(),
            }
        });
        let problems = to_json(&problems);
        Self {
            differs: hash != due.processed_hash
                || declares != due.declared
                || problems != due.problems,
            was: Before {
                good: !due.processed_hash.is_empty(),
                problems: due.problems != "[]",
                hash: due.processed_hash,
            },
            row: ProcessedRow {
                r: due.entity_ref,
                uid: due.uid,
                hash,
                declared: declares,
                problems,
            },
            good,
            reads,
            dependencies,
            failed,
            began,
            took,
        }
    }

    /// The same with the documents that the entity names.
    pub(super) fn naming(mut self, documents: Asked) -> Self {
        self.dependencies.documents = documents;
        self
    }

    /// Of an entity that nobody knows yet.
    pub(super) fn of_new(
        entity_ref: String,
        processed: Option<Processed>,
        problems: Vec<Problem>,
        began: Instant,
    ) -> Self {
        Self::new(DueEntity::new(entity_ref), processed, problems, began)
    }

    pub(super) fn entity_ref(&self) -> &str {
        &self.row.r
    }

    /// The own half, when it is another one than before.
    fn changed_half(&self) -> Option<OwnHalfRow<'_>> {
        let good = self.good.as_ref()?;
        (self.row.hash != self.was.hash).then_some(OwnHalfRow {
            r: &self.row.r,
            entity: &good.own.json,
            metadata_end: good.own.metadata_end,
        })
    }

    fn result(&self) -> &'static str {
        match (&self.good, self.differs) {
            (None, _) if self.failed => "failed",
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
    /// The span around the processing and the writing of the batch.
    pub(super) run: Span,
}

/// Writes `results`, relations included, and removes the requests that they answer.
pub(super) async fn write(engine: &Engine, results: Results) -> Result<()> {
    let Results {
        tx,
        requests,
        outcomes,
        run: _run,
    } = results;
    let mut tx = match tx {
        Some(tx) => tx,
        None => engine.database.begin().await?,
    };
    PROCESS.remove(&mut tx, &requests).await?;
    let mut outcomes: Vec<&Outcome> = outcomes.iter().collect();
    let changed: Vec<&ProcessedRow> = outcomes
        .iter()
        .filter_map(|outcome| outcome.differs.then_some(&outcome.row))
        .collect();
    let written = entities::write_processed(&mut tx, &changed).await?;
    if written < changed.len() as u64 {
        only_existing(&mut tx, &mut outcomes).await?;
    }
    write_rest(engine, &mut tx, &outcomes).await?;
    tx.commit().await
}

/// Writes entities with all that was found about them, in one go; answers those that were new. The others are
/// known already, and are left as they are.
pub(super) async fn write_new(
    engine: &Engine,
    tx: &mut Tx,
    outcomes: Vec<&Outcome>,
) -> Result<HashSet<String>> {
    let rows: Vec<&ProcessedRow> = outcomes.iter().map(|outcome| &outcome.row).collect();
    let uids: Vec<String> = rows.iter().map(|_| engine.ids.uuid().to_string()).collect();
    let new: HashSet<String> = entities::insert_processed(tx, &rows, &uids)
        .await?
        .into_iter()
        .collect();
    let written: Vec<&Outcome> = outcomes
        .into_iter()
        .filter(|outcome| new.contains(outcome.entity_ref()))
        .collect();
    write_rest(engine, tx, &written).await?;
    Ok(new)
}

/// All that follows from the entities' own rows.
async fn write_rest(engine: &Engine, tx: &mut Tx, outcomes: &[&Outcome]) -> Result<()> {
    let reading = outcomes.iter().filter(|outcome| outcome.reads);
    reads::request(tx, reading.map(|outcome| outcome.entity_ref())).await?;
    let halves: Vec<OwnHalfRow<'_>> = outcomes
        .iter()
        .filter_map(|outcome| outcome.changed_half())
        .collect();
    entities::write_own_halves(tx, &halves).await?;
    let goods = || outcomes.iter().filter_map(|outcome| outcome.good.as_ref());
    let gone: Vec<&RelationRow> = goods().flat_map(|good| &good.gone).collect();
    let new: Vec<&RelationRow> = goods().flat_map(|good| &good.new).collect();
    relations::delete(tx, &gone).await?;
    relations::insert(tx, &new).await?;
    // Only the relations that differ have their other ends put together again (CAT-32).
    let ends = gone.into_iter().chain(new).map(|row| row.source.as_str());
    let differing = outcomes.iter().filter(|outcome| outcome.differs);
    let mut seen = HashSet::new();
    let shown = differing.map(|outcome| outcome.entity_ref()).chain(ends);
    STITCH
        .append(tx, shown.filter(|entity_ref| seen.insert(*entity_ref)))
        .await?;
    // Nothing is known of what an entity depends on that was not there before.
    let depending = outcomes
        .iter()
        .filter(|outcome| !outcome.row.uid.is_empty() || !outcome.dependencies.is_empty())
        .map(|outcome| (outcome.entity_ref(), &outcome.dependencies));
    record_keys::write(tx, &depending.collect::<Vec<_>>()).await?;
    tell_claimants(tx, outcomes).await?;
    count(engine, outcomes);
    Ok(())
}

fn count(engine: &Engine, outcomes: &[&Outcome]) {
    let now = Instant::now();
    let processed = outcomes.iter().map(|outcome| ProcessedOne {
        result: outcome.result(),
        processors: outcome.took,
        all: now.saturating_duration_since(outcome.began),
    });
    engine.metrics.processed(&processed.collect::<Vec<_>>());
}

/// Leaves out entities that went, or were replaced by others of the same name, while they were being processed.
async fn only_existing(tx: &mut Tx, outcomes: &mut Vec<&Outcome>) -> Result<()> {
    let refs = Rows::of_texts(outcomes.iter().map(|outcome| outcome.entity_ref()));
    let existing: HashSet<(String, String)> =
        entities::existing(tx, &refs).await?.into_iter().collect();
    outcomes.retain(|outcome| existing.contains(&(outcome.row.r.clone(), outcome.row.uid.clone())));
    Ok(())
}

/// An entity that was never good has no page: the location that names it tells what is wrong.
async fn tell_claimants(tx: &mut Tx, outcomes: &[&Outcome]) -> Result<()> {
    let telling: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| !outcome.was.good && (outcome.good.is_none() || outcome.was.problems))
        .map(|outcome| outcome.entity_ref())
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
