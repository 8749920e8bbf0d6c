//! Puts final entities together: the entity's own part, its relations, and what is wrong with it (CAT-33).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Instant;

use callboard_db::{Rows, Tx};
use callboard_model::{Problem, Result};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::Engine;
use super::conflict;
use super::declared::Declared;
use super::process::in_part;
use super::take::Requests;
use crate::sql::entities::{self, FinalRow, Unstitched};
use crate::sql::queue::{Request, STITCH};
use crate::sql::{self, claims, conflicts, relations};
use crate::trace::{step, within};
use crate::{hash, history};

/// Requests taken at once: large enough that most of those for one entity are among them.
const BATCH: i64 = 8_000;
/// Problems shown on one entity; a location with ten thousand broken files says so in one line.
const SHOWN_PROBLEMS: usize = 100;

/// Stitches a batch and returns how many entities it looked at.
pub(super) async fn step(engine: &Engine) -> Result<usize> {
    let mut tx = engine.database.begin().await?;
    let started = Instant::now();
    let taken = STITCH.take(&mut tx, BATCH).await?;
    engine.metrics.to_stitch.looked(&taken);
    if taken.is_empty() {
        tx.commit().await?;
        return Ok(0);
    }
    let span = step!("StitchingRun", requests = taken.len());
    within(span, put_together(engine, tx, taken, started)).await
}

async fn put_together(
    engine: &Engine,
    mut tx: Tx,
    taken: Vec<Request>,
    started: Instant,
) -> Result<usize> {
    let requests = Requests::of(taken);
    let batch = entities::take_unstitched(&mut tx, &requests.rows()).await?;
    let found: HashSet<&str> = batch
        .iter()
        .map(|entity| entity.entity_ref.as_str())
        .collect();
    let held = requests.held_by_others(&mut tx, &found).await?;
    let answered = requests.refs.iter().map(String::as_str);
    let answered = requests.of_refs(answered.filter(|r| !held.contains(*r)));
    STITCH.remove(&mut tx, &answered).await?;
    let refs: Vec<String> = found.into_iter().map(str::to_owned).collect();
    let rows = Rows::of_texts(refs.iter().map(String::as_str));
    let mut ends = Ends::load(&mut tx, &rows).await?;
    let inputs: Vec<Input> = batch.into_iter().map(|entity| ends.input(entity)).collect();
    let mut changed: Vec<FinalRow> = inputs.par_iter().filter_map(stitch).collect();
    if !changed.is_empty() {
        let by = i64::try_from(changed.len()).unwrap_or(i64::MAX);
        let last = sql::advance(&mut tx, "revision", by).await?;
        for (row, revision) in changed.iter_mut().zip(last - by + 1..) {
            row.revision = revision;
        }
    }
    history::record(&mut tx, &mut changed).await?;
    entities::write_final(&mut tx, &changed).await?;
    tx.commit().await?;
    let unchanged = inputs.len().saturating_sub(changed.len());
    engine
        .metrics
        .stitched(changed.len(), unchanged, started.elapsed());
    Ok(answered.len())
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

    async fn load(tx: &mut Tx, refs: &Rows<'_>) -> Result<Self> {
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
            let placed = problems.into_iter().map(|problem| match part.as_str() {
                "" => problem,
                part => in_part(part, problem),
            });
            ends.problems.entry(owner).or_default().extend(placed);
        }
        for (owner, problems) in claims::unborn_problems(tx, refs).await? {
            let problems: Vec<Problem> = sql::json(&problems)?;
            ends.problems.entry(owner).or_default().extend(problems);
        }
        for claim in conflicts::lost_by(tx, refs).await? {
            if let Some(owner) = claim.source.strip_prefix("entity:") {
                let problem = conflict::lost(&claim);
                ends.problems
                    .entry(owner.to_owned())
                    .or_default()
                    .push(problem);
            }
        }
        for claim in conflicts::waiting_for(tx, refs).await? {
            let problem = conflict::won(&claim);
            ends.problems
                .entry(claim.target_ref)
                .or_default()
                .push(problem);
        }
        Ok(ends)
    }
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
        is_new: entity.etag.is_empty(),
        tells_creation: false,
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
            "level": if problem.code == conflict::CODE { "warning" } else { "error" },
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
