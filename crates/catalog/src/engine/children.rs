//! Makes claims of what is in the parts of a location.

use std::collections::HashSet;
use std::time::Instant;

use callboard_model::parse::ParsedEntity;
use callboard_model::{Entity, LocationRef, Problem, Result, Span};

use super::ingest::named;
use super::process::{self, SOURCE_BROKEN};
use super::read::Reads;
use super::record::Outcome;
use super::{Ports, annotate, fill};
use crate::hash;
use crate::processor::{Part, PartContent};
use crate::sql::claims::{ClaimRow, PartRow};

/// What a part says.
#[derive(Debug)]
pub(super) struct PartClaims {
    pub(super) row: PartRow,
    pub(super) claims: Vec<ClaimRow>,
    /// What processing makes of each claim, in case nobody else claims the same entity.
    pub(super) outcomes: Vec<Outcome>,
    /// Why some of it, or all, cannot be used; what it said before stays then.
    pub(super) broken: Vec<Problem>,
}

/// Makes claims of a part; `None` for one that is as it was.
pub(super) fn take_part(ports: &Ports, origin: &LocationRef, part: Part) -> Option<PartClaims> {
    let location = part.location;
    let (entities, broken) = match part.content {
        PartContent::Unchanged => return None,
        PartContent::Read(parsed) => (parsed.entities, parsed.problems),
        PartContent::Unreadable(problem) => (Vec::new(), vec![problem]),
    };
    let mut problems = broken.clone();
    let mut claims: Vec<ClaimRow> = Vec::with_capacity(entities.len());
    let mut outcomes = Vec::with_capacity(entities.len());
    let mut named_here = HashSet::new();
    for parsed in entities {
        match claim_of(ports, origin, &location, parsed) {
            // Parsing has already reported an entity that is written twice.
            Ok((claim, outcome)) if named_here.insert(claim.target_ref.clone()) => {
                claims.push(claim);
                outcomes.extend(outcome);
            }
            Ok(_) => {}
            Err(problem) => problems.push(problem),
        }
    }
    let row = PartRow {
        part: location.to_string(),
        fingerprint: part.fingerprint,
        problems: to_json(&problems),
    };
    Some(PartClaims {
        row,
        claims,
        outcomes,
        broken,
    })
}

fn claim_of(
    ports: &Ports,
    origin: &LocationRef,
    part: &LocationRef,
    parsed: ParsedEntity,
) -> Result<(ClaimRow, Option<Outcome>), Problem> {
    let ParsedEntity {
        mut entity,
        span,
        problems,
    } = parsed;
    // What parsing says about a name or a kind is more to the point than that it cannot be taken.
    let told = |path: &str| {
        problems
            .iter()
            .find(|problem| problem.path.as_deref() == Some(path))
            .cloned()
    };
    let target_ref = named(entity.entity_ref())
        .map_err(|problem| told("metadata.name").unwrap_or_else(|| problem.span(span)))?;
    if !ports.rules().allow(&entity, origin) {
        return Err(told("kind").unwrap_or_else(|| not_allowed(&entity, origin).span(span)));
    }
    annotate::annotate(&mut entity, part, origin);
    let json = serde_json::to_string(entity.object()).unwrap_or_default();
    // One that names documents is processed when they are there.
    let names_documents = fill::may_have_placeholders(&json);
    let claim = ClaimRow {
        target_ref: target_ref.to_string(),
        part: part.to_string(),
        location_key: part.to_string(),
        hash: hash::hex(json.as_bytes()),
        entity: json,
        problems: to_json(&problems),
    };
    if names_documents {
        return Ok((claim, None));
    }
    let began = Instant::now();
    let (processed, found) = process::process_claim(ports, target_ref.as_str(), entity, problems);
    let outcome = Outcome::of_new(target_ref.to_string(), processed, found, began);
    Ok((claim, Some(outcome)))
}

/// The part that holds what the processors of an entity emitted.
pub(super) const EMITTED: &str = "emitted";

/// Makes claims of entities that processors emitted; nothing when they are as they were.
pub(super) fn take_emitted(ports: &Ports, reads: &Reads) -> Option<PartClaims> {
    let text = serde_json::to_string(&reads.emitted).unwrap_or_default();
    let fingerprint = hash::hex(text.as_bytes());
    if reads.only.is_some()
        || reads.emitted.is_empty()
        || reads.known.get(EMITTED) == Some(&fingerprint)
    {
        return None;
    }
    let (mut claims, mut outcomes, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut named_here = HashSet::new();
    for entity in &reads.emitted {
        let parsed = ParsedEntity {
            entity: entity.clone(),
            span: NOWHERE,
            problems: Vec::new(),
        };
        match claim_of(ports, &reads.origin, &reads.base, parsed) {
            Ok((claim, outcome)) if named_here.insert(claim.target_ref.clone()) => {
                claims.push(ClaimRow {
                    part: EMITTED.to_owned(),
                    ..claim
                });
                outcomes.extend(outcome);
            }
            Ok(_) => {}
            Err(problem) => problems.push(Problem {
                span: None,
                ..problem
            }),
        }
    }
    let row = PartRow {
        part: EMITTED.to_owned(),
        fingerprint,
        problems: to_json(&problems),
    };
    Some(PartClaims {
        row,
        claims,
        outcomes,
        broken: Vec::new(),
    })
}

/// What a program made has no place in a text.
const NOWHERE: Span = Span {
    start: 0,
    end: 0,
    line: 0,
    column: 0,
};

fn not_allowed(entity: &Entity, origin: &LocationRef) -> Problem {
    let kind = entity.kind().unwrap_or_default();
    let name = entity.name().unwrap_or_default();
    let message = format!("`{name}` is of kind `{kind}`, which no rule allows from `{origin}`");
    let hint = format!("add `{kind}` to `catalog.rules` or to the `rules` of this location");
    Problem::new("kind-not-allowed", message)
        .hint(hint)
        .path("kind")
}

/// Problems are plain data, so writing them cannot fail.
pub(super) fn to_json(problems: &[Problem]) -> String {
    serde_json::to_string(problems).unwrap_or_else(|_| "[]".to_owned())
}

/// What is said about an entity whose source cannot be read any more.
pub(super) fn source_broken(part: &str, because: &[Problem]) -> Problem {
    let first = because.first();
    let place = first
        .and_then(|problem| problem.span)
        .map(|span| format!(":{}:{}", span.line, span.column));
    let message = format!(
        "its source {part}{} cannot be read: {}",
        place.unwrap_or_default(),
        first.map_or("it is broken", |problem| problem.message.as_str()),
    );
    Problem::new(SOURCE_BROKEN, message)
        .hint("this is the last good version; it is replaced when the source is whole again")
}
