//! The pipeline in memory: what registering a location would bring in, and what is wrong with an entity, with
//! nothing stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use callboard_model::{Entity, EntityRef, Error, LocationRef, Problem, Result};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::assemble::own_half;
use super::children::{take_emitted, take_part};
use super::declared::Declared;
use super::process::{Processed, in_part};
use super::read::{Reads, WAITING, read_all};
use super::{Engine, NewLocation, Ports, documents, ingest};
use crate::processor::{Part, PartSink};
use crate::providers::registered_entity;
use crate::sql;
use crate::sql::claims::ClaimRow;
use crate::sql::entities::DueEntity;

/// A location that leads to more entities is registered without being tried out first.
const MOST: usize = 5_000;
/// The code of a location of which nothing could be read.
pub(super) const UNREACHABLE: &str = "location-unreachable";
/// Problems told at once.
const TOLD: usize = 10;

impl Engine {
    /// The entities that registering `new` would bring in: itself first, then what it leads to.
    ///
    /// # Errors
    /// `Invalid`, with everything that is wrong and its places.
    pub(crate) async fn rehearse(&self, new: &NewLocation) -> Result<Vec<Value>> {
        let ports = self.ports()?;
        let root = registered_entity(&new.row(String::new())?);
        let root = ingest::claim_of(root).map_err(|problem| refused(&[problem.message]))?;
        let mut rehearsal = Rehearsal::default();
        let mut stack = vec![root];
        while let Some(claim) = stack.pop() {
            if !rehearsal.enter(&claim)? {
                continue;
            }
            let processed = processed(ports, &claim).await?;
            let mut found = read(ports, &claim, &processed).await?;
            found.reverse();
            stack.extend(found);
            rehearsal.add(claim.target_ref, processed);
        }
        Ok(rehearsal.entities())
    }

    /// What is wrong with an entity that is written at `location`.
    pub(crate) async fn check(
        &self,
        mut entity: Entity,
        location: &LocationRef,
    ) -> Result<Vec<Problem>> {
        let ports = self.ports()?;
        let entity_ref = match ingest::named(entity.entity_ref()) {
            Ok(entity_ref) => entity_ref,
            Err(problem) => {
                let more = callboard_model::validate::envelope(&entity);
                return Ok(if more.is_empty() { vec![problem] } else { more });
            }
        };
        super::annotate::annotate_missing(&mut entity, location);
        let due = DueEntity {
            claim: serde_json::to_string(entity.object()).unwrap_or_default(),
            claim_problems: "[]".to_owned(),
            ..DueEntity::new(entity_ref.to_string())
        };
        Ok(documents::try_out(ports, &due).await.problems)
    }
}

/// What has come together so far.
#[derive(Default)]
struct Rehearsal {
    /// The parts that entities were read from.
    seen: HashMap<String, String>,
    entities: Vec<(String, Entity)>,
    relations: BTreeMap<String, BTreeSet<(String, String)>>,
}

impl Rehearsal {
    /// Notes a claim; false for one that was met before, as locations may name each other.
    fn enter(&mut self, claim: &ClaimRow) -> Result<bool> {
        let target = &claim.target_ref;
        match self.seen.get(target) {
            Some(part) if *part == claim.part => Ok(false),
            Some(part) => Err(refused(&[format!(
                "Duplicate nested entity: {target} is in {} and in {}",
                shown(part),
                shown(&claim.part)
            )])),
            None if self.seen.len() >= MOST => Err(refused(&[format!(
                "it leads to more than {MOST} entities, which are not tried out at once"
            )])
            .hint("register it without `dryRun`")),
            None => {
                self.seen.insert(target.clone(), claim.part.clone());
                Ok(true)
            }
        }
    }

    fn add(&mut self, entity_ref: String, processed: Processed) {
        let declared = Declared::new(&entity_ref, processed.emitted.relations);
        for row in declared.rows(&entity_ref) {
            let relation = (row.kind, row.target);
            self.relations
                .entry(row.source)
                .or_default()
                .insert(relation);
        }
        let own = self.relations.entry(entity_ref.clone()).or_default();
        own.extend(declared.own);
        self.entities.push((entity_ref, processed.entity));
    }

