//! The table of events: nobody else reads or writes it.

use callboard_db::{Database, Migration, Migrations, Rows};
use callboard_model::Result;

use crate::row::EventRow;

/// The steps of the table.
pub(crate) const MIGRATIONS: Migrations = Migrations {
    feature: "audit",
    steps: &[Migration {
        number: 1,
        name: "events",
        sqlite: include_str!("migrations/0001_sqlite.sql"),
        postgres: include_str!("migrations/0001_postgres.sql"),
    }],
};

/// A place among the events, which are in the order of their times and ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at: i64,
    pub(crate) id: String,
}

impl Place {
    /// Before all events of the millisecond `at`.
    pub(crate) fn before(at: i64) -> Self {
        Self {
            at,
            id: String::new(),
        }
    }
}

/// Which events are asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked<'a> {
    /// Only those before it.
    pub(crate) before: &'a Place,
    /// Only those at this time or later.
    pub(crate) from: i64,
    pub(crate) actor: Option<&'a str>,
    pub(crate) event: Option<&'a str>,
    pub(crate) outcome: Option<&'a str>,
    pub(crate) limit: i64,
}

/// Stores events in one transaction; those that are stored already stay as they are.
pub(crate) async fn insert(database: &Database, events: &[&EventRow]) -> Result<()> {
    const SQL: &str = "WITH item (id, at, event, actor, outcome, request_id, details) AS ($rows)
        INSERT INTO audit_events (id, at, event, actor, outcome, request_id, details)
        SELECT id, at, event, actor, outcome, request_id, details FROM item WHERE true
        ON CONFLICT (id) DO NOTHING";
    let rows = Rows::of_texts(events.iter().map(|event| event.id.as_str()))
        .ints(events.iter().map(|event| event.at))
        .texts(events.iter().map(|event| event.event.as_str()))
        .texts(events.iter().map(|event| event.actor.as_str()))
        .texts(events.iter().map(|event| event.outcome.as_str()))
        .texts(events.iter().map(|event| event.request_id.as_str()))
        .texts(events.iter().map(|event| event.details.as_str()));
    let mut tx = database.begin().await?;
    tx.execute_rows(SQL, &[], &rows).await?;
    tx.commit().await
}

/// One text for each set of filters, so that each is answered from its index.
macro_rules! events {
    ($filters:literal) => {
        concat!(
            "SELECT id, at, event, actor, outcome, request_id, details FROM audit_events
            WHERE (at, id) < ($1, $2) AND at >= $3",
            $filters,
            " ORDER BY at DESC, id DESC LIMIT $4"
        )
    };
}

/// The newest of the events that are asked for, the newest first.
pub(crate) async fn events(database: &Database, asked: &Asked<'_>) -> Result<Vec<EventRow>> {
    let filters = [asked.actor, asked.event, asked.outcome];
    let sql = match filters.map(|filter| filter.is_some()) {
        [false, false, false] => events!(""),
        [true, false, false] => events!(" AND actor = $5"),
        [false, true, false] => events!(" AND event = $5"),
        [false, false, true] => events!(" AND outcome = $5"),
        [true, true, false] => events!(" AND actor = $5 AND event = $6"),
        [true, false, true] => events!(" AND actor = $5 AND outcome = $6"),
        [false, true, true] => events!(" AND event = $5 AND outcome = $6"),
        [true, true, true] => events!(" AND actor = $5 AND event = $6 AND outcome = $7"),
    };
    let before = asked.before;
    let mut params = vec![
        before.at.into(),
        before.id.as_str().into(),
        asked.from.into(),
        asked.limit.into(),
    ];
    params.extend(filters.into_iter().flatten().map(Into::into));
    type Event = (String, i64, String, String, String, String, String);
    let rows: Vec<Event> = database.fetch(sql, &params).await?;
    let events =
        rows.into_iter().map(
            |(id, at, event, actor, outcome, request_id, details)| EventRow {
                id,
                at,
                event,
                actor,
                outcome,
                request_id,
                details,
            },
        );
    Ok(events.collect())
}

/// The newest event of those beyond the newest `most`.
pub(crate) async fn first_beyond(database: &Database, most: i64) -> Result<Option<Place>> {
    const SQL: &str = "SELECT at, id FROM audit_events ORDER BY at DESC, id DESC LIMIT 1 OFFSET $1";
    let rows: Vec<(i64, String)> = database.fetch(SQL, &[most.into()]).await?;
    Ok(rows.into_iter().next().map(|(at, id)| Place { at, id }))
}

/// Deletes at most `limit` events up to `through`, the oldest first and none that another process deletes at the
/// same time; says how many.
pub(crate) async fn delete(database: &Database, through: &Place, limit: i64) -> Result<u64> {
    const CHOOSE: &str = "SELECT id FROM audit_events WHERE (at, id) <= ($1, $2)
        ORDER BY at, id LIMIT $3 FOR UPDATE SKIP LOCKED";
    const DELETE: &str = "WITH item (r) AS ($rows)
        DELETE FROM audit_events WHERE id IN (SELECT r FROM item)";
    let params = [through.at.into(), through.id.as_str().into(), limit.into()];
    let mut tx = database.begin().await?;
    let chosen: Vec<(String,)> = tx.fetch(CHOOSE, &params).await?;
    let rows = Rows::of_texts(chosen.iter().map(|row| row.0.as_str()));
    let deleted = tx.execute_rows(DELETE, &[], &rows).await?;
    tx.commit().await?;
    Ok(deleted)
}
