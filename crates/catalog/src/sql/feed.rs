//! The change feed: what changed after a revision.

use callboard_db::Database;
use callboard_model::Result;

/// A change as a follower reads it; `json` is missing for a removed entity.
#[derive(Debug)]
pub(crate) struct FeedRow {
    pub(crate) entity_ref: String,
    pub(crate) uid: String,
    pub(crate) json: Option<String>,
    pub(crate) revision: i64,
}

/// The changes after `revision` in their order, at most `limit`.
pub(crate) async fn after(database: &Database, revision: i64, limit: i64) -> Result<Vec<FeedRow>> {
    const SQL: &str =
        "SELECT entity_ref, uid, final, revision FROM catalog_entities WHERE revision > $1
        UNION ALL SELECT entity_ref, uid, NULL, revision FROM catalog_removed WHERE revision > $1
        ORDER BY revision LIMIT $2";
    let rows: Vec<(String, String, Option<String>, i64)> = database
        .fetch(SQL, &[revision.into(), limit.into()])
        .await?;
    Ok(rows
        .into_iter()
        .map(|(entity_ref, uid, json, revision)| FeedRow {
            entity_ref,
            uid,
            json,
            revision,
        })
        .collect())
}

