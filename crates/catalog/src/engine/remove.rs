//! Removes what nobody claims any more, with everything that only it brought in (CAT-24).

use std::collections::HashSet;

use callboard_db::Tx;
use callboard_model::Result;

use super::declared::Declared;
use crate::sql::relations::RelationRow;
use crate::sql::{claims, entities, relations};

/// Looks at entities that just lost a claim: those still held are processed again, for another claim may
/// count now; the others go, and with them what they alone had emitted.
pub(super) async fn release(tx: &mut Tx, released: Vec<String>) -> Result<()> {
    let mut released = released;
    while !released.is_empty() {
        let held: HashSet<String> = claims::still_held(tx, &released)
            .await?
            .into_iter()
            .collect();
        let (held, gone): (Vec<String>, Vec<String>) = released
            .into_iter()
            .partition(|entity| held.contains(entity));
        entities::request_reprocessing(tx, &held).await?;
        if !held.is_empty() {
            // Whoever lost a conflict over one of these may have won it now.
            let claimants = claims::claimants(tx, &held).await?;
            entities::request_stitching(tx, claimants.iter().map(String::as_str)).await?;
        }
        released = if gone.is_empty() {
            Vec::new()
        } else {
            remove(tx, &gone).await?
        };
    }
    Ok(())
}

/// Deletes `gone` and returns the entities that they had claimed.
async fn remove(tx: &mut Tx, gone: &[String]) -> Result<Vec<String>> {
    let sources: Vec<String> = gone
        .iter()
        .map(|entity_ref| format!("entity:{entity_ref}"))
        .collect();
    let children = claims::delete_sources(tx, &sources).await?;
    let declared = entities::declared(tx, gone).await?;
    let rows: Vec<RelationRow> = declared
        .iter()
        .flat_map(|(origin, json)| Declared::parse(json).rows(origin).collect::<Vec<_>>())
        .collect();
    relations::delete(tx, &rows).await?;
    entities::request_stitching(tx, rows.iter().map(|row| row.source.as_str())).await?;
    entities::remove(tx, gone).await?;
    Ok(children)
}
