//! What became of the claims: entities in work and as people see them.

use callboard_db::{Database, Dialect, Rows, Tx};
use callboard_model::Result;

use super::{advance, queue};

/// A new entity.
#[derive(Debug)]
pub(crate) struct NewEntity<'a> {
    pub(crate) r: &'a str,
    pub(crate) uid: String,
}

/// Makes sure that the entities exist and are processed (again). Those that exist stay locked until the
/// transaction ends, so that nobody removes them who has not seen what it claims.
pub(crate) async fn request_processing(tx: &mut Tx, entities: &[NewEntity<'_>]) -> Result<()> {
    const SQL: &str = "WITH item (r, uid) AS ($rows)
        INSERT INTO catalog_entities (entity_ref, uid, processed_hash, declared, problems, tail, etag, revision)
        SELECT r, uid, '', '{}', '[]', '', '', 0 FROM item WHERE true
        ON CONFLICT (entity_ref) DO UPDATE SET uid = catalog_entities.uid";
    let rows = Rows::of_texts(entities.iter().map(|entity| entity.r))
        .texts(entities.iter().map(|entity| entity.uid.as_str()));
    tx.execute_rows(SQL, &[], &rows).await?;
    queue::PROCESS
        .append(tx, entities.iter().map(|entity| entity.r))
        .await
}

/// An entity whose processing was requested, with the claim that counts.
#[derive(Debug)]
pub(crate) struct DueEntity {
    pub(crate) entity_ref: String,
    pub(crate) uid: String,
    pub(crate) processed_hash: String,
    pub(crate) declared: String,
    pub(crate) problems: String,
    pub(crate) claim: String,
    pub(crate) claim_problems: String,
    /// Whether it has named locations before.
    pub(crate) reads: bool,
}

impl DueEntity {
    /// One that nobody knows yet; it has been given no uid.
    pub(crate) fn new(entity_ref: String) -> Self {
        Self {
            entity_ref,
            uid: String::new(),
            processed_hash: String::new(),
            declared: "{}".to_owned(),
            problems: "[]".to_owned(),
            claim: String::new(),
            claim_problems: String::new(),
            reads: false,
        }
    }
}

/// The same on both databases; on PostgreSQL the rows are locked, and those that others hold are left out.
const DUE: &str = "WITH item (r) AS ($rows)
    SELECT e.entity_ref, e.uid, e.processed_hash, e.declared, e.problems, c.entity, c.problems,
        CAST((SELECT COUNT(*) FROM catalog_reads l WHERE l.entity_ref = item.r) AS BIGINT)
    FROM item JOIN catalog_entities e ON e.entity_ref = item.r
    JOIN catalog_claims c ON c.id = (SELECT MIN(o.id) FROM catalog_claims o WHERE o.target_ref = item.r)
    FOR UPDATE OF e SKIP LOCKED";

type Due = (String, String, String, String, String, String, String, i64);

/// What is known of `refs`, locked until the transaction ends.
pub(crate) async fn take_due(tx: &mut Tx, refs: &Rows<'_>) -> Result<Vec<DueEntity>> {
    Ok(due(tx.fetch_rows(DUE, &[], refs).await?))
}

/// What is known of `refs`, on a database that only this process works on.
pub(crate) async fn look_due(database: &Database, refs: &Rows<'_>) -> Result<Vec<DueEntity>> {
    Ok(due(database.fetch_rows(DUE, &[], refs).await?))
}

/// What is known of one entity, whoever holds it.
pub(crate) async fn look_claim(
    database: &Database,
    entity: &Rows<'_>,
) -> Result<Option<DueEntity>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT e.entity_ref, e.uid, e.processed_hash, e.declared, e.problems, c.entity, c.problems, CAST(0 AS BIGINT)
        FROM item JOIN catalog_entities e ON e.entity_ref = item.r
        JOIN catalog_claims c ON c.id = (SELECT MIN(o.id) FROM catalog_claims o WHERE o.target_ref = item.r)";
    let rows = due(database.fetch_rows(SQL, &[], entity).await?);
    Ok(rows.into_iter().next())
}

fn due(rows: Vec<Due>) -> Vec<DueEntity> {
    rows.into_iter()
        .map(
            |(
                entity_ref,
                uid,
                processed_hash,
                declared,
                problems,
                claim,
                claim_problems,
                reads,
            )| {
                DueEntity {
                    entity_ref,
                    uid,
                    processed_hash,
                    declared,
                    problems,
                    claim,
                    claim_problems,
                    reads: reads > 0,
                }
            },
        )
        .collect()
}

/// Those of `refs` that exist, with their uids.
pub(crate) async fn existing(tx: &mut Tx, refs: &Rows<'_>) -> Result<Vec<(String, String)>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT e.entity_ref, e.uid FROM item JOIN catalog_entities e ON e.entity_ref = item.r";
    tx.fetch_rows(SQL, &[], refs).await
}

