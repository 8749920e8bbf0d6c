//! Puts final entities together: the entity's own part, its relations, and what is wrong with it (CAT-33).

use std::collections::{BTreeSet, HashMap};

use callboard_db::{Database, Tx};
use callboard_model::{Problem, Result};
use rayon::iter::Either;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::declared::Declared;
use super::process::in_part;
use crate::hash;
use crate::sql::entities::{self, FinalRow, Unstitched};
use crate::sql::{self, claims, relations};

const BATCH: i64 = 1_000;
/// Problems shown on one entity; a location with ten thousand broken files says so in one line.
const SHOWN_PROBLEMS: usize = 100;

/// Stitches a batch and returns how many entities it looked at.
pub(super) async fn step(database: &Database) -> Result<usize> {
    let mut tx = database.begin().await?;
    let batch = entities::unstitched(&mut tx, BATCH).await?;
    if batch.is_empty() {
        tx.commit().await?;
        return Ok(0);
    }
    let refs = sql::ref_rows(batch.iter().map(|entity| entity.entity_ref.as_str()))?;
    let mut ends = Ends::load(&mut tx, &refs).await?;
    let inputs: Vec<Input> = batch.into_iter().map(|entity| ends.input(entity)).collect();
    let count = inputs.len();
    let (mut changed, unchanged): (Vec<FinalRow>, Vec<String>) = inputs
        .into_par_iter()
        .partition_map(|input| match stitch(&input) {
            Some(row) => Either::Left(row),
            None => Either::Right(input.entity.entity_ref),
        });
    if !changed.is_empty() {
        let by = i64::try_from(changed.len()).unwrap_or(i64::MAX);
        let last = sql::advance(&mut tx, "revision", by).await?;
        for (row, revision) in changed.iter_mut().zip(last - by + 1..) {
            row.revision = revision;
        }
    }
    entities::write_final(&mut tx, &changed, &unchanged).await?;
    tx.commit().await?;
    Ok(count)
}

/// All that a final entity is made of.
struct Input {
    entity: Unstitched,
    from_others: Vec<(String, String)>,
    problems_of_others: Vec<Problem>,
}

/// What others add to the entities of a batch.
struct Ends {
    relations: HashMap<String, Vec<(String, String)>>,
    problems: HashMap<String, Vec<Problem>>,
}

impl Ends {
    fn input(&mut self, entity: Unstitched) -> Input {
        let from_others = self
            .relations
            .remove(&entity.entity_ref)
            .unwrap_or_default();
        let problems_of_others = self.problems.remove(&entity.entity_ref).unwrap_or_default();
        Input {
            entity,
            from_others,
            problems_of_others,
        }
    }

    async fn load(tx: &mut Tx, refs: &str) -> Result<Self> {
        let mut ends = Self {
            relations: HashMap::new(),
            problems: HashMap::new(),
        };
        for (source, kind, target) in relations::starting_at(tx, refs).await? {
            ends.relations
                .entry(source)
                .or_default()
                .push((kind, target));
        }
        for (owner, part, problems) in claims::part_problems(tx, refs).await? {
            let problems: Vec<Problem> = sql::json(&problems)?;
            let placed = problems.into_iter().map(|problem| in_part(&part, problem));
            ends.problems.entry(owner).or_default().extend(placed);
        }
        for (owner, problems) in claims::unborn_problems(tx, refs).await? {
            let problems: Vec<Problem> = sql::json(&problems)?;
            ends.problems.entry(owner).or_default().extend(problems);
        }
        for (owner, part, target, winner) in claims::conflicts(tx, refs).await? {
            ends.problems
                .entry(owner)
                .or_default()
                .push(conflict(&part, &target, &winner));
        }
        Ok(ends)
    }
}

fn conflict(part: &str, target: &str, winner: &str) -> Problem {
    let owner = if winner.is_empty() {
        "a provider"
    } else {
        winner
    };
    let message =
        format!("`{target}` in {part} is not used: {owner} defines the same entity and was first");
    Problem::new("entity-conflict", message)
        .hint("rename one of them, or remove one; the other one is then used by itself")
}

/// What stitching adds to the entity, when it differs from what people see now.
fn stitch(input: &Input) -> Option<FinalRow> {
    let entity = &input.entity;
    if entity.processed_hash.is_empty() {
        // It was never good, so there is nothing to show.
        return None;
    }
    let mut relations = Declared::parse(&entity.declared).own;
    relations.extend(input.from_others.iter().cloned());
    let mut problems: Vec<Problem> = serde_json::from_str(&entity.problems).unwrap_or_default();
    problems.extend(input.problems_of_others.iter().cloned());
    let mut tail = format!("\"relations\":{}", relations_json(&relations));
    if !problems.is_empty() {
        tail.push_str(&format!(
            ",\"status\":{}",
            json!({ "items": status_items(&problems) })
        ));
    }
    let etag = hash::hex(format!("{} {} {tail}", entity.uid, entity.processed_hash).as_bytes());
    let r = entity.entity_ref.clone();
    (etag != entity.etag).then_some(FinalRow {
        r,
        tail,
        etag,
        revision: 0,
    })
}

fn relations_json(relations: &BTreeSet<(String, String)>) -> Value {
    relations
        .iter()
        .map(|(kind, target)| json!({ "type": kind, "targetRef": target }))
        .collect()
}

/// Problems as Backstage's status items (CAT-13).
fn status_items(problems: &[Problem]) -> Vec<Value> {
    let item = |message: &str, problem: &Problem| {
        json!({
            "type": "backstage.io/catalog-processing",
            "level": if problem.code == "entity-conflict" { "warning" } else { "error" },
            "message": message,
            "error": { "name": "InputError", "message": message, "code": problem.code },
        })
    };
    let mut items: Vec<Value> = problems
        .iter()
        .take(SHOWN_PROBLEMS)
        .map(|problem| item(&with_hint(problem), problem))
        .collect();
    if problems.len() > SHOWN_PROBLEMS {
        let more = Problem::new(
            "more-problems",
            format!("and {} more problems", problems.len() - SHOWN_PROBLEMS),
        );
        items.push(item(&more.message, &more));
    }
    items
}

fn with_hint(problem: &Problem) -> String {
    let place = problem
        .path
        .as_deref()
        .map(|path| format!("{path}: "))
        .unwrap_or_default();
    match &problem.hint {
        Some(hint) => format!("{place}{} ({hint})", problem.message),
        None => format!("{place}{}", problem.message),
    }
}
