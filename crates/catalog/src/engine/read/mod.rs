//! Reads the locations that entities name; the one step that waits for a source.
//!
//! A read is taken on for a time and kept by renewing it, so that no lock is held while a source is slow, and another
//! process takes over when this one dies. What is there is written window by window while more is being read.

mod parts;
mod some_parts;
mod window;

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use callboard_db::{Dialect, Retries, Rows};
use callboard_model::{Entity, EntityRef, Error, LocationRef, Problem, Result};
use tokio::sync::mpsc;
use tokio::time::interval;

use self::parts::Collected;
use super::process::{self, Processed};
use super::{Engine, Ports};
use crate::processor::{EmittedLocation, PartSink, ReadRequest};
use crate::sql::claims;
use crate::sql::entities;
use crate::sql::reads::{self, Ended, TakenRead};
use crate::trace::{step, within};

/// How long a read is left to this process without a sign of life (milliseconds).
const HELD: i64 = 20_000;
/// How often to give that sign.
const SIGN: Duration = Duration::from_secs(5);
/// When to try again after the database failed (milliseconds).
const AGAIN: i64 = 2_000;
/// Parts that wait to be written.
pub(super) const WAITING: usize = 128;

/// What an entity wants read, and from where.
pub(super) struct Reads {
    pub(super) owner: EntityRef,
    pub(super) source: String,
    pub(super) locations: Vec<EmittedLocation>,
    /// What its processors emitted; stored as if it had been read.
    pub(super) emitted: Vec<Entity>,
    pub(super) base: LocationRef,
    pub(super) origin: LocationRef,
    /// The parts read last time, with their fingerprints.
    pub(super) known: HashMap<String, String>,
    /// In how many milliseconds to read them again, when nothing tells that they changed.
    pub(super) again: Option<i64>,
    /// The parts that are meant, when not all are.
    pub(super) only: Option<Vec<String>>,
}

impl Engine {
    /// Takes on at most `most` reads that are due.
    pub(super) async fn take_reads(&self, most: usize) -> Result<Vec<TakenRead>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        if reads::next_in(&self.database).await? != Some(0) {
            return Ok(Vec::new());
        }
        let mut tx = self.database.begin().await?;
        let taken = reads::take(&mut tx, &self.holder, HELD, most).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Reads what `taken` names. A failure is logged, and the read comes again.
    pub(super) async fn read(&self, taken: TakenRead) {
        let Err(error) = self.try_read(&taken).await else {
            return;
        };
        tracing::error!(error = ?error, entity = taken.entity_ref, "reading its locations pauses");
        let ended = async {
            let mut tx = self.database.begin().await?;
            let ended = Ended::Failed { again: AGAIN };
            reads::end(&mut tx, &taken.entity_ref, &self.holder, ended).await?;
            tx.commit().await
        };
        if let Err(error) = ended.await {
            tracing::debug!(error = ?error, "the read is taken up again when its time is over");
        }
    }

    async fn try_read(&self, taken: &TakenRead) -> Result<()> {
        let span = step!("LocationRead", entity = taken.entity_ref);
        let reading = within(span, self.read_and_write(taken));
        self.while_held(taken, reading).await?;
        self.wake();
        Ok(())
    }

    /// Runs `work` and keeps the read for this process meanwhile.
    async fn while_held(
        &self,
        taken: &TakenRead,
        work: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        let signs = async {
            // The first one is due at once; the read was only just taken on.
            let mut due = interval(SIGN);
            due.tick().await;
            loop {
                due.tick().await;
                let mut tx = self.database.begin().await?;
                let held = reads::hold(&mut tx, &taken.entity_ref, &self.holder, HELD).await?;
                tx.commit().await?;
                if !held {
                    return Err(lost(&taken.entity_ref));
                }
            }
        };
        tokio::select! {
            done = work => done,
            ended = signs => ended,
        }
    }

    async fn read_and_write(&self, taken: &TakenRead) -> Result<()> {
        let (Some(ports), Some(reads)) = (self.ports.get(), self.reads_of(taken).await?) else {
            return self.end_unread(taken).await;
        };
        let (sender, receiver) = mpsc::channel(WAITING);
        let reading = read_all(ports, &reads, PartSink::new(sender));
        let writing = self.write_windows(taken, &reads, receiver);
        let ((problems, complete), collected) = tokio::join!(reading, writing);
        let mut collected: Collected = collected?;
        if complete {
            collected.forget_unseen(&reads.known);
        } else if reads.only.is_some() {
            return Err(incomplete(&taken.entity_ref));
        }
        let mut retries = Retries::default();
        while let Err(error) = self.end_read(taken, &reads, &collected, &problems).await {
            if !retries.again(&error).await {
                return Err(error);
            }
        }
        Ok(())
    }

