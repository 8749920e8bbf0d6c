//! Puts final entities together: the entity's own part, its relations, and what is wrong with it (CAT-33).

use std::collections::HashMap;

use callboard_db::{Database, Tx};
use callboard_model::{Entity, Problem, Result, annotation, is_script_url};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::hash;
use crate::sql::entities::{self, FinalRow, Unstitched};
use crate::sql::{self, claims, relations};

const BATCH: i64 = 1_000;
/// Problems shown on one entity; a location with ten thousand broken files says so in one line.
const SHOWN_PROBLEMS: usize = 100;
/// What stands in place of a link that would run a script (CAT-16).
const REJECTED_LINK: &str = "https://backstage.io/annotation-rejected-for-security-reasons";

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
    let inputs: Vec<(Unstitched, Vec<(String, String)>, Vec<Problem>)> = batch
        .into_iter()
        .map(|entity| {
            let relations = ends
                .relations
                .remove(&entity.entity_ref)
                .unwrap_or_default();
            let problems = ends.problems.remove(&entity.entity_ref).unwrap_or_default();
            (entity, relations, problems)
        })
        .collect();
    let count = inputs.len();
    let mut changed: Vec<FinalRow> = inputs
        .into_par_iter()
        .filter_map(|(entity, relations, problems)| stitch(entity, relations, problems))
        .collect();
    if !changed.is_empty() {
        let by = i64::try_from(changed.len()).unwrap_or(i64::MAX);
        let last = sql::advance(&mut tx, "revision", by).await?;
        for (row, revision) in changed.iter_mut().zip(last - by + 1..) {
            row.revision = revision;
        }
    }
    entities::write_final(&mut tx, &changed, &refs).await?;
    tx.commit().await?;
    Ok(count)
}

/// What others add to the entities of a batch.
struct Ends {
    relations: HashMap<String, Vec<(String, String)>>,
    problems: HashMap<String, Vec<Problem>>,
}

impl Ends {
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
        let of_parts = claims::part_problems(tx, refs).await?;
        for (owner, part, problems) in of_parts
            .into_iter()
            .chain(claims::unborn_problems(tx, refs).await?)
        {
            let problems: Vec<Problem> = sql::json(&problems)?;
            ends.problems
                .entry(owner)
                .or_default()
                .extend(problems.into_iter().map(|problem| in_part(&part, problem)));
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

fn in_part(part: &str, mut problem: Problem) -> Problem {
    let path = part.strip_prefix("file:").unwrap_or(part);
    let place = problem
        .span
        .map(|span| format!(":{}:{}", span.line, span.column))
        .unwrap_or_default();
    problem.message = format!("{path}{place}: {}", problem.message);
    problem.span = None;
    problem
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

/// The final entity, when it differs from what people see now.
fn stitch(
    entity: Unstitched,
    relations: Vec<(String, String)>,
    from_others: Vec<Problem>,
) -> Option<FinalRow> {
    let mut own: Entity = serde_json::from_str(entity.processed.as_deref()?).ok()?;
    let problems: Vec<Problem> = serde_json::from_str(&entity.problems).unwrap_or_default();
    reject_scripts(&mut own);
    let (location, _) = super::annotate::locations(&own);
    let own_place = location.to_string();
    let problems: Vec<Problem> = problems
        .into_iter()
        .map(|problem| {
            if problem.span.is_some() {
                in_part(&own_place, problem)
            } else {
                problem
            }
        })
        .chain(from_others)
        .collect();
    own.metadata_mut()
        .insert("uid".to_owned(), Value::String(entity.uid));
    let object = own.object_mut();
    object.insert("relations".to_owned(), relations_json(relations));
    if !problems.is_empty() {
        object.insert(
            "status".to_owned(),
            json!({ "items": status_items(&problems) }),
        );
    }
    let hash = hash::hex(Value::Object(own.object().clone()).to_string().as_bytes());
    if hash == entity.final_hash {
        return None;
    }
    own.metadata_mut()
        .entry("etag")
        .or_insert_with(|| Value::String(hash.clone()));
    let json = Value::Object(own.into_object()).to_string();
    Some(FinalRow {
        r: entity.entity_ref,
        json,
        hash,
        revision: 0,
    })
}

fn reject_scripts(entity: &mut Entity) {
    for key in [annotation::VIEW_URL, annotation::EDIT_URL] {
        if entity.annotation(key).is_some_and(is_script_url) {
            entity.set_annotation(key, REJECTED_LINK);
        }
    }
}

fn relations_json(mut relations: Vec<(String, String)>) -> Value {
    relations.sort_unstable();
    let items = relations
        .into_iter()
        .map(|(kind, target)| json!({ "type": kind, "targetRef": target }));
    Value::Array(items.collect())
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