    /// The entities as they would be served, but for what only storing gives them.
    fn entities(mut self) -> Vec<Value> {
        let finish = |(entity_ref, entity): (String, Entity)| {
            let relations = self.relations.remove(&entity_ref).unwrap_or_default();
            let mut json: Value = serde_json::from_str(&own_half(entity).json).unwrap_or_default();
            json["relations"] = relations
                .into_iter()
                .map(|(kind, target)| json!({ "type": kind, "targetRef": target }))
                .collect();
            json
        };
        self.entities.into_iter().map(finish).collect()
    }
}

async fn processed(ports: &Ports, claim: &ClaimRow) -> Result<Processed> {
    let due = DueEntity {
        claim: claim.entity.clone(),
        claim_problems: claim.problems.clone(),
        ..DueEntity::new(claim.target_ref.clone())
    };
    let found = documents::try_out(ports, &due).await;
    match (found.processed, found.problems) {
        (Some(processed), problems) if problems.is_empty() => Ok(processed),
        (_, problems) => {
            let told: Vec<String> = problems
                .into_iter()
                .map(|problem| told(claim, problem))
                .collect();
            Err(refused(&told))
        }
    }
}

/// A problem with where it is, if it does not say so itself.
fn told(claim: &ClaimRow, problem: Problem) -> String {
    let file = shown(&claim.part);
    if problem.message.starts_with(file) {
        return problem.message;
    }
    let place = problem
        .path
        .map(|path| format!("{path}: "))
        .unwrap_or_default();
    format!("{file}: `{}`: {place}{}", claim.target_ref, problem.message)
}

/// A part as it is written in messages.
fn shown(part: &str) -> &str {
    match part.strip_prefix("file:").unwrap_or(part) {
        "" => "the location itself",
        part => part,
    }
}

/// What the locations that an entity names hold.
async fn read(ports: &Ports, claim: &ClaimRow, processed: &Processed) -> Result<Vec<ClaimRow>> {
    let emitted = &processed.emitted;
    if emitted.locations.is_empty() && emitted.entities.is_empty() {
        return Ok(Vec::new());
    }
    let owner: EntityRef = claim.target_ref.parse().map_err(|error| {
        Error::internal("catalog-owner", "a checked reference does not parse").source(error)
    })?;
    let reads = Reads {
        only: None,
        owner,
        source: String::new(),
        locations: processed.emitted.locations.clone(),
        base: processed.location.clone(),
        origin: processed.origin.clone(),
        known: HashMap::new(),
        again: None,
        emitted: processed.emitted.entities.clone(),
    };
    let (sender, receiver) = mpsc::channel(WAITING);
    let reading = read_all(ports, &reads, PartSink::new(sender));
    let ((problems, complete), parts) = tokio::join!(reading, gather(receiver));
    if !complete && parts.is_empty() {
        return Err(unreachable(problems));
    }
    let mut wrong: Vec<String> = problems
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    let mut claims = Vec::new();
    let read = parts
        .into_iter()
        .filter_map(|part| take_part(ports, &reads.origin, part));
    for taken in take_emitted(ports, &reads).into_iter().chain(read) {
        let found: Vec<Problem> = sql::json(&taken.row.problems)?;
        wrong.extend(
            found
                .into_iter()
                .map(|problem| in_part(&taken.row.part, problem).message),
        );
        claims.extend(taken.claims);
    }
    if wrong.is_empty() {
        Ok(claims)
    } else {
        Err(refused(&wrong))
    }
}

/// The parts that are read, as long as they are not too many.
async fn gather(mut parts: mpsc::Receiver<Part>) -> Vec<Part> {
    let mut gathered = Vec::new();
    while let Some(part) = parts.recv().await {
        gathered.push(part);
        // One more than may be, so that it is told.
        if gathered.len() > MOST {
            break;
        }
    }
    gathered
}

fn refused(wrong: &[String]) -> Error {
    Error::invalid("location-refused", joined(wrong))
}

/// Nothing could be read.
fn unreachable(problems: Vec<Problem>) -> Error {
    let hint = problems.iter().find_map(|problem| problem.hint.clone());
    let wrong: Vec<String> = problems
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    let error = Error::invalid(UNREACHABLE, joined(&wrong));
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn joined(wrong: &[String]) -> String {
    let mut told = wrong
        .iter()
        .take(TOLD)
        .cloned()
        .collect::<Vec<_>>()
        .join("; ");
    if wrong.len() > TOLD {
        told.push_str(&format!("; and {} more problems", wrong.len() - TOLD));
    }
    told
}
