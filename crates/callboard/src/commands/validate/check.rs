//! Reads and checks files, in parallel.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use callboard_model::kinds::Kinds;
use callboard_model::parse::{self, Parsed};
use callboard_model::{EntityRef, Problem, Span, yaml};
use rayon::prelude::*;

use super::finding::Finding;
use super::walk::Candidate;

/// What the check of all files came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Files that were checked.
    pub(super) files: usize,
    /// Skeletons of templates, which become entity files only when a template is used.
    pub(super) skeletons: usize,
    /// Entities in those files.
    pub(super) entities: usize,
    /// In the order of the files, and inside a file in the order of the text.
    pub(super) findings: Vec<Finding>,
}

/// Checks `files`.
pub(super) fn all(files: &[Candidate], kinds: &Kinds, options: &yaml::Options) -> Outcome {
    let checked: Vec<_> = files
        .par_iter()
        .map(|candidate| check(candidate, kinds, options))
        .collect();
    let mut outcome = Outcome::default();
    let mut first = HashMap::new();
    for file in checked {
        let Checked::File {
            name,
            entities,
            mut findings,
        } = file
        else {
            outcome.skeletons += 1;
            continue;
        };
        outcome.files += 1;
        outcome.entities += entities.len();
        for entity in entities {
            findings.extend(duplicate(&mut first, &name, entity));
        }
        findings.sort_by_key(Finding::start);
        outcome.findings.extend(findings);
    }
    outcome
}

enum Checked {
    File {
        name: String,
        entities: Vec<Named>,
        findings: Vec<Finding>,
    },
    Skeleton,
}

/// An entity of a file, for the search for duplicates between files.
struct Named {
    entity_ref: EntityRef,
    span: Span,
    /// The line that a report about it shows.
    line: Vec<u8>,
}

fn check(candidate: &Candidate, kinds: &Kinds, options: &yaml::Options) -> Checked {
    let name = name(&candidate.path);
    let bytes = match read(&candidate.path, options.max_bytes) {
        Ok(bytes) => bytes,
        Err(error) => {
            let problem = Problem::new(
                "unreadable-file",
                format!("the file cannot be read: {error}"),
            );
            let findings = vec![Finding::new(&name, None, problem, b"")];
            return Checked::File {
                name,
                entities: Vec::new(),
                findings,
            };
        }
    };
    let parsed = parse::entities(&bytes, kinds, options);
    if !candidate.named && is_skeleton(&parsed, &bytes) {
        return Checked::Skeleton;
    }
    file(name, parsed, &bytes, candidate.named)
}

fn file(name: String, parsed: Parsed, bytes: &[u8], named: bool) -> Checked {
    let mut findings: Vec<_> = parsed
        .problems
        .into_iter()
        .map(|problem| Finding::new(&name, None, problem, bytes))
        .collect();
    let mut entities = Vec::new();
    for found in parsed.entities {
        let Ok(entity_ref) = found.entity.entity_ref() else {
            continue;
        };
        findings.extend(
            found
                .problems
                .into_iter()
                .map(|problem| Finding::new(&name, Some(entity_ref.to_string()), problem, bytes)),
        );
        entities.push(Named {
            entity_ref,
            span: found.span,
            line: first_line(bytes, found.span),
        });
    }
    if entities.is_empty() && findings.is_empty() && named {
        let problem = Problem::new("no-entities", "the file holds no entity")
            .hint("write `apiVersion`, `kind`, `metadata` and `spec`, or leave the file out");
        findings.push(Finding::new(&name, None, problem, bytes));
    }
    Checked::File {
        name,
        entities,
        findings,
    }
}

/// What a person calls the file.
fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "<standard input>".to_owned();
    }
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// Reads no more than one byte above the limit, which is enough to be refused.
fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Whether this is no entity file yet: it has a placeholder for its name, or template statements.
fn is_skeleton(parsed: &Parsed, bytes: &[u8]) -> bool {
    let problems = parsed
        .problems
        .iter()
        .chain(parsed.entities.iter().flat_map(|entity| &entity.problems))
        .collect::<Vec<_>>();
    if problems.is_empty() {
        return false;
    }
    let contains = |text: &[u8], part: &[u8]| text.windows(part.len()).any(|window| window == part);
    let placeholder = |problem: &&Problem| {
        problem.path.as_deref() == Some("metadata.name")
            && problem
                .span
                .and_then(|span| bytes.get(span.start..span.end))
                .is_some_and(|text| contains(text, b"${{"))
    };
    problems.iter().any(placeholder) || contains(bytes, b"{%")
}

fn first_line(bytes: &[u8], span: Span) -> Vec<u8> {
    let from = bytes.get(span.start..).unwrap_or_default();
    from.split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default()
        .to_vec()
}

fn duplicate(
    first: &mut HashMap<EntityRef, (String, usize)>,
    file: &str,
    entity: Named,
) -> Option<Finding> {
    match first.entry(entity.entity_ref) {
        Entry::Vacant(free) => {
            free.insert((file.to_owned(), entity.span.line));
            None
        }
        Entry::Occupied(taken) => {
            let (other, line) = taken.get();
            let entity_ref = taken.key().to_string();
            let message = format!("`{entity_ref}` is already defined in {other}:{line}");
            let problem = Problem::new("duplicate-entity", message)
                .hint("rename or remove one of them")
                .path("metadata.name");
            let mut finding = Finding::new(
                file,
                Some(entity_ref),
                problem.span(Span {
                    start: 0,
                    end: entity.line.len(),
                    ..entity.span
                }),
                &entity.line,
            );
            finding.problem.span = Some(entity.span);
            Some(finding)
        }
    }
}
