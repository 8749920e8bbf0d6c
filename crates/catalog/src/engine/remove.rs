//! Removes what nobody claims any more, with everything that only it brought in (CAT-24).

use std::collections::HashSet;

use callboard_db::{Rows, Tx};
use callboard_model::Result;

use super::declared::Declared;
use crate::history;
use crate::sql::queue::{PROCESS, STITCH};
use crate::sql::relations::RelationRow;
use crate::sql::{self, claims, conflicts, entities, reads, refresh_keys, relations};

/// Removals happen one after the other: two that each take away one of the last two claims would both see the
/// other's. To be called before anything is locked that a removal may wait for.
pub(super) async fn in_turn(tx: &mut Tx) -> Result<()> {
    sql::advance(tx, "releases", 1).await?;
    Ok(())
}

/// Looks at entities that just lost a claim: those still held are processed again, for another claim may
/// count now; the others go, and with them what they alone had emitted. The caller is [`in_turn`].
pub(super) async fn release(tx: &mut Tx, released: Vec<String>) -> Result<()> {
    let mut released = released;
    while !released.is_empty() {
        // Several of those that went may have held the same one.
        released.sort_unstable();
        released.dedup();
        let rows = refs(&released);
        // A source that claims one of them at this moment has locked it.
        entities::lock(tx, &rows).await?;
        let held: HashSet<String> = claims::still_held(tx, &rows).await?.into_iter().collect();
        let (held, gone): (Vec<String>, Vec<String>) = released
            .into_iter()
            .partition(|entity| held.contains(entity));
        again(tx, &held).await?;
        released = if gone.is_empty() {
            Vec::new()
        } else {
            remove(tx, &gone).await?
        };
    }
    Ok(())
}

/// What others say about `held` may count now, and whoever lost a conflict over one of them may have won it.
async fn again(tx: &mut Tx, held: &[String]) -> Result<()> {
    conflicts::settle(tx, &refs(held)).await?;
    let claimants = claims::claimants(tx, &refs(held)).await?;
    let held = || held.iter().map(String::as_str);
    PROCESS.append(tx, held()).await?;
    let shown = held().chain(claimants.iter().map(String::as_str));
    STITCH.append(tx, shown).await
}

/// Deletes `gone` and returns the entities that they had claimed.
async fn remove(tx: &mut Tx, gone: &[String]) -> Result<Vec<String>> {
    let sources: Vec<String> = gone
        .iter()
        .map(|entity_ref| format!("entity:{entity_ref}"))
        .collect();
    let children = claims::delete_sources(tx, &sources).await?;
    let leaving = history::leaving(tx, gone).await?;
    let gone = refs(gone);
    reads::forget(tx, &gone).await?;
    refresh_keys::forget(tx, &gone).await?;
    conflicts::settle(tx, &gone).await?;
    let declared = entities::declared(tx, &gone).await?;
    let rows: Vec<RelationRow> = declared
        .iter()
        .flat_map(|(origin, json)| Declared::parse(json).rows(origin).collect::<Vec<_>>())
        .collect();
    relations::delete(tx, &rows.iter().collect::<Vec<_>>()).await?;
    let ends: HashSet<&str> = rows.iter().map(|row| row.source.as_str()).collect();
    STITCH.append(tx, ends).await?;
    let gone = entities::remove(tx, &gone).await?;
    history::record_removals(tx, leaving, &gone).await?;
    Ok(children)
}

fn refs(refs: &[String]) -> Rows<'_> {
    Rows::of_texts(refs.iter().map(String::as_str))
}
