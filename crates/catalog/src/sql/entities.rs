//! What became of the claims: entities in work and as people see them.

use callboard_db::{Database, Tx};
use callboard_model::Result;
use serde::Serialize;

use super::{advance, ref_rows, rows};

/// A new entity.
#[derive(Debug, Serialize)]
pub(crate) struct NewEntity<'a> {
    pub(crate) r: &'a str,
    pub(crate) uid: String,
}

/// Makes sure that the entities exist and are processed (again).
pub(crate) async fn request_processing(tx: &mut Tx, entities: &[NewEntity<'_>]) -> Result<()> {
    const SQL: &str = "INSERT INTO catalog_entities (entity_ref, uid, process_due, stitch_due, processed_hash,
            declared, problems, tail, etag, revision)
        SELECT item.value->>'r', item.value->>'uid', CAST($1 AS BIGINT), 0, '', '{}', '[]', '', '', 0
        FROM json_rows($2) AS item WHERE true
        ON CONFLICT (entity_ref) DO UPDATE SET process_due = excluded.process_due";
    if !entities.is_empty() {
        let ticket = advance(tx, "process_due", 1).await?;
        tx.execute(SQL, &[ticket.into(), rows(entities)?.into()])
            .await?;
    }
    Ok(())
}

/// Requests processing of entities that exist; others are passed over.
pub(crate) async fn request_reprocessing(tx: &mut Tx, refs: &[String]) -> Result<()> {
    const SQL: &str = "UPDATE catalog_entities SET process_due = $1
        WHERE entity_ref IN (SELECT item.value->>'r' FROM json_rows($2) AS item)";
    if !refs.is_empty() {
        let ticket = advance(tx, "process_due", 1).await?;
        tx.execute(
            SQL,
            &[
                ticket.into(),
                ref_rows(refs.iter().map(String::as_str))?.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Requests processing of every entity.
pub(crate) async fn request_processing_of_all(tx: &mut Tx) -> Result<()> {
    let ticket = advance(tx, "process_due", 1).await?;
    tx.execute(
        "UPDATE catalog_entities SET process_due = $1",
        &[ticket.into()],
    )
    .await?;
    Ok(())
}

/// An entity whose processing was requested, with the claim that counts.
#[derive(Debug)]
pub(crate) struct DueEntity {
    pub(crate) entity_ref: String,
    pub(crate) ticket: i64,
    pub(crate) processed_hash: String,
    pub(crate) declared: String,
    pub(crate) problems: String,
    pub(crate) claim: String,
    pub(crate) claim_problems: String,
}

pub(crate) async fn due(database: &Database, limit: i64) -> Result<Vec<DueEntity>> {
    const SQL: &str = "SELECT e.entity_ref, e.process_due, e.processed_hash, e.declared, e.problems, c.entity, c.problems
        FROM catalog_entities e JOIN catalog_claims c
          ON c.id = (SELECT MIN(o.id) FROM catalog_claims o WHERE o.target_ref = e.entity_ref)
        WHERE e.process_due > 0 ORDER BY e.process_due LIMIT $1";
    type Row = (String, i64, String, String, String, String, String);
    let rows: Vec<Row> = database.fetch(SQL, &[limit.into()]).await?;
    Ok(rows
        .into_iter()
        .map(
            |(entity_ref, ticket, processed_hash, declared, problems, claim, claim_problems)| {
                DueEntity {
                    entity_ref,
                    ticket,
                    processed_hash,
                    declared,
                    problems,
                    claim,
                    claim_problems,
                }
            },
        )
        .collect())
}

/// The result of processing, as it is written.
#[derive(Debug, Serialize)]
pub(crate) struct ProcessedRow {
    pub(crate) r: String,
    pub(crate) ticket: i64,
    /// Of the last good result; as before when the entity has errors now.
    pub(crate) hash: String,
    pub(crate) declared: String,
    pub(crate) problems: String,
    /// Whether people will see a difference.
    pub(crate) stitch: i64,
}

/// Writes results; a newer request to process stays open.
pub(crate) async fn write_processed(tx: &mut Tx, results: &[ProcessedRow]) -> Result<()> {
    const SQL: &str = "UPDATE catalog_entities SET
            process_due = CASE WHEN process_due = CAST(item.value->>'ticket' AS BIGINT) THEN 0 ELSE process_due END,
            processed_hash = item.value->>'hash',
            declared = item.value->>'declared',
            problems = item.value->>'problems',
            stitch_due = CASE WHEN CAST(item.value->>'stitch' AS BIGINT) > 0 THEN 1 ELSE stitch_due END
        FROM json_rows($1) AS item WHERE entity_ref = item.value->>'r'";
    tx.execute(SQL, &[rows(results)?.into()]).await?;
    Ok(())
}

/// The own half of an entity that changed.
#[derive(Debug, Serialize)]
pub(crate) struct OwnHalfRow<'a> {
    pub(crate) r: &'a str,
    pub(crate) entity: &'a str,
    pub(crate) metadata_end: usize,
}

/// Writes own halves of entities that still exist.
pub(crate) async fn write_own_halves(tx: &mut Tx, halves: &[OwnHalfRow<'_>]) -> Result<()> {
    const SQL: &str = "INSERT INTO catalog_processed (entity_ref, entity, metadata_end)
        SELECT e.entity_ref, item.value->>'entity', CAST(item.value->>'metadata_end' AS BIGINT)
        FROM json_rows($1) AS item JOIN catalog_entities e ON e.entity_ref = item.value->>'r' WHERE true
        ON CONFLICT (entity_ref) DO UPDATE SET entity = excluded.entity, metadata_end = excluded.metadata_end";
    if !halves.is_empty() {
        tx.execute(SQL, &[rows(halves)?.into()]).await?;
    }
    Ok(())
}

/// Whether the entity is (still) there.
pub(crate) async fn exists(tx: &mut Tx, entity_ref: &str) -> Result<bool> {
    const SQL: &str = "SELECT entity_ref FROM catalog_entities WHERE entity_ref = $1";
    let rows: Vec<(String,)> = tx.fetch(SQL, &[entity_ref.into()]).await?;
    Ok(!rows.is_empty())
}

/// Requests that the final entities of `refs` are put together again.
pub(crate) async fn request_stitching<'a>(
    tx: &mut Tx,
    refs: impl IntoIterator<Item = &'a str>,
) -> Result<()> {
    const SQL: &str = "UPDATE catalog_entities SET stitch_due = 1
        WHERE stitch_due = 0 AND entity_ref IN (SELECT item.value->>'r' FROM json_rows($1) AS item)";
    let refs = ref_rows(refs)?;
    if refs != "[]" {
        tx.execute(SQL, &[refs.into()]).await?;
    }
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

pub(crate) async fn unstitched(tx: &mut Tx, limit: i64) -> Result<Vec<Unstitched>> {
    const SQL: &str =
        "SELECT entity_ref, uid, processed_hash, declared, problems, etag FROM catalog_entities
        WHERE stitch_due > 0 LIMIT $1 FOR UPDATE SKIP LOCKED";
    type Row = (String, String, String, String, String, String);
    let rows: Vec<Row> = tx.fetch(SQL, &[limit.into()]).await?;
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
#[derive(Debug, Serialize)]
pub(crate) struct FinalRow {
    pub(crate) r: String,
    pub(crate) tail: String,
    pub(crate) etag: String,
    pub(crate) revision: i64,
}

/// Writes what changed; `unchanged` were looked at and are as they were.
pub(crate) async fn write_final(
    tx: &mut Tx,
    changed: &[FinalRow],
    unchanged: &[String],
) -> Result<()> {
    const DONE: &str = "UPDATE catalog_entities SET stitch_due = 0
        WHERE entity_ref IN (SELECT item.value->>'r' FROM json_rows($1) AS item)";
    const FINAL: &str = "UPDATE catalog_entities SET stitch_due = 0, tail = item.value->>'tail',
            etag = item.value->>'etag', revision = CAST(item.value->>'revision' AS BIGINT)
        FROM json_rows($1) AS item WHERE entity_ref = item.value->>'r'";
    if !unchanged.is_empty() {
        tx.execute(
            DONE,
            &[ref_rows(unchanged.iter().map(String::as_str))?.into()],
        )
        .await?;
    }
    if !changed.is_empty() {
        tx.execute(FINAL, &[rows(changed)?.into()]).await?;
    }
    Ok(())
}

/// How many revisions a follower may be behind before it has to load everything anew.
pub(crate) const KEPT_REMOVALS: i64 = 100_000;

/// Deletes entities and leaves a note for those who follow the revisions.
pub(crate) async fn remove(tx: &mut Tx, refs: &[String]) -> Result<()> {
    let list = ref_rows(refs.iter().map(String::as_str))?;
    const VISIBLE: &str = "SELECT entity_ref, uid FROM catalog_entities
        WHERE etag <> '' AND entity_ref IN (SELECT item.value->>'r' FROM json_rows($1) AS item)";
    let visible: Vec<(String, String)> = tx.fetch(VISIBLE, &[list.as_str().into()]).await?;
    if !visible.is_empty() {
        note_removals(tx, visible).await?;
    }
    const OWN: &str = "DELETE FROM catalog_processed
        WHERE entity_ref IN (SELECT item.value->>'r' FROM json_rows($1) AS item)";
    tx.execute(OWN, &[list.as_str().into()]).await?;
    const DELETE: &str = "DELETE FROM catalog_entities
        WHERE entity_ref IN (SELECT item.value->>'r' FROM json_rows($1) AS item)";
    tx.execute(DELETE, &[list.into()]).await?;
    Ok(())
}

/// What `refs` declare, as JSON: (entity, relations).
pub(crate) async fn declared(tx: &mut Tx, refs: &[String]) -> Result<Vec<(String, String)>> {
    const SQL: &str = "SELECT entity_ref, declared FROM catalog_entities
        WHERE entity_ref IN (SELECT item.value->>'r' FROM json_rows($1) AS item)";
    tx.fetch(SQL, &[ref_rows(refs.iter().map(String::as_str))?.into()])
        .await
}

async fn note_removals(tx: &mut Tx, visible: Vec<(String, String)>) -> Result<()> {
    #[derive(Serialize)]
    struct Removed {
        r: String,
        uid: String,
        revision: i64,
    }
    let count = i64::try_from(visible.len()).unwrap_or(i64::MAX);
    let last = advance(tx, "revision", count).await?;
    let removed: Vec<Removed> = visible
        .into_iter()
        .zip(last - count + 1..)
        .map(|((r, uid), revision)| Removed { r, uid, revision })
        .collect();
    const NOTE: &str = "INSERT INTO catalog_removed (entity_ref, uid, revision)
        SELECT item.value->>'r', item.value->>'uid', CAST(item.value->>'revision' AS BIGINT)
        FROM json_rows($1) AS item WHERE true
        ON CONFLICT (entity_ref) DO UPDATE SET uid = excluded.uid, revision = excluded.revision";
    tx.execute(NOTE, &[rows(&removed)?.into()]).await?;
    tx.execute(
        "DELETE FROM catalog_removed WHERE revision < $1",
        &[(last - KEPT_REMOVALS).into()],
    )
    .await?;
    Ok(())
}
