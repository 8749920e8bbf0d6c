//! What happened to final entities.

use callboard_db::{Database, Rows, Tx};
use callboard_model::Result;

/// A change of a final entity, or its beginning, or its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EventRow {
    /// The revision of the change.
    pub(crate) id: i64,
    /// Unix time, ms; 0 to be written as now.
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) entity_ref: String,
    pub(crate) uid: String,
    pub(crate) source: String,
    pub(crate) diff: String,
}

type Event = (i64, i64, String, String, String, String, String);

/// Starts to record changes, or no longer does.
pub(crate) async fn switch(database: &Database, on: bool) -> Result<()> {
    let mut tx = database.begin().await?;
    let before = super::exchange(&mut tx, "history", i64::from(on)).await?;
    if on && before == Some(0) {
        // What was kept before the pause is not what people see now.
        const FORGET: &str = "UPDATE catalog_processed SET former = NULL WHERE former IS NOT NULL";
        tx.execute(FORGET, &[]).await?;
    }
    tx.commit().await
}

/// Whether changes are recorded.
pub(crate) async fn is_on(tx: &mut Tx) -> Result<bool> {
    const SQL: &str = "SELECT value FROM catalog_state WHERE key = 'history'";
    let rows: Vec<(i64,)> = tx.fetch(SQL, &[]).await?;
    Ok(rows.first().is_some_and(|row| row.0 == 1))
}

/// A final entity as people saw it before a change.
#[derive(Debug)]
pub(crate) struct Former {
    pub(crate) entity_ref: String,
    pub(crate) uid: String,
    /// Empty when it is not asked for, see [`former`].
    pub(crate) tail: String,
    pub(crate) revision: i64,
    pub(crate) created_at: i64,
    /// Whether its row still tells of its creation.
    pub(crate) tells_creation: bool,
    /// Whether it was created so lately that others are still finding it.
    pub(crate) settles: bool,
    /// The own half that people saw, if there is a newer one now.
    pub(crate) own: Option<String>,
    /// The own half now; empty when it is not asked for.
    pub(crate) own_now: String,
}

/// What people saw of `refs`. Of those that settle, which is for `settling` milliseconds, and whose own half is the
/// same, only that.
pub(crate) async fn former(tx: &mut Tx, settling: i64, refs: &Rows<'_>) -> Result<Vec<Former>> {
    const SQL: &str = "WITH item (r) AS ($rows), known AS (
            SELECT e.entity_ref, e.uid, e.tail, e.revision, e.created_at, p.former, p.entity,
                CASE WHEN e.revision = e.created_revision THEN 1 ELSE 0 END AS tells,
                CASE WHEN e.created_at > now_ms() - $1 THEN 1 ELSE 0 END AS settles
            FROM item JOIN catalog_entities e ON e.entity_ref = item.r
            JOIN catalog_processed p ON p.entity_ref = item.r
        )
        SELECT entity_ref, uid, CASE WHEN former IS NULL AND tells = 1 AND settles = 1 THEN '' ELSE tail END,
            revision, created_at, CAST(tells AS BIGINT), CAST(settles AS BIGINT), former,
            CASE WHEN former IS NOT NULL OR (tells = 1 AND settles = 0) THEN entity ELSE '' END
        FROM known";
    type Row = (
        String,
        String,
        String,
        i64,
        i64,
        i64,
        i64,
        Option<String>,
        String,
    );
    let rows: Vec<Row> = tx.fetch_rows(SQL, &[settling.into()], refs).await?;
    let formers = rows.into_iter().map(
        |(entity_ref, uid, tail, revision, created_at, tells, settles, own, own_now)| Former {
            entity_ref,
            uid,
            tail,
            revision,
            created_at,
            tells_creation: tells == 1,
            settles: settles == 1,
            own,
            own_now,
        },
    );
    Ok(formers.collect())
}

/// People see the newer own half of `refs` now.
pub(crate) async fn forget_former(tx: &mut Tx, refs: &Rows<'_>) -> Result<()> {
    const SQL: &str = "WITH item (r) AS ($rows)
        UPDATE catalog_processed SET former = NULL WHERE entity_ref IN (SELECT r FROM item)";
    tx.execute_rows(SQL, &[], refs).await?;
    Ok(())
}

/// Records changes.
pub(crate) async fn write(tx: &mut Tx, events: &[EventRow]) -> Result<()> {
    const SQL: &str = "WITH item (id, at, type, r, uid, source, diff) AS ($rows)
        INSERT INTO catalog_history (id, at, type, entity_ref, uid, source, diff)
        SELECT id, CASE WHEN at = 0 THEN now_ms() ELSE at END, type, r, uid, source, diff FROM item WHERE true
        ON CONFLICT (id) DO NOTHING";
    let rows = Rows::of_ints(events.iter().map(|event| event.id))
        .ints(events.iter().map(|event| event.at))
        .texts(events.iter().map(|event| event.kind.as_str()))
        .texts(events.iter().map(|event| event.entity_ref.as_str()))
        .texts(events.iter().map(|event| event.uid.as_str()))
        .texts(events.iter().map(|event| event.source.as_str()))
        .texts(events.iter().map(|event| event.diff.as_str()));
    tx.execute_rows(SQL, &[], &rows).await?;
    Ok(())
}

/// An entity that is about to go: (reference, uid, revision and time of the event of its creation or 0, own half).
pub(crate) type Leaving = (String, String, i64, i64, String);

