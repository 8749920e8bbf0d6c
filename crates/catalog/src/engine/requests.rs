//! What people ask for: an entity read again, or gone.

use std::collections::{BTreeMap, BTreeSet};

use callboard_db::{Retries, Rows};
use callboard_model::{EntityRef, Result};

use super::{Engine, remove};
use crate::sql::queue::{PROCESS, STITCH};
use crate::sql::{documents, entities, locations, parents, reads, refresh_keys};

/// The source of registered locations.
const CLAIMED_BY_REGISTERING: &str = "provider:registered-locations";

/// Whether what named a deleted entity is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Afterwards {
    /// It is, so that the entity comes back where it is still written.
    ReadAgain,
    /// It is not: the entity stays gone until its source changes.
    LeaveAlone,
}

/// The ways up from an entity: the parents of each on them.
pub(crate) type Parents = BTreeMap<String, Vec<String>>;

impl Engine {
    /// Has an entity and the locations that lead to it read and processed again now; false when there is no such
    /// entity. What it is written in is read also if it looks unchanged.
    pub(crate) async fn refresh(&self, entity_ref: &EntityRef) -> Result<bool> {
        let mut retries = Retries::default();
        loop {
            match self.try_refresh(entity_ref.as_str()).await {
                Err(error) if retries.again(&error).await => {}
                Ok(found) => {
                    self.wake();
                    return Ok(found);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn try_refresh(&self, entity_ref: &str) -> Result<bool> {
        let mut tx = self.database.begin().await?;
        let named = Rows::of_texts([entity_ref]);
        if entities::existing(&mut tx, &named).await?.is_empty() {
            tx.commit().await?;
            return Ok(false);
        }
        let edges = parents::edges_in(&mut tx, entity_ref).await?;
        let above = edges.iter().map(|(_, parent)| parent.as_str());
        let mut due: BTreeSet<&str> = above.filter(|r| r.starts_with("location:")).collect();
        due.insert(entity_ref);
        let written_in = parents::claims(&mut tx, entity_ref).await?;
        parents::forget(&mut tx, &written_in).await?;
        parents::forget_source(&mut tx, &format!("entity:{entity_ref}")).await?;
        let keys = refresh_keys::known(&mut tx, &named).await?;
        let documents: Vec<_> = keys
            .into_iter()
            .filter(|row| row.is_document)
            .map(|row| row.key)
            .collect();
        documents::request(&mut tx, &documents).await?;
        PROCESS.append(&mut tx, due).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Deletes the entity that has this reference and id, with what only it brought in; false when there is none.
    pub(crate) async fn delete(
        &self,
        entity_ref: &EntityRef,
        uid: &str,
        afterwards: Afterwards,
    ) -> Result<bool> {
        let mut retries = Retries::default();
        loop {
            match self.try_delete(entity_ref.as_str(), uid, afterwards).await {
                Err(error) if retries.again(&error).await => {}
                Ok(found) => {
                    self.wake();
                    return Ok(found);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn try_delete(
        &self,
        entity_ref: &str,
        uid: &str,
        afterwards: Afterwards,
    ) -> Result<bool> {
        let mut tx = self.database.begin().await?;
        remove::in_turn(&mut tx).await?;
        let named = Rows::of_texts([entity_ref]);
        let found = entities::existing(&mut tx, &named).await?;
        if found.iter().all(|(_, known)| known != uid) {
            tx.commit().await?;
            return Ok(false);
        }
        let claims = parents::claims(&mut tx, entity_ref).await?;
        let owners: BTreeSet<&str> = claims
            .iter()
            .filter_map(|(source, _)| source.strip_prefix("entity:"))
            .collect();
        // Whoever reads for one of them at this moment has locked it, and would take the claim for a known one.
        let locked = Rows::of_texts(owners.iter().copied().chain([entity_ref]));
        entities::lock(&mut tx, &locked).await?;
        parents::delete_claims(&mut tx, entity_ref).await?;
        if claims
            .iter()
            .any(|(source, _)| source == CLAIMED_BY_REGISTERING)
        {
            locations::delete(&mut tx, entity_ref).await?;
        }
        if afterwards == Afterwards::ReadAgain {
            parents::forget(&mut tx, &claims).await?;
            reads::request(&mut tx, owners.iter().copied().filter(|r| *r != entity_ref)).await?;
        }
        remove::release(&mut tx, vec![entity_ref.to_owned()]).await?;
        STITCH.append(&mut tx, owners).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Who named an entity, and who named those, up to what providers handed over.
    pub(crate) async fn parents(&self, entity_ref: &EntityRef) -> Result<Parents> {
        let mut ways = Parents::new();
        for (child, parent) in parents::edges(&self.database, entity_ref.as_str()).await? {
            ways.entry(child).or_default().push(parent);
        }
        Ok(ways)
    }

    /// The entity with this id, and whether it ever was good.
    pub(crate) async fn by_uid(&self, uid: &str) -> Result<Option<(EntityRef, bool)>> {
        let found = parents::by_uid(&self.database, uid).await?;
        let found = found.and_then(|(r, good)| Some((r.parse().ok()?, good)));
        Ok(found)
    }
}
