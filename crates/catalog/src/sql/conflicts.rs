//! Entities that several sources claim.
//!
//! They are few among many, so a table says which: nothing has to look through all claims to find them.

use callboard_db::{Rows, Tx};
use callboard_model::Result;

/// Looks at `targets`, which gained a claim: answers those that others claim too.
pub(crate) async fn note(tx: &mut Tx, targets: &Rows<'_>) -> Result<Vec<String>> {
    let contested = contested(tx, targets).await?;
    const SQL: &str = "WITH item (r) AS ($rows)
        INSERT INTO catalog_conflicts (target_ref) SELECT r FROM item WHERE true ON CONFLICT DO NOTHING";
    let rows = Rows::of_texts(contested.iter().map(String::as_str));
    tx.execute_rows(SQL, &[], &rows).await?;
    Ok(contested)
}

/// Looks at `targets`, which lost a claim.
pub(crate) async fn settle(tx: &mut Tx, targets: &Rows<'_>) -> Result<()> {
    const SQL: &str = "WITH item (r) AS ($rows)
        DELETE FROM catalog_conflicts WHERE target_ref IN (SELECT r FROM item) AND 2 >
            (SELECT COUNT(*) FROM catalog_claims c WHERE c.target_ref = catalog_conflicts.target_ref)";
    tx.execute_rows(SQL, &[], targets).await?;
    Ok(())
}

async fn contested(tx: &mut Tx, targets: &Rows<'_>) -> Result<Vec<String>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT c.target_ref FROM item JOIN catalog_claims c ON c.target_ref = item.r
        GROUP BY c.target_ref HAVING COUNT(*) > 1";
    let rows: Vec<(String,)> = tx.fetch_rows(SQL, &[], targets).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A claim that waits behind an older one of another owner.
#[derive(Debug)]
pub(crate) struct WaitingClaim {
    pub(crate) target_ref: String,
    pub(crate) source: String,
    pub(crate) part: String,
    /// Since when it waits (Unix time, ms); 0 when that is not known.
    pub(crate) since: i64,
    /// Who was first.
    pub(crate) first: FirstClaim,
}

/// The claim that counts.
#[derive(Debug)]
pub(crate) struct FirstClaim {
    pub(crate) source: String,
    pub(crate) part: String,
}

type Waiting = (String, String, String, i64, String, String);

fn waiting(rows: Vec<Waiting>) -> Vec<WaitingClaim> {
    rows.into_iter()
        .map(
            |(target_ref, source, part, since, first_source, first_part)| WaitingClaim {
                target_ref,
                source,
                part,
                since,
                first: FirstClaim {
                    source: first_source,
                    part: first_part,
                },
            },
        )
        .collect()
}

/// What the locations of `owners` say about entities that an older source with another key owns.
pub(crate) async fn lost_by(tx: &mut Tx, owners: &Rows<'_>) -> Result<Vec<WaitingClaim>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT c.target_ref, c.source, c.part, c.claimed_at, w.source, w.part
        FROM catalog_conflicts k CROSS JOIN catalog_claims c CROSS JOIN item
        CROSS JOIN catalog_claims w
        WHERE c.target_ref = k.target_ref AND c.source = 'entity:' || item.r
            AND w.id = (SELECT MIN(o.id) FROM catalog_claims o WHERE o.target_ref = k.target_ref)
            AND w.location_key <> c.location_key ORDER BY c.source, c.part, c.target_ref";
    Ok(waiting(tx.fetch_rows(SQL, &[], owners).await?))
}

/// The claims on `targets` that wait behind an older one with another key.
pub(crate) async fn waiting_for(tx: &mut Tx, targets: &Rows<'_>) -> Result<Vec<WaitingClaim>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT c.target_ref, c.source, c.part, c.claimed_at, w.source, w.part FROM item
        JOIN catalog_conflicts k ON k.target_ref = item.r
        JOIN catalog_claims w ON w.id = (SELECT MIN(o.id) FROM catalog_claims o WHERE o.target_ref = item.r)
        JOIN catalog_claims c ON c.target_ref = item.r AND c.id > w.id
        WHERE w.location_key <> c.location_key ORDER BY c.target_ref, c.id";
    Ok(waiting(tx.fetch_rows(SQL, &[], targets).await?))
}
