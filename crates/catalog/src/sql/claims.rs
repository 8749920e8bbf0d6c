//! What sources say: claims and the parts they were read from.

use callboard_db::{Database, Rows, Tx};
use callboard_model::Result;

/// A claim as it is written.
#[derive(Debug)]
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
    pub(crate) location_key: String,
    pub(crate) hash: String,
    pub(crate) problems: String,
}

type Known = (String, String, String, String, String);

pub(crate) async fn of_source(tx: &mut Tx, source: &str) -> Result<Vec<KnownClaim>> {
    const SQL: &str = "SELECT target_ref, part, location_key, hash, problems
        FROM catalog_claims WHERE source = $1";
    Ok(known(tx.fetch(SQL, &[source.into()]).await?))
}

pub(crate) async fn of_parts(tx: &mut Tx, source: &str, parts: &[&str]) -> Result<Vec<KnownClaim>> {
    const SQL: &str = "WITH item (part) AS ($rows)
        SELECT c.target_ref, c.part, c.location_key, c.hash, c.problems FROM item
        JOIN catalog_claims c ON c.source = $1 AND c.part = item.part";
    let rows = Rows::of_texts(parts.iter().copied());
    Ok(known(tx.fetch_rows(SQL, &[source.into()], &rows).await?))
}

pub(crate) async fn of_targets(
    tx: &mut Tx,
    source: &str,
    targets: &Rows<'_>,
) -> Result<Vec<KnownClaim>> {
    // An entity has few claims and a source many: as an expression the source cannot lead.
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT c.target_ref, c.part, c.location_key, c.hash, c.problems FROM item
        JOIN catalog_claims c ON c.target_ref = item.r AND c.source || '' = $1";
    Ok(known(tx.fetch_rows(SQL, &[source.into()], targets).await?))
}

