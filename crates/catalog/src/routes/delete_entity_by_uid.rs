//! Removes one entity by its id.

use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use callboard_auth::{Caller, Extent};
use callboard_http::{ErrorBody, Path, Result};
use callboard_model::{Entity, EntityRef};
use uuid::Uuid;

use crate::Catalog;
use crate::audit::Audit;
use crate::engine::Afterwards;
use crate::permissions::{DeleteEntity, is_like};
use crate::query::Readable;

/// Delete an entity by its id
///
/// The entity goes, with what only it brought in. What named it is read again, so that it comes back, as a new
/// entity, where it is still written; an orphan stays gone. Deleting the Location of a registered location ends the
/// registration. An id that nobody has is deleted already.
#[utoipa::path(
    delete,
    path = "/api/catalog/entities/by-uid/{uid}",
    tag = "catalog",
    params(("uid" = String, Path, description = "Its `metadata.uid`.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "The caller may not delete it.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_entity_by_uid(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(uid): Path<String>,
) -> Result<StatusCode> {
    let audit = Audit::new(&caller, "entity-mutate", "delete", &*uid);
    audit.end(delete(&catalog, &caller, &uid).await)
}

async fn delete(catalog: &Catalog, caller: &Caller, uid: &str) -> Result<StatusCode> {
    let found = match uid.parse() {
        Ok(uid) => find(catalog, caller, uid).await?,
        Err(_) => None,
    };
    caller.may_some::<DeleteEntity>()?;
    if let Extent::Like(conditions) = caller.scope::<DeleteEntity>().extent() {
        // Whoever may delete some does not learn which others there are.
        let matches = match &found {
            None => false,
            Some((_, entity_ref)) => is_like(catalog.index(), entity_ref, conditions)?,
        };
        if !matches {
            return Err(caller.refusal::<DeleteEntity>().into());
        }
    }
    if let Some((uid, entity_ref)) = found {
        let engine = &catalog.inner().engine;
        engine
            .delete(&entity_ref, &uid, Afterwards::ReadAgain)
            .await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The entity with this id: most are found in memory.
async fn find(
    catalog: &Catalog,
    caller: &Caller,
    uid: Uuid,
) -> Result<Option<(String, EntityRef)>> {
    let text = uid.to_string();
    let seen = Readable::new(catalog.index(), &caller.scope())?.by_uid(&uid);
    if let Some(entity_ref) = seen.and_then(|json| reference(&json)) {
        return Ok(Some((text, entity_ref)));
    }
    let found = catalog.inner().engine.by_uid(&text).await?;
    Ok(found.map(|(entity_ref, _)| (text, entity_ref)))
}

fn reference(json: &Bytes) -> Option<EntityRef> {
    let entity: Entity = serde_json::from_slice(json).ok()?;
    entity.entity_ref().ok()
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Stage, component};

    #[tokio::test]
    async fn an_entity_that_is_still_written_comes_back_as_another_one() {
        let stage = Stage::with(&[("https://host/a.yaml", &component("cart", "one"))]).await;
        let before = stage.uid("component:default/cart").await;

        assert_eq!(
            stage.delete(&format!("/entities/by-uid/{before}")).await,
            "204 No Content\n"
        );
        stage.feed().await;
        assert!(stage.entity("component:default/cart").await.is_null());
        stage.settle().await;

        let after = stage.uid("component:default/cart").await;
        assert_ne!(after, before);
    }

    #[tokio::test]
    async fn an_entity_that_is_not_written_any_more_stays_gone() {
        let stage = Stage::with(&[("https://host/a.yaml", &component("cart", "one"))]).await;
        let uid = stage.uid("component:default/cart").await;
        stage
            .sources
            .silently("https://host/a.yaml", &component("basket", "one"));

        stage.delete(&format!("/entities/by-uid/{uid}")).await;
        stage.settle().await;

        assert!(stage.entity("component:default/cart").await.is_null());
        assert_eq!(
            stage.entity("component:default/basket").await["kind"],
            "Component"
        );
    }

    #[tokio::test]
    async fn a_location_takes_along_what_only_it_led_to_and_stays_gone() {
        let stage = Stage::with(&[("https://host/a.yaml", &component("cart", "one"))]).await;
        let root = stage.root("https://host/a.yaml");
        let uid = stage.uid(&root).await;

        stage.delete(&format!("/entities/by-uid/{uid}")).await;
        stage.settle().await;

        assert!(stage.entity(&root).await.is_null());
        assert!(stage.entity("component:default/cart").await.is_null());
    }

    #[tokio::test]
    async fn an_id_that_nobody_has_is_deleted_already() {
        let stage = Stage::with(&[]).await;

        for uid in ["00000000-0000-4000-8000-00000000ffff", "no-uuid", "%00"] {
            let answer = stage.delete(&format!("/entities/by-uid/{uid}")).await;
            assert_eq!(answer, "204 No Content\n", "{uid}");
        }
    }
}
