//! From the claim that counts to the entity's own part: completed, checked, related (CAT-26).

use std::panic::{AssertUnwindSafe, catch_unwind};

use callboard_model::{Entity, EntityRef, LocationRef, Problem, validate};

use super::fill::{self, Filled};
use super::{Ports, annotate};
use crate::placeholder::{Asked, Fetched};
use crate::processor::{Emitted, ProcessContext};
use crate::sql::entities::DueEntity;

/// The problem of a claim whose source cannot be read now; the claim itself is as it was.
pub(super) const SOURCE_BROKEN: &str = "source-broken";

/// An entity that went through all processors.
pub(super) struct Processed {
    pub(super) entity: Entity,
    pub(super) emitted: Emitted,
    pub(super) location: LocationRef,
    pub(super) origin: LocationRef,
}

/// What processing one claim found.
#[derive(Default)]
pub(super) struct Processing {
    /// Missing when the entity has errors, or waits for a document.
    pub(super) processed: Option<Processed>,
    pub(super) problems: Vec<Problem>,
    /// The documents that the entity names.
    pub(super) asked: Asked,
}

/// Fills in what the entity names among `fetched`, and runs the processors over it.
pub(super) fn process(ports: &Ports, due: &DueEntity, fetched: &Fetched) -> Processing {
    let parsing: Vec<Problem> = serde_json::from_str(&due.claim_problems).unwrap_or_default();
    let mut entity: Entity = match serde_json::from_str(&due.claim) {
        Ok(entity) => entity,
        Err(error) => {
            let message = format!("the entity is no JSON object: {error}");
            return Processing {
                problems: vec![Problem::new("entity-json", message)],
                ..Processing::default()
            };
        }
    };
    let mut filled = Filled::default();
    if fill::may_have_placeholders(&due.claim) {
        let (location, origin) = annotate::locations(&entity);
        let fill = || fill::fill(ports, fetched, &mut entity, (&location, &origin));
        filled = catch_unwind(AssertUnwindSafe(fill)).unwrap_or_else(|_| Filled {
            broken: vec![defect(&due.entity_ref)],
            ..Filled::default()
        });
    }
    let (processed, problems) = if !filled.broken.is_empty() {
        let broken_source = parsing.into_iter().filter(is_of_source);
        (
            None,
            filled.broken.into_iter().chain(broken_source).collect(),
        )
    } else if filled.waiting {
        // It stays as it is until the document is there.
        (
            None,
            serde_json::from_str(&due.problems).unwrap_or_default(),
        )
    } else {
        let (processed, mut problems) = process_claim(ports, &due.entity_ref, entity, parsing);
        problems.extend(filled.outdated);
        (processed, problems)
    };
    Processing {
        processed,
        problems,
        asked: filled.asked,
    }
}

fn is_of_source(problem: &Problem) -> bool {
    problem.code == SOURCE_BROKEN
}

/// Runs the processors over a claim that names nothing more. What parsing found knows its place in the text, so it is
/// told instead of what processing finds in the same entity.
pub(super) fn process_claim(
    ports: &Ports,
    entity_ref: &str,
    entity: Entity,
    parsing: Vec<Problem>,
) -> (Option<Processed>, Vec<Problem>) {
    let (broken_source, parsing): (Vec<_>, Vec<_>) = parsing.into_iter().partition(is_of_source);
    let (location, origin) = annotate::locations(&entity);
    let part = location.to_string();
    let run = || run(ports, entity_ref, entity, location, origin);
    let (processed, found) = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(processed)) => {
            let found = processed.emitted.problems.clone();
            (Some(processed), found)
        }
        Ok(Err(found)) => (None, found),
        Err(_) => (None, vec![defect(entity_ref)]),
    };
    let told = if found.is_empty() || parsing.is_empty() {
        found
    } else {
        placed(&part, parsing)
    };
    (processed, told.into_iter().chain(broken_source).collect())
}

/// The problem of an entity on which a processor failed.
pub(super) const FAILED: &str = "processing-failed";

fn defect(entity_ref: &str) -> Problem {
    Problem::new(
        FAILED,
        format!("processing `{entity_ref}` failed inside the portal"),
    )
    .hint("this is a defect of the portal: the log has its cause; please report it with the entity")
}

/// Problems with the file that they are in.
fn placed(part: &str, problems: Vec<Problem>) -> Vec<Problem> {
    problems
        .into_iter()
        .map(|problem| in_part(part, problem))
        .collect()
}

/// The problem with its place as `path:line:column` before the message.
pub(super) fn in_part(part: &str, mut problem: Problem) -> Problem {
    let path = part.strip_prefix("file:").unwrap_or(part);
    let place = problem
        .span
        .take()
        .map(|span| format!(":{}:{}", span.line, span.column))
        .unwrap_or_default();
    problem.message = format!("{path}{place}: {}", problem.message);
    problem
}

fn run(
    ports: &Ports,
    entity_ref: &str,
    mut entity: Entity,
    location: LocationRef,
    origin: LocationRef,
) -> Result<Processed, Vec<Problem>> {
    let context = ProcessContext {
        location: &location,
        origin: &origin,
    };
    for processor in &ports.processors {
        processor
            .pre_process(&mut entity, &context)
            .map_err(|problem| vec![problem])?;
    }
    default_namespace(&mut entity);
    check(ports, &entity, entity_ref)?;
    let mut emitted = Emitted::default();
    for processor in &ports.processors {
        processor.post_process(&entity, &mut emitted);
    }
    Ok(Processed {
        entity,
        emitted,
        location,
        origin,
    })
}

fn default_namespace(entity: &mut Entity) {
    let metadata = entity.metadata_mut();
    if !metadata.contains_key("namespace") {
        metadata.insert("namespace".to_owned(), "default".into());
    }
}

fn check(ports: &Ports, entity: &Entity, expected: &str) -> Result<(), Vec<Problem>> {
    let mut problems = validate::envelope(entity);
    if problems.is_empty() && !is_named(entity.entity_ref().ok(), expected) {
        let message = format!("a processor renamed `{expected}`, which none may do");
        problems.push(Problem::new("entity-renamed", message));
    }
    let mut known = false;
    for processor in &ports.processors {
        if let Some(found) = processor.validate_kind(entity) {
            known = true;
            problems.extend(found);
        }
    }
    if !known && problems.is_empty() {
        let kind = entity.kind().unwrap_or_default();
        let version = entity.api_version().unwrap_or_default();
        let message =
            format!("no processor knows the kind `{kind}` with the apiVersion `{version}`");
        let hint = "check the spelling of both, or install what defines this kind";
        problems.push(
            Problem::new("unknown-kind", message)
                .path("kind")
                .hint(hint),
        );
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn is_named(found: Option<EntityRef>, expected: &str) -> bool {
    found.is_some_and(|found| found.as_str() == expected)
}