/// Locks entities in one order, so that whoever locks several never waits in a circle.
pub(crate) async fn lock(tx: &mut Tx, refs: &Rows<'_>) -> Result<()> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT e.entity_ref FROM catalog_entities e WHERE e.entity_ref IN (SELECT r FROM item)
        ORDER BY e.entity_ref FOR UPDATE OF e";
    if tx.dialect() == Dialect::Postgres {
        let _: Vec<(String,)> = tx.fetch_rows(SQL, &[], refs).await?;
    }
    Ok(())
}

/// Locks one entity; false when it is gone.
pub(crate) async fn lock_one(tx: &mut Tx, entity_ref: &str) -> Result<bool> {
    const SQL: &str = "SELECT entity_ref FROM catalog_entities WHERE entity_ref = $1 FOR UPDATE";
    let rows: Vec<(String,)> = tx.fetch(SQL, &[entity_ref.into()]).await?;
    Ok(!rows.is_empty())
}

/// The result of processing, as it is written.
#[derive(Debug)]
pub(crate) struct ProcessedRow {
    pub(crate) r: String,
    pub(crate) uid: String,
    /// Of the last good result; as before when the entity has errors now.
    pub(crate) hash: String,
    pub(crate) declared: String,
    pub(crate) problems: String,
}

/// Writes results of entities that are still there; says how many those are.
pub(crate) async fn write_processed(tx: &mut Tx, results: &[&ProcessedRow]) -> Result<u64> {
    const SQL: &str = "WITH item (r, uid, hash, declared, problems) AS ($rows)
        UPDATE catalog_entities SET processed_hash = item.hash, declared = item.declared, problems = item.problems
        FROM item WHERE entity_ref = item.r AND catalog_entities.uid = item.uid";
    let rows = Rows::of_texts(results.iter().map(|row| row.r.as_str()))
        .texts(results.iter().map(|row| row.uid.as_str()))
        .texts(results.iter().map(|row| row.hash.as_str()))
        .texts(results.iter().map(|row| row.declared.as_str()))
        .texts(results.iter().map(|row| row.problems.as_str()));
    tx.execute_rows(SQL, &[], &rows).await
}

/// Writes entities that nobody knows yet, with what processing found and a uid each; answers their references.
/// Those that exist are left as they are.
pub(crate) async fn insert_processed(
    tx: &mut Tx,
    results: &[&ProcessedRow],
    uids: &[String],
) -> Result<Vec<String>> {
    const SQL: &str = "WITH item (r, uid, hash, declared, problems) AS ($rows)
        INSERT INTO catalog_entities (entity_ref, uid, processed_hash, declared, problems, tail, etag, revision)
        SELECT r, uid, hash, declared, problems, '', '', 0 FROM item WHERE true
        ON CONFLICT (entity_ref) DO NOTHING RETURNING entity_ref";
    let rows = Rows::of_texts(results.iter().map(|row| row.r.as_str()))
        .texts(uids.iter().map(String::as_str))
        .texts(results.iter().map(|row| row.hash.as_str()))
        .texts(results.iter().map(|row| row.declared.as_str()))
        .texts(results.iter().map(|row| row.problems.as_str()));
    let new: Vec<(String,)> = tx.fetch_rows(SQL, &[], &rows).await?;
    Ok(new.into_iter().map(|row| row.0).collect())
}

/// The own half of an entity that changed.
#[derive(Debug)]
pub(crate) struct OwnHalfRow<'a> {
    pub(crate) r: &'a str,
    pub(crate) entity: &'a str,
    pub(crate) metadata_end: usize,
}

