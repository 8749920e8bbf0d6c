//! Writes what processing a batch found, in one transaction.

use std::collections::{BTreeSet, HashSet};

use callboard_db::Tx;
use callboard_model::{Problem, Result};

use super::Engine;
use super::children::{Children, Reads, source_broken, to_json};
use super::ingest::{self, Incoming, Replaces};
use super::process::Processed;
use crate::sql::claims::{self, ClaimRow};
use crate::sql::entities::{self, DueEntity, ProcessedRow};
use crate::sql::relations::{self, RelationRow};

/// What processing one entity found.
pub(super) struct Outcome {
    pub(super) due: DueEntity,
    /// The entity's own part as JSON; missing when it has errors.
    processed: Option<String>,
    relations: Vec<RelationRow>,
    pub(super) problems: Vec<Problem>,
    pub(super) reads: Option<Reads>,
    pub(super) children: Option<Children>,
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
                processed: None,
                relations: Vec::new(),
                problems,
                reads: None,
                children: None,
            };
        };
        let relations = emitted.relations.into_iter().map(|relation| RelationRow {
            origin: due.entity_ref.clone(),
            source: relation.source.to_string(),
            kind: relation.kind,
            target: relation.target.to_string(),
        });
        let relations: BTreeSet<RelationRow> = relations.collect();
        let reads = (!emitted.locations.is_empty()).then_some(Reads {
            locations: emitted.locations,
            base: location,
            origin,
        });
        let processed = serde_json::Value::Object(entity.into_object()).to_string();
        Self {
            due,
            processed: Some(processed),
            relations: relations.into_iter().collect(),
            problems,
            reads,
            children: None,
        }
    }

    /// The row to write; what is as before is not written again.
    fn row(&self) -> ProcessedRow {
        let problems = to_json(&self.problems);
        let processed = self
            .processed
            .clone()
            .filter(|processed| self.due.processed.as_ref() != Some(processed));
        let read_anew = self
            .children
            .as_ref()
            .is_some_and(Children::changed_anything);
        ProcessedRow {
            r: self.due.entity_ref.clone(),
            ticket: self.due.ticket,
            stitch: i64::from(processed.is_some() || problems != self.due.problems || read_anew),
            processed,
            problems,
        }
    }
}

impl Outcome {
    fn result(&self, row: &ProcessedRow) -> &'static str {
        match (&self.processed, row.stitch) {
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
    let mut tx = engine.database.begin().await?;
    let rows: Vec<ProcessedRow> = outcomes.iter().map(Outcome::row).collect();
    outcomes
        .iter()
        .zip(&rows)
        .for_each(|(outcome, row)| engine.metrics.count_processed(outcome.result(row)));
    entities::write_processed(&mut tx, &rows).await?;
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
    let unborn = outcomes
        .iter()
        .filter(|outcome| outcome.due.processed.is_none());
    let telling: Vec<String> = unborn
        .filter(|outcome| outcome.processed.is_none() || outcome.due.problems != "[]")
        .map(|outcome| outcome.due.entity_ref.clone())
        .collect();
    if telling.is_empty() {
        return Ok(());
    }
    let claimants = claims::claimants(tx, &telling).await?;
    entities::request_stitching(tx, claimants.iter().map(String::as_str)).await
}

/// Writes only the relations that differ, and has both their ends put together again (CAT-32).
async fn write_relations(tx: &mut Tx, outcomes: &[Outcome]) -> Result<()> {
    let good = || {
        outcomes
            .iter()
            .filter(|outcome| outcome.processed.is_some())
    };
    let origins = good().map(|outcome| outcome.due.entity_ref.as_str());
    let before: HashSet<RelationRow> = relations::declared_by(tx, origins)
        .await?
        .into_iter()
        .collect();
    let now: HashSet<&RelationRow> = good().flat_map(|outcome| &outcome.relations).collect();
    let gone: Vec<RelationRow> = before
        .iter()
        .filter(|relation| !now.contains(relation))
        .cloned()
        .collect();
    let new: Vec<RelationRow> = now
        .into_iter()
        .filter(|relation| !before.contains(*relation))
        .cloned()
        .collect();
    relations::delete(tx, &gone).await?;
    relations::insert(tx, &new).await?;
    let ends: HashSet<&str> = gone
        .iter()
        .chain(&new)
        .map(|relation| relation.source.as_str())
        .collect();
    entities::request_stitching(tx, ends).await
}

async fn write_children(
    tx: &mut Tx,
    engine: &Engine,
    owner: &str,
    children: Children,
) -> Result<()> {
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
    ingest::write(
        tx,
        &engine.ids,
        Incoming {
            source: &source,
            claims,
            replaces: Replaces::Parts(replaced),
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
