//! What sources say: claims and the parts they were read from.

use callboard_db::{Database, Tx};
use callboard_model::Result;
use serde::Serialize;

use super::{ref_rows, rows};

/// A claim as it is written.
#[derive(Debug, Serialize)]
pub(crate) struct ClaimRow {
    pub(crate) target_ref: String,
    pub(crate) part: String,
    pub(crate) location_key: String,
    pub(crate) entity: String,
    pub(crate) hash: String,
    pub(crate) problems: String,
}

/// What is compared to find out whether a claim changed.
#[derive(Clone, Debug)]
pub(crate) struct KnownClaim {
    pub(crate) target_ref: String,
    pub(crate) part: String,
    pub(crate) hash: String,
    pub(crate) problems: String,
}

pub(crate) async fn of_source(tx: &mut Tx, source: &str) -> Result<Vec<KnownClaim>> {
    const SQL: &str =
        "SELECT target_ref, part, hash, problems FROM catalog_claims WHERE source = $1";
    Ok(known(tx.fetch(SQL, &[source.into()]).await?))
}

pub(crate) async fn of_parts(tx: &mut Tx, source: &str, parts: &[&str]) -> Result<Vec<KnownClaim>> {
    const SQL: &str = "SELECT target_ref, part, hash, problems FROM catalog_claims
        WHERE source = $1 AND part IN (SELECT item.value->>'r' FROM json_rows($2) AS item)";
    Ok(known(
        tx.fetch(
            SQL,
            &[source.into(), ref_rows(parts.iter().copied())?.into()],
        )
        .await?,
    ))
}

pub(crate) async fn of_targets(
    tx: &mut Tx,
    source: &str,
    targets: &str,
) -> Result<Vec<KnownClaim>> {
    const SQL: &str = "SELECT target_ref, part, hash, problems FROM catalog_claims
        WHERE source = $1 AND target_ref IN (SELECT item.value->>'r' FROM json_rows($2) AS item)";
    Ok(known(
        tx.fetch(SQL, &[source.into(), targets.into()]).await?,
    ))
}

fn known(rows: Vec<(String, String, String, String)>) -> Vec<KnownClaim> {
    rows.into_iter()
        .map(|(target_ref, part, hash, problems)| KnownClaim {
            target_ref,
            part,
            hash,
            problems,
        })
        .collect()
}

pub(crate) async fn upsert(tx: &mut Tx, source: &str, claims: &[ClaimRow]) -> Result<()> {
    const SQL: &str = "INSERT INTO catalog_claims (target_ref, source, part, location_key, entity, hash, problems)
        SELECT item.value->>'target_ref', $1, item.value->>'part', item.value->>'location_key',
               item.value->>'entity', item.value->>'hash', item.value->>'problems'
        FROM json_rows($2) AS item WHERE true
        ON CONFLICT (source, part, target_ref) DO UPDATE SET location_key = excluded.location_key,
            entity = excluded.entity, hash = excluded.hash, problems = excluded.problems";
    if !claims.is_empty() {
        tx.execute(SQL, &[source.into(), rows(claims)?.into()])
            .await?;
    }
    Ok(())
}

/// The claims read from one part, in full.
pub(crate) async fn rows_of_part(tx: &mut Tx, source: &str, part: &str) -> Result<Vec<ClaimRow>> {
    const SQL: &str =
        "SELECT target_ref, part, location_key, entity, hash, problems FROM catalog_claims
        WHERE source = $1 AND part = $2";
    type Row = (String, String, String, String, String, String);
    let rows: Vec<Row> = tx.fetch(SQL, &[source.into(), part.into()]).await?;
    Ok(rows
        .into_iter()
        .map(
            |(target_ref, part, location_key, entity, hash, problems)| ClaimRow {
                target_ref,
                part,
                location_key,
                entity,
                hash,
                problems,
            },
        )
        .collect())
}

pub(crate) async fn delete(tx: &mut Tx, source: &str, claims: &[KnownClaim]) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        p: &'a str,
        r: &'a str,
    }
    const SQL: &str = "DELETE FROM catalog_claims WHERE source = $1 AND (part, target_ref) IN
        (SELECT item.value->>'p', item.value->>'r' FROM json_rows($2) AS item)";
    if !claims.is_empty() {
        let keys: Vec<_> = claims
            .iter()
            .map(|claim| Row {
                p: &claim.part,
                r: &claim.target_ref,
            })
            .collect();
        tx.execute(SQL, &[source.into(), rows(&keys)?.into()])
            .await?;
    }
    Ok(())
}

/// Deletes everything that `sources` say and returns whom they said it about.
pub(crate) async fn delete_sources(tx: &mut Tx, sources: &[String]) -> Result<Vec<String>> {
    let sources = ref_rows(sources.iter().map(String::as_str))?;
    const PARTS: &str = "DELETE FROM catalog_parts
        WHERE source IN (SELECT item.value->>'r' FROM json_rows($1) AS item)";
    tx.execute(PARTS, &[sources.as_str().into()]).await?;
    const CLAIMS: &str = "DELETE FROM catalog_claims
        WHERE source IN (SELECT item.value->>'r' FROM json_rows($1) AS item) RETURNING target_ref";
    let targets: Vec<(String,)> = tx.fetch(CLAIMS, &[sources.into()]).await?;
    Ok(targets.into_iter().map(|row| row.0).collect())
}