/// Writes own halves. The one that people see is kept beside a newer one, for the history.
pub(crate) async fn write_own_halves(tx: &mut Tx, halves: &[OwnHalfRow<'_>]) -> Result<()> {
    const SQL: &str = "WITH item (r, entity, metadata_end) AS ($rows)
        INSERT INTO catalog_processed (entity_ref, entity, metadata_end)
        SELECT r, entity, metadata_end FROM item WHERE true
        ON CONFLICT (entity_ref) DO UPDATE SET entity = excluded.entity, metadata_end = excluded.metadata_end,
            former = CASE
                WHEN catalog_processed.former IS NOT NULL THEN catalog_processed.former
                WHEN (SELECT value FROM catalog_state WHERE key = 'history') = 1 AND EXISTS (
                    SELECT 1 FROM catalog_entities e WHERE e.entity_ref = excluded.entity_ref AND e.etag <> ''
                ) THEN catalog_processed.entity
            END";
    let ends = halves
        .iter()
        .map(|half| i64::try_from(half.metadata_end).unwrap_or(i64::MAX));
    let rows = Rows::of_texts(halves.iter().map(|half| half.r))
        .texts(halves.iter().map(|half| half.entity))
        .ints(ends);
    tx.execute_rows(SQL, &[], &rows).await?;
    Ok(())
}

/// An entity that waits to be put together.
#[derive(Debug)]
pub(crate) struct Unstitched {
    pub(crate) entity_ref: String,
    pub(crate) uid: String,
    pub(crate) processed_hash: String,
    pub(crate) declared: String,
    pub(crate) problems: String,
    pub(crate) etag: String,
}

/// What is known of `refs`, locked until the transaction ends; those that others hold are left out.
pub(crate) async fn take_unstitched(tx: &mut Tx, refs: &Rows<'_>) -> Result<Vec<Unstitched>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT e.entity_ref, e.uid, e.processed_hash, e.declared, e.problems, e.etag
        FROM item JOIN catalog_entities e ON e.entity_ref = item.r FOR UPDATE OF e SKIP LOCKED";
    type Row = (String, String, String, String, String, String);
    let rows: Vec<Row> = tx.fetch_rows(SQL, &[], refs).await?;
    Ok(rows
        .into_iter()
        .map(
            |(entity_ref, uid, processed_hash, declared, problems, etag)| Unstitched {
                entity_ref,
                uid,
                processed_hash,
                declared,
                problems,
                etag,
            },
        )
        .collect())
}

/// A final entity that changed.
#[derive(Debug)]
pub(crate) struct FinalRow {
    pub(crate) r: String,
    pub(crate) tail: String,
    pub(crate) etag: String,
    pub(crate) revision: i64,
    /// Whether people see it for the first time.
    pub(crate) is_new: bool,
    /// Whether this revision tells of its creation.
    pub(crate) tells_creation: bool,
}

/// Writes final entities that changed.
pub(crate) async fn write_final(tx: &mut Tx, changed: &[FinalRow]) -> Result<()> {
    const SQL: &str = "WITH item (r, tail, etag, revision, tells) AS ($rows)
        UPDATE catalog_entities SET tail = item.tail, etag = item.etag, revision = item.revision,
            created_revision = CASE WHEN item.tells = 1 THEN item.revision ELSE created_revision END,
            created_at = CASE WHEN item.tells = 1 AND catalog_entities.etag = '' THEN now_ms() ELSE created_at END
        FROM item WHERE entity_ref = item.r";
    let rows = Rows::of_texts(changed.iter().map(|row| row.r.as_str()))
        .texts(changed.iter().map(|row| row.tail.as_str()))
        .texts(changed.iter().map(|row| row.etag.as_str()))
        .ints(changed.iter().map(|row| row.revision))
        .ints(changed.iter().map(|row| i64::from(row.tells_creation)));
    tx.execute_rows(SQL, &[], &rows).await?;
    Ok(())
}

/// How many revisions a follower may be behind before it has to load everything anew.
pub(crate) const KEPT_REMOVALS: i64 = 100_000;

/// Deletes entities, which the caller has locked, and leaves a note for those who follow the revisions. Says which of
/// them people saw, with the revision at which each went.
pub(crate) async fn remove(tx: &mut Tx, refs: &Rows<'_>) -> Result<Vec<(String, i64)>> {
    const VISIBLE: &str = "WITH item (r) AS ($rows)
        SELECT e.entity_ref, e.uid FROM item JOIN catalog_entities e ON e.entity_ref = item.r WHERE e.etag <> ''";
    let visible: Vec<(String, String)> = tx.fetch_rows(VISIBLE, &[], refs).await?;
    let gone = if visible.is_empty() {
        Vec::new()
    } else {
        note_removals(tx, visible).await?
    };
    const OWN: &str = "WITH item (r) AS ($rows)
        DELETE FROM catalog_processed WHERE entity_ref IN (SELECT r FROM item)";
    tx.execute_rows(OWN, &[], refs).await?;
    const DELETE: &str = "WITH item (r) AS ($rows)
        DELETE FROM catalog_entities WHERE entity_ref IN (SELECT r FROM item)";
    tx.execute_rows(DELETE, &[], refs).await?;
    Ok(gone)
}

/// What `refs` declare, as JSON: (entity, relations).
pub(crate) async fn declared(tx: &mut Tx, refs: &Rows<'_>) -> Result<Vec<(String, String)>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT e.entity_ref, e.declared FROM item JOIN catalog_entities e ON e.entity_ref = item.r";
    tx.fetch_rows(SQL, &[], refs).await
}

async fn note_removals(tx: &mut Tx, visible: Vec<(String, String)>) -> Result<Vec<(String, i64)>> {
    let count = i64::try_from(visible.len()).unwrap_or(i64::MAX);
    let last = advance(tx, "revision", count).await?;
    let revisions = last - count + 1..=last;
    const NOTE: &str = "WITH item (r, uid, revision) AS ($rows)
        INSERT INTO catalog_removed (entity_ref, uid, revision) SELECT r, uid, revision FROM item WHERE true
        ON CONFLICT (entity_ref) DO UPDATE SET uid = excluded.uid, revision = excluded.revision";
    let rows = Rows::of_texts(visible.iter().map(|row| row.0.as_str()))
        .texts(visible.iter().map(|row| row.1.as_str()))
        .ints(revisions.clone());
    tx.execute_rows(NOTE, &[], &rows).await?;
    tx.execute(
        "DELETE FROM catalog_removed WHERE revision < $1",
        &[(last - KEPT_REMOVALS).into()],
    )
    .await?;
    Ok(visible
        .into_iter()
        .map(|row| row.0)
        .zip(revisions)
        .collect())
}
