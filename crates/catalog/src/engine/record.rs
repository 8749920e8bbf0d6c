//! Writes what processing a batch found, in one transaction.

use std::collections::HashSet;

use callboard_db::Tx;
use callboard_model::{Problem, Result};

use super::Engine;
use super::assemble::{OwnHalf, own_half};
use super::children::{Children, Reads, source_broken, to_json};
use super::declared::Declared;
use super::ingest::{self, Incoming, Replaces};
use super::process::Processed;
use crate::hash;
use crate::sql::claims::{self, ClaimRow};
use crate::sql::entities::{self, DueEntity, OwnHalfRow, ProcessedRow};
use crate::sql::relations::{self, RelationRow};

/// What processing one entity found.
pub(super) struct Outcome {
    pub(super) due: DueEntity,
    /// Missing when the entity has errors.
    good: Option<Good>,
    pub(super) problems: Vec<Problem>,
    pub(super) reads: Option<Reads>,
    pub(super) children: Option<Children>,
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
            entity,
            emitted,
            location,
            origin,
        }) = processed
        else {
            return Self {
                due,
                good: None,
                problems,
                reads: None,
                children: None,
            };
        };
        let declared = Declared::new(&due.entity_ref, emitted.relations);
        let locations = emitted.locations;
        let reads = (!locations.is_empty()).then_some(Reads {
            locations,
            base: location,
            origin,
        });
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
            children: None,
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
        let problems = to_json(&self.problems);
        let (hash, declared) = match &self.good {
            Some(good) => (good.hash.clone(), good.declared.to_json()),
            None => (due.processed_hash.clone(), due.declared.clone()),
        };
        let read_anew = self
            .children
            .as_ref()
            .is_some_and(Children::changed_anything);
        let differs =
            hash != due.processed_hash || declared != due.declared || problems != due.problems;
        ProcessedRow {
            r: due.entity_ref.clone(),
            ticket: due.ticket,
            stitch: i64::from(differs || read_anew),
            hash,
            declared,
            problems,
        }
    }

    fn was_never_good(&self) -> bool {
        self.due.processed_hash.is_empty()
    }

    fn result(&self, row: &ProcessedRow) -> &'static str {
        match (&self.good, row.stitch) {
            (None, _) => "errors",
            (Some(_), 0) => "unchanged",
            (Some(_), _) => "changed",
        }
    }
}

impl Children {
    fn changed_anything(&self) -> bool {
        !self.parts.is_empty() || !self.gone.is_empty()
    }
}

/// Writes `outcomes`, relations and children included.
pub(super) async fn write(engine: &Engine, mut outcomes: Vec<Outcome>) -> Result<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let mut tx = engine.database.begin().await?;
    let rows: Vec<ProcessedRow> = outcomes.iter().map(Outcome::row).collect();
    outcomes
        .iter()
        .zip(&rows)
        .for_each(|(outcome, row)| engine.metrics.count_processed(outcome.result(row)));
    entities::write_processed(&mut tx, &rows).await?;
    let halves: Vec<OwnHalfRow<'_>> = outcomes.iter().filter_map(Outcome::changed_half).collect();
    entities::write_own_halves(&mut tx, &halves).await?;
    write_relations(&mut tx, &outcomes).await?;
    tell_claimants(&mut tx, &outcomes).await?;
    for outcome in &mut outcomes {
        if let Some(children) = outcome.children.take() {
            write_children(&mut tx, engine, &outcome.due.entity_ref, children).await?;
        }
    }
    tx.commit().await
}

/// An entity that was never good has no page: the location that names it tells what is wrong.
async fn tell_claimants(tx: &mut Tx, outcomes: &[Outcome]) -> Result<()> {
    let telling: Vec<String> = outcomes
        .iter()
        .filter(|outcome| {
            outcome.was_never_good() && (outcome.good.is_none() || outcome.due.problems != "[]")
        })
        .map(|outcome| outcome.due.entity_ref.clone())
        .collect();
    if telling.is_empty() {
        return Ok(());
    }
    let claimants = claims::claimants(tx, &telling).await?;
    entities::request_stitching(tx, claimants.iter().map(String::as_str)).await
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
    entities::request_stitching(tx, ends).await
}

async fn write_children(
    tx: &mut Tx,
    engine: &Engine,
    owner: &str,
    children: Children,
) -> Result<()> {
    if !entities::exists(tx, owner).await? {
        // It went while its locations were being read.
        return Ok(());
    }
    let source = format!("entity:{owner}");
    let Children {
        mut claims,
        parts,
        broken,
        gone,
        ..
    } = children;
    claims.extend(kept_claims(tx, &source, &claims, &broken).await?);
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    claims::upsert_parts(tx, &source, &parts).await?;
    claims::delete_parts(tx, &source, &gone).await?;
    let replaced: Vec<&str> = parts
        .iter()
        .map(|part| part.part.as_str())
        .chain(gone)
        .collect();
    if replaced.is_empty() {
        return Ok(());
    }
    let replaces = Replaces::Parts(replaced);
    ingest::write(
        tx,
        &engine.ids,
        Incoming {
            source: &source,
            claims,
            replaces,
        },
    )
    .await
}

/// The earlier claims of broken parts that are not there now: bad input never loses good data.
async fn kept_claims(
    tx: &mut Tx,
    source: &str,
    new: &[ClaimRow],
    broken: &[(String, Vec<Problem>)],
) -> Result<Vec<ClaimRow>> {
    let mut kept = Vec::new();
    let named: HashSet<(&str, &str)> = new
        .iter()
        .map(|claim| (claim.part.as_str(), claim.target_ref.as_str()))
        .collect();
    for (part, because) in broken {
        let problems = to_json(&[source_broken(part, because)]);
        for mut claim in claims::rows_of_part(tx, source, part).await? {
            if !named.contains(&(part, &claim.target_ref)) {
                claim.problems.clone_from(&problems);
                kept.push(claim);
            }
        }
    }
    Ok(kept)
}
