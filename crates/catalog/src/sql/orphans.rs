//! Claims that nobody stands behind any more: they keep an entity that its sources let go of.
//!
//! Such a claim holds its entity as a provider's does, so that what the entity brought in stays too.

use callboard_db::{Rows, Tx};
use callboard_model::Result;

use super::claims::KnownClaim;

/// Claims that `source` gives up: for each entity that people see, the one that counted, with its number.
pub(crate) async fn given_up(
    tx: &mut Tx,
    source: &str,
    claims: &[KnownClaim],
) -> Result<Vec<(i64, String)>> {
    const SQL: &str = "WITH item (part, r) AS ($rows), first (id) AS (
            SELECT MIN(c.id) FROM item
            JOIN catalog_claims c ON c.source = $1 AND c.part = item.part AND c.target_ref = item.r
            JOIN catalog_entities e ON e.entity_ref = c.target_ref
            WHERE e.processed_hash <> '' AND NOT EXISTS
                (SELECT 1 FROM catalog_claims o WHERE o.target_ref = c.target_ref AND o.source = 'orphan')
            GROUP BY c.target_ref
        )
        SELECT c.id, c.entity FROM first JOIN catalog_claims c ON c.id = first.id";
    let rows = Rows::of_texts(claims.iter().map(|claim| claim.part.as_str()))
        .texts(claims.iter().map(|claim| claim.target_ref.as_str()));
    tx.fetch_rows(SQL, &[source.into()], &rows).await
}

/// Makes claims nobody's: they keep their entities, in these words.
pub(crate) async fn take_over(tx: &mut Tx, claims: &[(i64, String)]) -> Result<()> {
    const SQL: &str = "WITH item (entity, id) AS ($rows)
        UPDATE catalog_claims SET source = 'orphan', entity = item.entity
        FROM item WHERE catalog_claims.id = item.id";
    let rows = Rows::of_texts(claims.iter().map(|claim| claim.1.as_str()))
        .ints(claims.iter().map(|claim| claim.0));
    tx.execute_rows(SQL, &[], &rows).await?;
    Ok(())
}

/// Whether there are any.
pub(crate) async fn any(tx: &mut Tx) -> Result<bool> {
    const SQL: &str = "SELECT id FROM catalog_claims WHERE source = 'orphan' LIMIT 1";
    let found: Vec<(i64,)> = tx.fetch(SQL, &[]).await?;
    Ok(!found.is_empty())
}

/// Those of `targets` that are orphans.
pub(crate) async fn among(tx: &mut Tx, targets: &Rows<'_>) -> Result<Vec<String>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT DISTINCT c.target_ref FROM item
        JOIN catalog_claims c ON c.target_ref = item.r AND c.source = 'orphan'";
    let rows: Vec<(String,)> = tx.fetch_rows(SQL, &[], targets).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Every orphan; with `claimed_again`, those that some source names besides.
pub(crate) async fn all(tx: &mut Tx, claimed_again: bool) -> Result<Vec<String>> {
    const ALL: &str = "SELECT target_ref FROM catalog_claims WHERE source = 'orphan'";
    const AGAIN: &str = "SELECT o.target_ref FROM catalog_claims o WHERE o.source = 'orphan'
        AND EXISTS (SELECT 1 FROM catalog_claims c WHERE c.target_ref = o.target_ref AND c.source <> 'orphan')";
    let sql = if claimed_again { AGAIN } else { ALL };
    let rows: Vec<(String,)> = tx.fetch(sql, &[]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Those of `orphans` that somebody else holds: a provider, or another orphan.
pub(crate) async fn held_by_others(tx: &mut Tx, orphans: &Rows<'_>) -> Result<Vec<String>> {
    const SQL: &str = "WITH RECURSIVE item (r) AS ($rows), up (target_ref, holder) AS (
            SELECT item.r, item.r FROM item
            UNION
            SELECT up.target_ref, substr(c.source, 8) FROM up
            JOIN catalog_claims c ON c.target_ref = up.holder WHERE c.source LIKE 'entity:%'
        )
        SELECT DISTINCT up.target_ref FROM up
        JOIN catalog_claims c ON c.target_ref = up.holder
        WHERE c.source LIKE 'provider:%' OR (c.source = 'orphan' AND up.holder <> up.target_ref)";
    let held: Vec<(String,)> = tx.fetch_rows(SQL, &[], orphans).await?;
    Ok(held.into_iter().map(|row| row.0).collect())
}

/// Gives up the claims that keep `orphans`.
pub(crate) async fn let_go(tx: &mut Tx, orphans: &Rows<'_>) -> Result<()> {
    const SQL: &str = "WITH item (r) AS ($rows)
        DELETE FROM catalog_claims WHERE source = 'orphan' AND target_ref IN (SELECT r FROM item)";
    tx.execute_rows(SQL, &[], orphans).await?;
    Ok(())
}

/// The own halves of `refs`: (entity, JSON).
pub(crate) async fn own_halves(tx: &mut Tx, refs: &Rows<'_>) -> Result<Vec<(String, String)>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT p.entity_ref, p.entity FROM item JOIN catalog_processed p ON p.entity_ref = item.r";
    tx.fetch_rows(SQL, &[], refs).await
}

/// Notes that own halves are other ones than processing wrote: (entity, hash).
pub(crate) async fn write_hashes(tx: &mut Tx, hashes: &[(&str, String)]) -> Result<()> {
    const SQL: &str = "WITH item (r, hash) AS ($rows)
        UPDATE catalog_entities SET processed_hash = item.hash FROM item WHERE entity_ref = item.r";
    let rows = Rows::of_texts(hashes.iter().map(|row| row.0))
        .texts(hashes.iter().map(|row| row.1.as_str()));
    tx.execute_rows(SQL, &[], &rows).await?;
    Ok(())
}