/// What is known of `refs`, which are about to go.
pub(crate) async fn leaving(tx: &mut Tx, refs: &Rows<'_>) -> Result<Vec<Leaving>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT e.entity_ref, e.uid, CASE WHEN e.revision = e.created_revision THEN e.revision ELSE 0 END,
            e.created_at, COALESCE(p.former, p.entity)
        FROM item JOIN catalog_entities e ON e.entity_ref = item.r
        JOIN catalog_processed p ON p.entity_ref = item.r";
    tx.fetch_rows(SQL, &[], refs).await
}

/// A part of the history.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part<'a> {
    /// Only of this entity.
    pub(crate) entity_ref: Option<&'a str>,
    /// Only events with larger ids.
    pub(crate) above: i64,
    /// Only events with smaller ids.
    pub(crate) below: i64,
    /// The newest first.
    pub(crate) newest_first: bool,
    pub(crate) limit: i64,
}

/// Stored events, and those that rows of entities tell. Both are read in the order of ids, so that a page costs the
/// same however much has happened.
macro_rules! events {
    ($order:literal, $of_stored:literal, $of_told:literal) => {
        concat!(
            "SELECT * FROM (SELECT id, at, type, entity_ref, uid, source, diff FROM catalog_history
                WHERE id > (SELECT value FROM catalog_state WHERE key = 'history_from') AND id > $1 AND id < $2",
            $of_stored,
            " ORDER BY id ", $order, " LIMIT $3) stored
            UNION ALL SELECT * FROM (SELECT revision, created_at, 'created', entity_ref, uid, '', ''
                FROM catalog_entities WHERE revision = created_revision
                AND revision > (SELECT value FROM catalog_state WHERE key = 'history_from')
                AND revision > $1 AND revision < $2",
            $of_told,
            " ORDER BY revision ", $order, " LIMIT $3) told
            ORDER BY 1 ", $order, " LIMIT $3"
        )
    };
}

/// Reads a part of the history.
pub(crate) async fn events(database: &Database, part: &Part<'_>) -> Result<Vec<EventRow>> {
    const DESC: &str = events!("DESC", "", "");
    const ASC: &str = events!("ASC", "", "");
    const DESC_OF: &str = events!("DESC", " AND entity_ref = $4", " AND entity_ref = $4");
    const ASC_OF: &str = events!("ASC", " AND entity_ref = $4", " AND entity_ref = $4");
    let mut params = vec![part.above.into(), part.below.into(), part.limit.into()];
    params.extend(part.entity_ref.map(Into::into));
    let sql = match (part.newest_first, part.entity_ref.is_some()) {
        (true, false) => DESC,
        (false, false) => ASC,
        (true, true) => DESC_OF,
        (false, true) => ASC_OF,
    };
    let rows: Vec<Event> = database.fetch(sql, &params).await?;
    let events = rows
        .into_iter()
        .map(|(id, at, kind, entity_ref, uid, source, diff)| EventRow {
            id,
            at,
            kind,
            entity_ref,
            uid,
            source,
            diff,
        });
    Ok(events.collect())
}

/// The own halves of `refs` as they are.
pub(crate) async fn own_halves(
    database: &Database,
    refs: &Rows<'_>,
) -> Result<Vec<(String, String)>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT p.entity_ref, p.entity FROM item JOIN catalog_processed p ON p.entity_ref = item.r";
    database.fetch_rows(SQL, &[], refs).await
}

/// Which entity had this uid, of those that are gone.
pub(crate) async fn gone_with_uid(database: &Database, uid: &str) -> Result<Option<String>> {
    const SQL: &str =
        "SELECT entity_ref FROM catalog_history WHERE uid = $1 AND type = 'deleted' LIMIT 1";
    let rows: Vec<(String,)> = database.fetch(SQL, &[uid.into()]).await?;
    Ok(rows.into_iter().next().map(|row| row.0))
}

/// The oldest events that are left: (id, time, time now).
pub(crate) async fn oldest(database: &Database, limit: i64) -> Result<Vec<(i64, i64, i64)>> {
    const SQL: &str = "SELECT id, at, now_ms() FROM (
            SELECT * FROM (SELECT id, at FROM catalog_history
                WHERE id > (SELECT value FROM catalog_state WHERE key = 'history_from') ORDER BY id LIMIT $1) stored
            UNION ALL SELECT * FROM (SELECT revision, created_at FROM catalog_entities
                WHERE revision = created_revision
                AND revision > (SELECT value FROM catalog_state WHERE key = 'history_from')
                ORDER BY revision LIMIT $1) told
        ) oldest ORDER BY id LIMIT $1";
    database.fetch(SQL, &[limit.into()]).await
}

/// The newest stored event of those beyond the newest `most`.
pub(crate) async fn first_beyond(database: &Database, most: i64) -> Result<Option<i64>> {
    const SQL: &str = "SELECT id FROM catalog_history ORDER BY id DESC LIMIT 1 OFFSET $1";
    let rows: Vec<(i64,)> = database.fetch(SQL, &[most.into()]).await?;
    Ok(rows.first().map(|row| row.0))
}

/// Forgets all events up to `through`, and deletes at most `limit` of those that are forgotten; says how many.
pub(crate) async fn forget(database: &Database, through: i64, limit: i64) -> Result<u64> {
    let mut tx = database.begin().await?;
    const MOVE: &str =
        "UPDATE catalog_state SET value = $1 WHERE key = 'history_from' AND value < $1";
    tx.execute(MOVE, &[through.into()]).await?;
    const DELETE: &str = "DELETE FROM catalog_history WHERE id IN (SELECT id FROM catalog_history
        WHERE id <= (SELECT value FROM catalog_state WHERE key = 'history_from') ORDER BY id LIMIT $1)";
    let deleted = tx.execute(DELETE, &[limit.into()]).await?;
    tx.commit().await?;
    Ok(deleted)
}
