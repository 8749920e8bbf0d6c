//! Records changes in the transaction that makes them.

use std::collections::HashMap;

use callboard_db::{Rows, Tx};
use callboard_model::Result;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::diff::Diff;
use crate::sql::entities::FinalRow;
use crate::sql::history::{self, EventRow, Former};

/// Others find a new entity one after the other, the more of them the larger a load is. Their relations are taken to
/// belong to its creation for this long (milliseconds).
const SETTLING: i64 = 5 * 60 * 1_000;
/// Entities whose own halves are in memory at once.
const CHUNK: usize = 1_000;

/// Records what becomes of `changed`, which are about to be written.
pub(crate) async fn record(tx: &mut Tx, changed: &mut [FinalRow]) -> Result<()> {
    if changed.is_empty() || !history::is_on(tx).await? {
        return Ok(());
    }
    for row in changed.iter_mut() {
        row.tells_creation = row.is_new;
    }
    let known = changed.iter().filter(|row| !row.is_new);
    let known = Rows::of_texts(known.map(|row| row.r.as_str()));
    let mut former: HashMap<String, Former> = history::former(tx, SETTLING, &known)
        .await?
        .into_iter()
        .map(|former| (former.entity_ref.clone(), former))
        .collect();
    let pairs: Vec<(&mut FinalRow, Former)> = changed
        .iter_mut()
        .filter_map(|row| former.remove(&row.r).map(|former| (row, former)))
        .collect();
    let outcomes: Vec<Outcome> = pairs
        .into_par_iter()
        .map(|(row, former)| {
            let outcome = Outcome::of(row, former);
            row.tells_creation = outcome.moves_creation;
            outcome
        })
        .collect();
    let renewed = outcomes.iter().filter_map(|one| one.renewed.as_deref());
    history::forget_former(tx, &Rows::of_texts(renewed)).await?;
    let events: Vec<EventRow> = outcomes.into_iter().flat_map(|one| one.events).collect();
    history::write(tx, &events).await
}

/// What a change of a known entity comes to.
#[derive(Debug, Default)]
struct Outcome {
    events: Vec<EventRow>,
    /// The entity, when its own half is another one now.
    renewed: Option<String>,
    /// Whether its row tells of its creation still, at the new revision.
    moves_creation: bool,
}

impl Outcome {
    fn of(row: &FinalRow, former: Former) -> Self {
        let renewed = former.own.as_ref().map(|_| former.entity_ref.clone());
        let diff = diff_of(row, &former);
        if diff.is_none() {
            return Self {
                renewed,
                moves_creation: former.tells_creation,
                ..Self::default()
            };
        }
        let created = former.tells_creation.then(|| EventRow {
            id: former.revision,
            at: former.created_at,
            kind: "created".to_owned(),
            entity_ref: former.entity_ref.clone(),
            uid: former.uid.clone(),
            source: source_of(former.own.as_ref().unwrap_or(&former.own_now)),
            diff: String::new(),
        });
        let updated = EventRow {
            id: row.revision,
            at: 0,
            kind: "updated".to_owned(),
            // What others declare changes nothing in the own half.
            source: match renewed {
                Some(_) => source_of(&former.own_now),
                None => String::new(),
            },
            entity_ref: former.entity_ref,
            uid: former.uid,
            diff: diff.unwrap_or_default(),
        };
        Self {
            events: created.into_iter().chain([updated]).collect(),
            renewed,
            moves_creation: false,
        }
    }
}

/// The difference as JSON; `None` when there is none that is to be told.
fn diff_of(row: &FinalRow, former: &Former) -> Option<String> {
    let mut diff = Diff::default();
    if let Some(own) = &former.own {
        diff.compare(&parsed(own), &parsed(&former.own_now));
    } else if former.tells_creation && former.settles {
        return None;
    }
    diff.compare(&members(&former.tail), &members(&row.tail));
    (!diff.is_empty()).then(|| diff.to_json())
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// The members that end a final entity, as an object.
fn members(tail: &str) -> Value {
    parsed(&format!("{{{tail}}}"))
}

/// The location that an entity was read from, by its own half.
pub(crate) fn source_of(own: impl AsRef<str>) -> String {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Own {
        metadata: Metadata,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Metadata {
        annotations: Annotations,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Annotations {
        #[serde(rename = "backstage.io/managed-by-location")]
        location: String,
    }
    let own: Own = serde_json::from_str(own.as_ref()).unwrap_or_default();
    own.metadata.annotations.location
}

/// An entity that is about to go.
#[derive(Debug)]
pub(crate) struct Leaving {
    uid: String,
    source: String,
    /// Its creation, when only its row tells of it.
    created: Option<EventRow>,
}

/// Notes about `refs`, which are about to go; none when nothing is recorded.
pub(crate) async fn leaving(tx: &mut Tx, refs: &[String]) -> Result<HashMap<String, Leaving>> {
    let mut leaving = HashMap::new();
    if !history::is_on(tx).await? {
        return Ok(leaving);
    }
    for chunk in refs.chunks(CHUNK) {
        let rows = Rows::of_texts(chunk.iter().map(String::as_str));
        for (entity_ref, uid, created_revision, created_at, own) in
            history::leaving(tx, &rows).await?
        {
            let source = source_of(&own);
            let created = (created_revision > 0).then(|| EventRow {
                id: created_revision,
                at: created_at,
                kind: "created".to_owned(),
                entity_ref: entity_ref.clone(),
                uid: uid.clone(),
                source: source.clone(),
                diff: String::new(),
            });
            let note = Leaving {
                uid,
                source,
                created,
            };
            leaving.insert(entity_ref, note);
        }
    }
    Ok(leaving)
}

/// Records that entities went, each at its revision.
pub(crate) async fn record_removals(
    tx: &mut Tx,
    mut leaving: HashMap<String, Leaving>,
    gone: &[(String, i64)],
) -> Result<()> {
    for chunk in gone.chunks(CHUNK) {
        let mut events = Vec::with_capacity(2 * chunk.len());
        for (entity_ref, revision) in chunk {
            let Some(note) = leaving.remove(entity_ref) else {
                continue;
            };
            events.extend(note.created);
            events.push(EventRow {
                id: *revision,
                kind: "deleted".to_owned(),
                entity_ref: entity_ref.clone(),
                uid: note.uid,
                source: note.source,
                ..EventRow::default()
            });
        }
        history::write(tx, &events).await?;
    }
    Ok(())
}
