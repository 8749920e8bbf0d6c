//! Entities that nobody sees, because they never were good.

use callboard_db::Database;
use callboard_model::Result;

/// Such an entity, with the claim that counts.
#[derive(Debug)]
pub(crate) struct UnprocessedRow {
    pub(crate) uid: String,
    pub(crate) entity_ref: String,
    /// JSON list.
    pub(crate) problems: String,
    /// JSON as it was handed over.
    pub(crate) entity: String,
    pub(crate) hash: String,
    pub(crate) location_key: String,
    /// Unix time, ms; 0 when it is not known.
    pub(crate) claimed_at: i64,
}

type Row = (String, String, String, String, String, String, i64);

/// At most `limit` that were processed and have errors.
pub(crate) async fn failed(database: &Database, limit: i64) -> Result<Vec<UnprocessedRow>> {
    const SQL: &str =
        "SELECT e.uid, e.entity_ref, e.problems, c.entity, c.hash, c.location_key, c.claimed_at
        FROM catalog_entities e
        JOIN catalog_claims c ON c.id = (SELECT MIN(o.id) FROM catalog_claims o WHERE o.target_ref = e.entity_ref)
        WHERE e.processed_hash = '' AND e.problems <> '[]' ORDER BY e.entity_ref LIMIT $1";
    Ok(unprocessed(database.fetch(SQL, &[limit.into()]).await?))
}

/// At most `limit` that were not processed yet.
pub(crate) async fn pending(database: &Database, limit: i64) -> Result<Vec<UnprocessedRow>> {
    const SQL: &str =
        "SELECT e.uid, e.entity_ref, e.problems, c.entity, c.hash, c.location_key, c.claimed_at
        FROM catalog_entities e
        JOIN catalog_claims c ON c.id = (SELECT MIN(o.id) FROM catalog_claims o WHERE o.target_ref = e.entity_ref)
        WHERE e.processed_hash = '' AND e.problems = '[]' ORDER BY e.entity_ref LIMIT $1";
    Ok(unprocessed(database.fetch(SQL, &[limit.into()]).await?))
}

fn unprocessed(rows: Vec<Row>) -> Vec<UnprocessedRow> {
    rows.into_iter()
        .map(
            |(uid, entity_ref, problems, entity, hash, location_key, claimed_at)| UnprocessedRow {
                uid,
                entity_ref,
                problems,
                entity,
                hash,
                location_key,
                claimed_at,
            },
        )
        .collect()
}
