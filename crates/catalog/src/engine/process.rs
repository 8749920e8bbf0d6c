//! From the claim that counts to the entity's own part: completed, checked, related (CAT-26).

use std::panic::{AssertUnwindSafe, catch_unwind};

use callboard_model::{Entity, EntityRef, LocationRef, Problem, validate};

use super::{Ports, annotate};
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

/// Runs the processors over one claim. What parsing found knows its place in the text, so it is told
/// instead of what processing finds in the same entity.
pub(super) fn process(ports: &Ports, due: &DueEntity) -> (Option<Processed>, Vec<Problem>) {
    let parsing: Vec<Problem> = serde_json::from_str(&due.claim_problems).unwrap_or_default();
    match serde_json::from_str(&due.claim) {
        Ok(entity) => process_claim(ports, &due.entity_ref, entity, parsing),
        Err(error) => {
            let problem = Problem::new(
                "entity-json",
                format!("the entity is no JSON object: {error}"),
            );
            (None, vec![problem])
        }
    }
}

/// The same for a claim that was only just made, and never was text.
pub(super) fn process_claim(
    ports: &Ports,
    entity_ref: &str,
    entity: Entity,
    parsing: Vec<Problem>,
) -> (Option<Processed>, Vec<Problem>) {
    let (broken_source, parsing): (Vec<_>, Vec<_>) = parsing
        .into_iter()
        .partition(|problem| problem.code == SOURCE_BROKEN);
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

fn defect(entity_ref: &str) -> Problem {
    Problem::new(
        "processing-failed",
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
