//! Who an entity comes from: its claims, followed upwards.

use callboard_db::{Database, Rows, Tx};
use callboard_model::Result;

/// The pairs (child, parent) on every way up from `entity_ref`. Claims that lost a conflict lead nowhere.
/// Each pair comes once, so that entities that name each other end the search.
const EDGES: &str = "WITH RECURSIVE up (child, parent) AS (
        SELECT c.target_ref, substr(c.source, 8) FROM catalog_claims c
        WHERE c.target_ref = $1 AND c.source LIKE 'entity:%' AND c.location_key =
            (SELECT w.location_key FROM catalog_claims w WHERE w.target_ref = c.target_ref ORDER BY w.id LIMIT 1)
        UNION
        SELECT c.target_ref, substr(c.source, 8) FROM up
        JOIN catalog_claims c ON c.target_ref = up.parent
        WHERE c.source LIKE 'entity:%' AND c.location_key =
            (SELECT w.location_key FROM catalog_claims w WHERE w.target_ref = c.target_ref ORDER BY w.id LIMIT 1)
    ) SELECT child, parent FROM up ORDER BY child, parent";

/// The ways up from an entity, as pairs of (child, parent).
pub(crate) async fn edges(database: &Database, entity_ref: &str) -> Result<Vec<(String, String)>> {
    database.fetch(EDGES, &[entity_ref.into()]).await
}

/// The same in a transaction.
pub(crate) async fn edges_in(tx: &mut Tx, entity_ref: &str) -> Result<Vec<(String, String)>> {
    tx.fetch(EDGES, &[entity_ref.into()]).await
}

/// Who claims an entity, and in which part: (source, part).
pub(crate) async fn claims(tx: &mut Tx, entity_ref: &str) -> Result<Vec<(String, String)>> {
    const SQL: &str = "SELECT source, part FROM catalog_claims WHERE target_ref = $1 ORDER BY id";
    tx.fetch(SQL, &[entity_ref.into()]).await
}

/// Deletes all that is claimed about an entity.
pub(crate) async fn delete_claims(tx: &mut Tx, entity_ref: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM catalog_claims WHERE target_ref = $1";
    tx.execute(SQL, &[entity_ref.into()]).await?;
    Ok(())
}

/// Makes the parts count as changed at the next look.
pub(crate) async fn forget(tx: &mut Tx, parts: &[(String, String)]) -> Result<()> {
    const SQL: &str = "WITH item (source, part) AS ($rows)
        UPDATE catalog_parts SET fingerprint = '' WHERE (source, part) IN (SELECT source, part FROM item)";
    let rows = Rows::of_texts(parts.iter().map(|row| row.0.as_str()))
        .texts(parts.iter().map(|row| row.1.as_str()));
    tx.execute_rows(SQL, &[], &rows).await?;
    Ok(())
}

/// Makes all parts of one source count as changed at the next look.
pub(crate) async fn forget_source(tx: &mut Tx, source: &str) -> Result<()> {
    const SQL: &str = "UPDATE catalog_parts SET fingerprint = '' WHERE source = $1";
    tx.execute(SQL, &[source.into()]).await?;
    Ok(())
}

/// The entity with this id, also one that was never good: (reference, whether it ever was). It looks at every
/// entity, for ids are asked for seldom and written often.
pub(crate) async fn by_uid(database: &Database, uid: &str) -> Result<Option<(String, bool)>> {
    const SQL: &str = "SELECT entity_ref, processed_hash FROM catalog_entities WHERE uid = $1";
    let rows: Vec<(String, String)> = database.fetch(SQL, &[uid.into()]).await?;
    let row = rows.into_iter().next();
    Ok(row.map(|(entity_ref, hash)| (entity_ref, !hash.is_empty())))
}
