//! Locations without files: shelves that a test fills, and their reader.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use callboard_model::parse::{Parsed, ParsedEntity};
use callboard_model::{Error, Problem, Result, Span};

use super::steps::{Content, Step, place};
use crate::processor::{LocationReader, Part, PartContent, PartSink, ReadRequest};

/// What is on the shelves; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelves(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    /// A number for each change, and what is there; nothing when it cannot be read.
    shelves: BTreeMap<char, (usize, Option<Content>)>,
    blocked: BTreeSet<String>,
    changes: usize,
}

impl Shelves {
    /// Does what `step` says, if it is about shelves.
    pub(super) fn play(&self, step: &Step) {
        let mut inner = self.0.lock().unwrap();
        inner.changes += 1;
        let number = inner.changes;
        match step {
            Step::Fill(shelf, content) => {
                inner
                    .shelves
                    .insert(*shelf, (number, Some(content.clone())));
            }
            Step::Smear(shelf) => {
                if let Some(found) = inner.shelves.get_mut(shelf) {
                    *found = (number, None);
                }
            }
            Step::Clear(shelf) => {
                inner.shelves.remove(shelf);
            }
            Step::Block(target, true) => {
                inner.blocked.insert(target.clone());
            }
            Step::Block(target, false) => {
                inner.blocked.remove(target);
            }
            Step::Full(..) | Step::Delta(..) | Step::Restart => {}
        }
    }

    /// What a reader finds at `target`, shelf by shelf; nothing when the way is blocked.
    pub(super) fn at(&self, target: &str) -> Option<Vec<(char, Option<Content>)>> {
        let inner = self.0.lock().unwrap();
        let content = |shelf| Some((shelf, inner.shelves.get(&shelf)?.1.clone()));
        (!inner.blocked.contains(target)).then(|| target.chars().filter_map(content).collect())
    }
}

/// Reads shelves: a target names some by their letters.
pub(super) struct ShelfReader(pub(super) Shelves);

#[async_trait]
impl LocationReader for ShelfReader {
    fn location_type(&self) -> &str {
        "shelf"
    }

    async fn read(&self, request: ReadRequest<'_>, parts: PartSink) -> Result<Vec<Problem>> {
        let found: Vec<Part> = {
            let inner = self.0.0.lock().unwrap();
            if inner.blocked.contains(request.target) {
                return Err(Error::unavailable("blocked", "the way is blocked"));
            }
            let shelves = request.target.chars();
            shelves
                .filter_map(|shelf| Some(part(shelf, inner.shelves.get(&shelf)?, &request)))
                .collect()
        };
        for part in found {
            parts.give(part).await;
        }
        Ok(Vec::new())
    }
}

fn part(
    shelf: char,
    (number, content): &(usize, Option<Content>),
    request: &ReadRequest<'_>,
) -> Part {
    let (location, fingerprint) = (place(shelf), number.to_string());
    let known = request.known.get(&location.to_string()) == Some(&fingerprint);
    let content = match content {
        _ if known => PartContent::Unchanged,
        None => PartContent::Unreadable(Problem::new("smeared", "it is smeared")),
        Some(content) => PartContent::Read(parsed(content)),
    };
    Part {
        location,
        fingerprint,
        content,
    }
}

fn parsed(content: &Content) -> Parsed {
    let entities = content.entities.iter().map(|written| ParsedEntity {
        entity: written.entity(),
        span: Span {
            start: 0,
            end: 0,
            line: 1,
            column: 1,
        },
        problems: Vec::new(),
    });
    let torn = content.torn.then(|| Problem::new("torn", "a page is torn"));
    Parsed {
        entities: entities.collect(),
        problems: torn.into_iter().collect(),
    }
}