    /// What the entity of `taken` names now; nothing when it is gone or not good.
    async fn reads_of(&self, taken: &TakenRead) -> Result<Option<Reads>> {
        let rows = Rows::of_texts([taken.entity_ref.as_str()]);
        let Some(due) = entities::look_claim(&self.database, &rows).await? else {
            return Ok(None);
        };
        let Some(ports) = self.ports.get() else {
            return Ok(None);
        };
        let fetched = self.documents_of(&rows).await?;
        let Some(processed) = process::process(ports, &due, &fetched).processed else {
            return Ok(None);
        };
        let Processed {
            emitted,
            location,
            origin,
            ..
        } = processed;
        let source = format!("entity:{}", taken.entity_ref);
        let known = match &taken.parts {
            Some(parts) => claims::fingerprints(&self.database, &source, parts).await?,
            None => claims::parts(&self.database, &source).await?,
        };
        let unwatched = emitted
            .locations
            .iter()
            .any(|named| is_unwatched(ports, named, &location));
        let again = unwatched.then(|| ports.polling.next(&taken.entity_ref, taken.requested));
        Ok(Some(Reads {
            again,
            owner: parse(&taken.entity_ref)?,
            source,
            locations: emitted.locations,
            emitted: emitted.entities,
            base: location,
            origin,
            known: known.into_iter().collect(),
            only: taken.parts.clone(),
        }))
    }

    async fn end_unread(&self, taken: &TakenRead) -> Result<()> {
        let mut tx = self.database.begin().await?;
        reads::end(&mut tx, &taken.entity_ref, &self.holder, taken.ended(None)).await?;
        tx.commit().await
    }

    /// On a database that only this process works on, nobody else can hold a read.
    pub(super) fn is_alone(&self) -> bool {
        self.database.dialect() == Dialect::Sqlite
    }
}

fn parse(entity_ref: &str) -> Result<EntityRef> {
    entity_ref.parse().map_err(|error| {
        Error::internal("catalog-owner", "a stored reference does not parse").source(error)
    })
}

fn lost(entity_ref: &str) -> Error {
    let message = format!("another process reads the locations of `{entity_ref}` now");
    Error::unavailable("read-lost", message)
}

fn incomplete(entity_ref: &str) -> Error {
    let message = format!("some parts of the locations of `{entity_ref}` cannot be read alone");
    Error::unavailable("read-incomplete", message)
}

/// Reads every location; answers what is wrong with them as a whole, and whether all is known about them now.
pub(super) async fn read_all(
    ports: &Ports,
    reads: &Reads,
    parts: PartSink,
) -> (Vec<Problem>, bool) {
    let (mut problems, mut complete) = (Vec::new(), true);
    // What changed was told by a reader that watches.
    let meant = |location: &&EmittedLocation| {
        reads.only.is_none() || !is_unwatched(ports, location, &reads.base)
    };
    for location in reads.locations.iter().filter(meant) {
        match read_one(ports, reads, location, parts.clone()).await {
            Ok(found) => problems.extend(found),
            Err(error) => {
                complete = false;
                problems.push(location_problem(location, &error));
            }
        }
    }
    (problems, complete)
}

async fn read_one(
    ports: &Ports,
    reads: &Reads,
    location: &EmittedLocation,
    parts: PartSink,
) -> Result<Vec<Problem>> {
    let location_type = location
        .location_type
        .as_deref()
        .unwrap_or(&reads.base.kind);
    let reader = ports
        .readers
        .get(location_type)
        .ok_or_else(|| nothing_reads(ports, location_type))?;
    if location_type != reads.base.kind && !ports.may_be_registered(location_type) {
        return Err(not_from_there(location_type, &reads.base));
    }
    let request = ReadRequest {
        on_behalf_of: &reads.owner,
        base: &reads.base,
        origin: &reads.origin,
        target: &location.target,
        optional: location.optional,
        known: &reads.known,
        only: reads.only.as_deref(),
    };
    reader.read(request, parts).await
}

/// Whether nothing tells when the location changes, so that it has to be looked at again and again.
fn is_unwatched(ports: &Ports, location: &EmittedLocation, base: &LocationRef) -> bool {
    let location_type = location.location_type.as_deref().unwrap_or(&base.kind);
    let reader = ports.readers.get(location_type);
    reader.is_some_and(|reader| !reader.watches())
}

/// What is written on another machine names no files of this one.
fn not_from_there(location_type: &str, base: &LocationRef) -> Error {
    let message = format!("`{base}` may not name a location of type `{location_type}`");
    Error::invalid("location-type-not-allowed", message)
        .hint("give it an entry of its own in `catalog.locations`")
}

fn nothing_reads(ports: &Ports, location_type: &str) -> Error {
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
