//! Reads the locations that an entity names and makes claims of what is there.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use callboard_model::parse::ParsedEntity;
use callboard_model::{Entity, EntityRef, Error, LocationRef, Problem, Result};

use super::ingest::named;
use super::process::SOURCE_BROKEN;
use super::{Engine, Ports, annotate};
use crate::hash;
use crate::processor::{EmittedLocation, Part, PartContent, ReadRequest};
use crate::sql::claims::{self, ClaimRow, PartRow};

/// What an entity wants read, and from where.
pub(super) struct Reads {
    pub(super) locations: Vec<EmittedLocation>,
    pub(super) base: LocationRef,
    pub(super) origin: LocationRef,
}

/// What became of reading: the claims of the parts that changed, and what is wrong.
#[derive(Debug, Default)]
pub(super) struct Children {
    pub(super) claims: Vec<ClaimRow>,
    /// Parts read anew.
    pub(super) parts: Vec<PartRow>,
    /// Parts that are broken now: what they held before stays, with these problems.
    pub(super) broken: Vec<(String, Vec<Problem>)>,
    /// Parts that are gone.
    pub(super) gone: Vec<String>,
    /// What is wrong with the locations as a whole.
    pub(super) problems: Vec<Problem>,
}

/// Reads everything that `reads` names, on behalf of `owner`.
pub(super) async fn read_children(engine: &Engine, owner: &str, reads: Reads) -> Result<Children> {
    let source = format!("entity:{owner}");
    let known: HashMap<String, String> = claims::parts(&engine.database, &source)
        .await?
        .into_iter()
        .collect();
    let taken = Arc::new(Taken {
        ports: Arc::clone(&engine.ports),
        origin: reads.origin.clone(),
        parts: Mutex::default(),
    });
    let mut children = Children::default();
    let mut complete = true;
    for location in &reads.locations {
        match read_one(&taken, owner, &reads, location, &known).await {
            Ok(problems) => children.problems.extend(problems),
            Err(error) => {
                complete = false;
                children.problems.push(location_problem(location, &error));
            }
        }
    }
    let parts = std::mem::take(&mut *taken.parts());
    if complete {
        children.gone = known
            .into_keys()
            .filter(|part| !parts.contains_key(part))
            .collect();
    }
    parts
        .into_values()
        .flatten()
        .for_each(|part| children.add(part));
    Ok(children)
}

/// The parts taken so far by their key, `None` for those that are unchanged: claims instead of parsed
/// entities, which need several times the memory. In the order of keys, so that the same files always
/// make the same claims first.
struct Taken {
    ports: Arc<OnceLock<Ports>>,
    origin: LocationRef,
    parts: Mutex<BTreeMap<String, Option<PartClaims>>>,
}

impl Taken {
    fn parts(&self) -> MutexGuard<'_, BTreeMap<String, Option<PartClaims>>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, part: Part) {
        let Some(ports) = self.ports.get() else {
            return;
        };
        let key = part.location.to_string();
        let claims = take_part(ports, &self.origin, part);
        // Two targets may overlap; a part counts once.
        self.parts().entry(key).or_insert(claims);
    }
}

impl Children {
    fn add(&mut self, part: PartClaims) {
        if !part.broken.is_empty() {
            self.broken.push((part.row.part.clone(), part.broken));
        }
        self.parts.push(part.row);
        self.claims.extend(part.claims);
    }
}

async fn read_one(
    taken: &Arc<Taken>,
    owner: &str,
    reads: &Reads,
    location: &EmittedLocation,
    known: &HashMap<String, String>,
) -> Result<Vec<Problem>> {
    let Some(ports) = taken.ports.get() else {
        return Ok(Vec::new());
    };
    let location_type = location
        .location_type
        .as_deref()
        .unwrap_or(&reads.base.kind);
    let reader = ports.readers.get(location_type).ok_or_else(|| {
        let mut types: Vec<&str> = ports.readers.keys().map(String::as_str).collect();
        types.sort_unstable();
        Error::invalid(
            "unknown-location-type",
            format!("nothing reads locations of type `{location_type}`"),
        )
        .hint(format!(
            "the types that can be read are: {}",
            types.join(", ")
        ))
    })?;
    let on_behalf_of: EntityRef = owner.parse().map_err(|error| {
        Error::internal("catalog-owner", "a stored reference does not parse").source(error)
    })?;
    let sink = Arc::clone(taken);
    let request = ReadRequest {
        on_behalf_of: &on_behalf_of,
        base: &reads.base,
        origin: &reads.origin,
        target: &location.target,
        optional: location.optional,
        known,
    };
    reader
        .read(request, Arc::new(move |part| sink.take(part)))
        .await
}

fn location_problem(location: &EmittedLocation, error: &Error) -> Problem {
    let problem = Problem::new(
        error.code(),
        format!("`{}` cannot be read: {}", location.target, error.message()),
    );
    match error.hint_text() {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

struct PartClaims {
    row: PartRow,
    claims: Vec<ClaimRow>,
    broken: Vec<Problem>,
}

fn take_part(ports: &Ports, origin: &LocationRef, part: Part) -> Option<PartClaims> {
    let location = part.location;
    let (entities, broken) = match part.content {
        PartContent::Unchanged => return None,
        PartContent::Read(parsed) => (parsed.entities, parsed.problems),
        PartContent::Unreadable(problem) => (Vec::new(), vec![problem]),
    };
    let mut problems = broken.clone();
    let mut claims: Vec<ClaimRow> = Vec::with_capacity(entities.len());
    let mut named_here = HashSet::new();
    for parsed in entities {
        match claim_of(ports, origin, &location, parsed) {
            // Parsing has already reported an entity that is written twice.
            Ok(claim) if named_here.insert(claim.target_ref.clone()) => claims.push(claim),
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
        broken,
    })
}

fn claim_of(
    ports: &Ports,
    origin: &LocationRef,
    part: &LocationRef,
    parsed: ParsedEntity,
) -> Result<ClaimRow, Problem> {
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
    if !ports.rules.allow(&entity, origin) {
        return Err(told("kind").unwrap_or_else(|| not_allowed(&entity, origin).span(span)));
    }
    annotate::annotate(&mut entity, part, origin);
    let entity = serde_json::Value::Object(entity.into_object()).to_string();
    Ok(ClaimRow {
        target_ref: target_ref.to_string(),
        part: part.to_string(),
        location_key: part.to_string(),
        hash: hash::hex(entity.as_bytes()),
        entity,
        problems: to_json(&problems),
    })
}

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