/// The names of the providers that claim anything.
pub(crate) async fn providers(database: &Database) -> Result<Vec<String>> {
    const SQL: &str = "SELECT DISTINCT substr(source, 10) FROM catalog_claims
        WHERE source LIKE 'provider:%' ORDER BY 1";
    let rows: Vec<(String,)> = database.fetch(SQL, &[]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

fn known(rows: Vec<Known>) -> Vec<KnownClaim> {
    rows.into_iter()
        .map(
            |(target_ref, part, location_key, hash, problems)| KnownClaim {
                target_ref,
                part,
                location_key,
                hash,
                problems,
            },
        )
        .collect()
}

/// Writes claims; one that changes keeps its age.
pub(crate) async fn upsert(tx: &mut Tx, source: &str, claims: &[&ClaimRow]) -> Result<()> {
    const SQL: &str = "WITH item (target_ref, part, location_key, entity, hash, problems) AS ($rows)
        INSERT INTO catalog_claims (target_ref, source, part, location_key, entity, hash, problems, claimed_at)
        SELECT target_ref, $1, part, location_key, entity, hash, problems, now_ms() FROM item WHERE true
        ON CONFLICT (source, part, target_ref) DO UPDATE SET location_key = excluded.location_key,
            entity = excluded.entity, hash = excluded.hash, problems = excluded.problems";
    let rows = Rows::of_texts(claims.iter().map(|claim| claim.target_ref.as_str()))
        .texts(claims.iter().map(|claim| claim.part.as_str()))
        .texts(claims.iter().map(|claim| claim.location_key.as_str()))
        .texts(claims.iter().map(|claim| claim.entity.as_str()))
        .texts(claims.iter().map(|claim| claim.hash.as_str()))
        .texts(claims.iter().map(|claim| claim.problems.as_str()));
    tx.execute_rows(SQL, &[source.into()], &rows).await?;
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
    const SQL: &str = "WITH item (part, r) AS ($rows)
        DELETE FROM catalog_claims WHERE source = $1 AND (part, target_ref) IN (SELECT part, r FROM item)";
    let rows = Rows::of_texts(claims.iter().map(|claim| claim.part.as_str()))
        .texts(claims.iter().map(|claim| claim.target_ref.as_str()));
    tx.execute_rows(SQL, &[source.into()], &rows).await?;
    Ok(())
}

/// Deletes everything that `sources` say and returns whom they said it about.
pub(crate) async fn delete_sources(tx: &mut Tx, sources: &[String]) -> Result<Vec<String>> {
    let sources = Rows::of_texts(sources.iter().map(String::as_str));
    const PARTS: &str = "WITH item (source) AS ($rows)
        DELETE FROM catalog_parts WHERE source IN (SELECT source FROM item)";
    tx.execute_rows(PARTS, &[], &sources).await?;
    const CLAIMS: &str = "WITH item (source) AS ($rows)
        DELETE FROM catalog_claims WHERE source IN (SELECT source FROM item) RETURNING target_ref";
    let targets: Vec<(String,)> = tx.fetch_rows(CLAIMS, &[], &sources).await?;
    Ok(targets.into_iter().map(|row| row.0).collect())
}

/// Those of `targets` that somebody still claims, directly or through others, starting at a provider or at an
/// orphan that is kept.
///
/// Two locations that only name each other hold nobody up.
pub(crate) async fn still_held(tx: &mut Tx, targets: &Rows<'_>) -> Result<Vec<String>> {
    const SQL: &str = "WITH RECURSIVE item (r) AS ($rows), up (target_ref, holder) AS (
            SELECT item.r, item.r FROM item
            UNION
            SELECT up.target_ref, substr(c.source, 8) FROM up
            JOIN catalog_claims c ON c.target_ref = up.holder WHERE c.source LIKE 'entity:%'
        )
        SELECT DISTINCT up.target_ref FROM up
        JOIN catalog_claims c ON c.target_ref = up.holder
        WHERE c.source LIKE 'provider:%' OR c.source = 'orphan'";
    let held: Vec<(String,)> = tx.fetch_rows(SQL, &[], targets).await?;
    Ok(held.into_iter().map(|row| row.0).collect())
}

/// The entities whose locations claim one of `targets`.
pub(crate) async fn claimants(tx: &mut Tx, targets: &Rows<'_>) -> Result<Vec<String>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT DISTINCT substr(c.source, 8) FROM item JOIN catalog_claims c ON c.target_ref = item.r
        WHERE c.source LIKE 'entity:%'";
    let rows: Vec<(String,)> = tx.fetch_rows(SQL, &[], targets).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A part that was read, and what was wrong with it.
#[derive(Debug)]
pub(crate) struct PartRow {
    pub(crate) part: String,
    pub(crate) fingerprint: String,
    pub(crate) problems: String,
}

pub(crate) async fn parts(database: &Database, source: &str) -> Result<Vec<(String, String)>> {
    const SQL: &str = "SELECT part, fingerprint FROM catalog_parts WHERE source = $1";
    database.fetch(SQL, &[source.into()]).await
}

/// The fingerprints of some parts.
pub(crate) async fn fingerprints(
    database: &Database,
    source: &str,
    parts: &[String],
) -> Result<Vec<(String, String)>> {
    const SQL: &str = "WITH item (part) AS ($rows)
        SELECT p.part, p.fingerprint FROM item
        JOIN catalog_parts p ON p.source = $1 AND p.part = item.part";
    let rows = Rows::of_texts(parts.iter().map(String::as_str));
    database.fetch_rows(SQL, &[source.into()], &rows).await
}

pub(crate) async fn upsert_parts(tx: &mut Tx, source: &str, parts: &[&PartRow]) -> Result<()> {
    const SQL: &str = "WITH item (part, fingerprint, problems) AS ($rows)
        INSERT INTO catalog_parts (source, part, fingerprint, problems)
        SELECT $1, part, fingerprint, problems FROM item WHERE true
        ON CONFLICT (source, part) DO UPDATE SET fingerprint = excluded.fingerprint, problems = excluded.problems";
    let rows = Rows::of_texts(parts.iter().map(|part| part.part.as_str()))
        .texts(parts.iter().map(|part| part.fingerprint.as_str()))
        .texts(parts.iter().map(|part| part.problems.as_str()));
    tx.execute_rows(SQL, &[source.into()], &rows).await?;
    Ok(())
}

pub(crate) async fn delete_parts(tx: &mut Tx, source: &str, parts: &[&str]) -> Result<()> {
    const SQL: &str = "WITH item (part) AS ($rows)
        DELETE FROM catalog_parts WHERE source = $1 AND part IN (SELECT part FROM item)";
    let rows = Rows::of_texts(parts.iter().copied());
    tx.execute_rows(SQL, &[source.into()], &rows).await?;
    Ok(())
}

/// Makes every part count as changed at the next look.
pub(crate) async fn forget_fingerprints(tx: &mut Tx) -> Result<()> {
    tx.execute("UPDATE catalog_parts SET fingerprint = ''", &[])
        .await?;
    Ok(())
}

/// What is wrong with the parts that `owners` read: (owner, part, problems as JSON); without a part, with its
/// locations as a whole.
pub(crate) async fn part_problems(
    tx: &mut Tx,
    owners: &Rows<'_>,
) -> Result<Vec<(String, String, String)>> {
    const WHOLE: &str = "WITH item (r) AS ($rows)
        SELECT l.entity_ref, '', l.problems FROM item
        JOIN catalog_reads l ON l.entity_ref = item.r WHERE l.problems <> '[]'";
    const PARTS: &str = "WITH item (r) AS ($rows)
        SELECT item.r, p.part, p.problems FROM item
        JOIN catalog_parts p ON p.source = 'entity:' || item.r WHERE p.problems <> '[]'
        ORDER BY p.source, p.part";
    let mut found: Vec<(String, String, String)> = tx.fetch_rows(WHOLE, &[], owners).await?;
    found.extend(tx.fetch_rows(PARTS, &[], owners).await?);
    Ok(found)
}

/// What is wrong with entities that `owners` name and that were never good, so that they cannot show it
/// themselves: (owner, problems as JSON).
pub(crate) async fn unborn_problems(
    tx: &mut Tx,
    owners: &Rows<'_>,
) -> Result<Vec<(String, String)>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT item.r, e.problems FROM catalog_entities e
        CROSS JOIN catalog_claims c CROSS JOIN item
        WHERE e.processed_hash = '' AND e.problems <> '[]'
            AND c.target_ref = e.entity_ref AND c.source = 'entity:' || item.r
        ORDER BY c.source, c.part, c.target_ref";
    tx.fetch_rows(SQL, &[], owners).await
}
