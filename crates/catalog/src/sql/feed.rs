//! The change feed: what changed after a revision.

use callboard_db::Database;
use callboard_model::Result;
use futures::stream::{BoxStream, StreamExt, TryStreamExt};

/// A change as a follower reads it.
#[derive(Debug)]
pub(crate) struct FeedRow {
    pub(crate) entity_ref: String,
    pub(crate) uid: String,
    pub(crate) revision: i64,
    /// Missing for a removed entity.
    pub(crate) parts: Option<FinalParts>,
}

/// The stored parts of a final entity.
#[derive(Debug)]
pub(crate) struct FinalParts {
    pub(crate) entity: String,
    pub(crate) metadata_end: i64,
    pub(crate) etag: String,
    pub(crate) tail: String,
}

/// The newest revision that was given.
pub(crate) async fn newest(database: &Database) -> Result<i64> {
    let rows: Vec<(i64,)> = database
        .fetch(
            "SELECT value FROM catalog_state WHERE key = 'revision'",
            &[],
        )
        .await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

/// Every entity that people see.
pub(crate) async fn visible(database: &Database) -> Result<Vec<String>> {
    const SQL: &str = "SELECT entity_ref FROM catalog_entities WHERE etag <> ''";
    let rows: Vec<(String,)> = database.fetch(SQL, &[]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

type Row = (
    String,
    String,
    i64,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<String>,
);

/// The changes after `revision` in their order, at most `limit`. Which these are is found out by revisions alone: a
/// page costs the same however many follow it.
pub(crate) async fn after(database: &Database, revision: i64, limit: i64) -> Result<Vec<FeedRow>> {
    const SQL: &str = "SELECT page.entity_ref, page.uid, page.revision, p.entity, p.metadata_end, page.etag, page.tail
        FROM (
            SELECT * FROM (
                SELECT * FROM (SELECT entity_ref, uid, revision, etag, tail FROM catalog_entities
                    WHERE revision > $1 AND revision > 0 ORDER BY revision LIMIT $2) changed
                UNION ALL SELECT * FROM (SELECT entity_ref, uid, revision, NULL, NULL FROM catalog_removed
                    WHERE revision > $1 ORDER BY revision LIMIT $2) removed
            ) either ORDER BY revision LIMIT $2
        ) page LEFT JOIN catalog_processed p ON p.entity_ref = page.entity_ref
        ORDER BY page.revision";
    let rows: Vec<Row> = database
        .fetch(SQL, &[revision.into(), limit.into()])
        .await?;
    Ok(rows.into_iter().map(row).collect())
}

/// Every entity that people see, in no order: much faster than by their revisions.
pub(crate) fn all(database: &Database) -> BoxStream<'_, Result<FeedRow>> {
    const SQL: &str =
        "SELECT e.entity_ref, e.uid, e.revision, p.entity, p.metadata_end, e.etag, e.tail
        FROM catalog_processed p CROSS JOIN catalog_entities e
        WHERE e.entity_ref = p.entity_ref AND e.revision > 0";
    database.stream(SQL).map_ok(row).boxed()
}

fn row((entity_ref, uid, revision, entity, metadata_end, etag, tail): Row) -> FeedRow {
    let parts = entity.zip(metadata_end).zip(etag).zip(tail);
    let parts = parts.map(|(((entity, metadata_end), etag), tail)| FinalParts {
        entity,
        metadata_end,
        etag,
        tail,
    });
    FeedRow {
        entity_ref,
        uid,
        revision,
        parts,
    }
}