/// Those of `targets` that somebody still claims, directly or through others, starting at a provider.
///
/// Two locations that only name each other hold nobody up.
pub(crate) async fn still_held(tx: &mut Tx, targets: &[String]) -> Result<Vec<String>> {
    const SQL: &str = "WITH RECURSIVE up (target_ref, holder) AS (
            SELECT item.value->>'r', item.value->>'r' FROM json_rows($1) AS item
            UNION
            SELECT up.target_ref, substr(c.source, 8) FROM up
            JOIN catalog_claims c ON c.target_ref = up.holder WHERE c.source LIKE 'entity:%'
        )
        SELECT DISTINCT up.target_ref FROM up
        JOIN catalog_claims c ON c.target_ref = up.holder WHERE c.source LIKE 'provider:%'";
    let held: Vec<(String,)> = tx
        .fetch(SQL, &[ref_rows(targets.iter().map(String::as_str))?.into()])
        .await?;
    Ok(held.into_iter().map(|row| row.0).collect())
}

/// The entities whose locations claim one of `targets`.
pub(crate) async fn claimants(tx: &mut Tx, targets: &[String]) -> Result<Vec<String>> {
    const SQL: &str = "SELECT DISTINCT substr(source, 8) FROM catalog_claims
        WHERE target_ref IN (SELECT item.value->>'r' FROM json_rows($1) AS item) AND source LIKE 'entity:%'";
    let rows: Vec<(String,)> = tx
        .fetch(SQL, &[ref_rows(targets.iter().map(String::as_str))?.into()])
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A part that was read, and what was wrong with it.
#[derive(Debug, Serialize)]
pub(crate) struct PartRow {
    pub(crate) part: String,
    pub(crate) fingerprint: String,
    pub(crate) problems: String,
}

pub(crate) async fn parts(database: &Database, source: &str) -> Result<Vec<(String, String)>> {
    const SQL: &str = "SELECT part, fingerprint FROM catalog_parts WHERE source = $1";
    database.fetch(SQL, &[source.into()]).await
}

pub(crate) async fn upsert_parts(tx: &mut Tx, source: &str, parts: &[PartRow]) -> Result<()> {
    const SQL: &str = "INSERT INTO catalog_parts (source, part, fingerprint, problems)
        SELECT $1, item.value->>'part', item.value->>'fingerprint', item.value->>'problems'
        FROM json_rows($2) AS item WHERE true
        ON CONFLICT (source, part) DO UPDATE SET fingerprint = excluded.fingerprint, problems = excluded.problems";
    if !parts.is_empty() {
        tx.execute(SQL, &[source.into(), rows(parts)?.into()])
            .await?;
    }
    Ok(())
}

pub(crate) async fn delete_parts(tx: &mut Tx, source: &str, parts: &[&str]) -> Result<()> {
    const SQL: &str = "DELETE FROM catalog_parts WHERE source = $1
        AND part IN (SELECT item.value->>'r' FROM json_rows($2) AS item)";
    if !parts.is_empty() {
        tx.execute(
            SQL,
            &[source.into(), ref_rows(parts.iter().copied())?.into()],
        )
        .await?;
    }
    Ok(())
}

/// Makes every part count as changed at the next look.
pub(crate) async fn forget_fingerprints(tx: &mut Tx) -> Result<()> {
    tx.execute("UPDATE catalog_parts SET fingerprint = ''", &[])
        .await?;
    Ok(())
}

/// Entities that read locations: they look again at every start.
pub(crate) async fn location_sources(tx: &mut Tx) -> Result<Vec<String>> {
    const SQL: &str =
        "SELECT DISTINCT substr(source, 8) FROM catalog_parts WHERE source LIKE 'entity:%'";
    let rows: Vec<(String,)> = tx.fetch(SQL, &[]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// What is wrong with the parts that `owners` read: (owner, part, problems as JSON).
pub(crate) async fn part_problems(
    tx: &mut Tx,
    owners: &str,
) -> Result<Vec<(String, String, String)>> {
    const SQL: &str = "SELECT substr(p.source, 8), p.part, p.problems FROM json_rows($1) AS item
        JOIN catalog_parts p ON p.source = 'entity:' || (item.value->>'r') WHERE p.problems <> '[]'
        ORDER BY p.source, p.part";
    tx.fetch(SQL, &[owners.into()]).await
}

/// What the locations of `owners` say about entities that an older source with another key owns:
/// (owner, part, target, part of the older claim).
pub(crate) async fn conflicts(
    tx: &mut Tx,
    owners: &str,
) -> Result<Vec<(String, String, String, String)>> {
    const SQL: &str = "SELECT substr(c.source, 8), c.part, c.target_ref, w.location_key FROM json_rows($1) AS item
        JOIN catalog_claims c ON c.source = 'entity:' || (item.value->>'r')
        JOIN catalog_claims w ON w.id = (SELECT MIN(o.id) FROM catalog_claims o WHERE o.target_ref = c.target_ref)
        WHERE w.location_key <> c.location_key ORDER BY c.source, c.part, c.target_ref";
    tx.fetch(SQL, &[owners.into()]).await
}

/// What is wrong with entities that `owners` name and that were never good, so that they cannot show it
/// themselves: (owner, problems as JSON).
pub(crate) async fn unborn_problems(tx: &mut Tx, owners: &str) -> Result<Vec<(String, String)>> {
    const SQL: &str = "SELECT substr(c.source, 8), e.problems FROM json_rows($1) AS item
        JOIN catalog_claims c ON c.source = 'entity:' || (item.value->>'r')
        JOIN catalog_entities e ON e.entity_ref = c.target_ref
        WHERE e.processed_hash = '' AND e.problems <> '[]' ORDER BY c.source, c.part, c.target_ref";
    tx.fetch(SQL, &[owners.into()]).await
}
