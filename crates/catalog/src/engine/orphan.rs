//! Entities that their sources let go of, when the operator keeps them (CAT-35).
//!
//! A location that is still there and names an entity no longer makes an orphan of it. Who removes the location
//! itself removes what it brought in. The last claim on an orphan stays as the claim of nobody, with its last good
//! state; as soon as a source names the entity again that claim is given up, and the entity is what it was before.

use std::collections::HashSet;

use callboard_db::{Rows, Tx};
use callboard_model::{Entity, EntityRef, Result};
use serde_json::json;

use super::assemble::own_half;
use super::{Engine, remove};
use crate::hash;
use crate::sql::claims::{self, KnownClaim};
use crate::sql::entities::{self, OwnHalfRow};
use crate::sql::orphans;
use crate::sql::queue::{PROCESS, STITCH};

/// Tells people, and who asks for them, that an entity is an orphan.
const ANNOTATION: &str = "backstage.io/orphan";

/// Deletes claims that `source` does not make any more, and keeps as orphans what nobody else holds. The caller has
/// its turn to remove.
pub(super) async fn keep(tx: &mut Tx, source: &str, gone: Vec<KnownClaim>) -> Result<()> {
    let mut claims = orphans::given_up(tx, source, &gone).await?;
    for (_, json) in &mut claims {
        if let Some(marked) = marked(json, true) {
            *json = serde_json::Value::Object(marked.into_object()).to_string();
        }
    }
    orphans::take_over(tx, &claims).await?;
    claims::delete(tx, source, &gone).await?;
    let released: HashSet<String> = gone.into_iter().map(|claim| claim.target_ref).collect();
    let released: Vec<String> = released.into_iter().collect();
    entities::lock(tx, &refs(&released)).await?;
    reclaim(tx, &released).await?;
    let kept = orphans::among(tx, &refs(&released)).await?;
    mark(tx, &kept, true).await?;
    remove::release(tx, released).await
}

/// Orphans among `targets` that are held again are orphans no more.
pub(super) async fn reclaim(tx: &mut Tx, targets: &[String]) -> Result<()> {
    if !orphans::any(tx).await? {
        return Ok(());
    }
    let orphans = orphans::among(tx, &refs(targets)).await?;
    let held = orphans::held_by_others(tx, &refs(&orphans)).await?;
    orphans::let_go(tx, &refs(&held)).await?;
    mark(tx, &held, false).await?;
    let held = || held.iter().map(String::as_str);
    PROCESS.append(tx, held()).await?;
    STITCH.append(tx, held()).await
}

/// Writes the annotation onto the last good state, or takes it away: what there is to process may be broken by now.
async fn mark(tx: &mut Tx, entities: &[String], orphan: bool) -> Result<()> {
    let halves = orphans::own_halves(tx, &refs(entities)).await?;
    let marked: Vec<_> = halves
        .into_iter()
        .filter_map(|(entity_ref, json)| Some((entity_ref, own_half(marked(&json, orphan)?))))
        .collect();
    let rows: Vec<OwnHalfRow<'_>> = marked
        .iter()
        .map(|(r, half)| OwnHalfRow {
            r,
            entity: &half.json,
            metadata_end: half.metadata_end,
        })
        .collect();
    entities::write_own_halves(tx, &rows).await?;
    let hashes: Vec<(&str, String)> = marked
        .iter()
        .map(|(r, half)| (r.as_str(), hash::hex(half.json.as_bytes())))
        .collect();
    orphans::write_hashes(tx, &hashes).await?;
    STITCH.append(tx, entities.iter().map(String::as_str)).await
}

/// The entity with the annotation, or without it; none when it has no place for one.
fn marked(json: &str, orphan: bool) -> Option<Entity> {
    let mut entity: Entity = serde_json::from_str(json).ok()?;
    let annotations = entity
        .metadata_mut()
        .entry("annotations")
        .or_insert_with(|| json!({}));
    let annotations = annotations.as_object_mut()?;
    if orphan {
        annotations.insert(ANNOTATION.to_owned(), "true".into());
    } else {
        annotations.shift_remove(ANNOTATION);
    }
    Some(entity)
}

impl Engine {
    /// At a start: orphans whom somebody holds are none any more, and where they are not kept they go.
    pub(super) async fn review_orphans(&self, tx: &mut Tx, keep: bool) -> Result<()> {
        let orphans = orphans::all(tx, keep).await?;
        if keep {
            return reclaim(tx, &orphans).await;
        }
        if !orphans.is_empty() {
            remove::in_turn(tx).await?;
            orphans::let_go(tx, &refs(&orphans)).await?;
            remove::release(tx, orphans).await?;
        }
        Ok(())
    }

    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "the operation that deletes an entity by its uid asks for it"
        )
    )]
    /// Deletes an orphan, with what it alone had brought in; false when it is none.
    pub(crate) async fn delete_orphan(&self, entity_ref: &EntityRef) -> Result<bool> {
        let orphan = vec![entity_ref.to_string()];
        let mut tx = self.database.begin().await?;
        remove::in_turn(&mut tx).await?;
        let is_orphan = !orphans::among(&mut tx, &refs(&orphan)).await?.is_empty();
        orphans::let_go(&mut tx, &refs(&orphan)).await?;
        remove::release(&mut tx, orphan).await?;
        tx.commit().await?;
        self.wake();
        Ok(is_orphan)
    }
}

fn refs(refs: &[String]) -> Rows<'_> {
    Rows::of_texts(refs.iter().map(String::as_str))
}
