//! Removes one entity that was never good.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Path, Result};
use callboard_model::Error;
use uuid::Uuid;

use crate::Catalog;
use crate::audit::Audit;
use crate::engine::Afterwards;
use crate::permissions::DeleteUnprocessed;

/// Delete an entity that was never good
///
/// By its `entity_id`. It comes back when its source changes. An id that nobody has is deleted already; an entity
/// that people see is not touched.
#[utoipa::path(
    delete,
    path = "/api/catalog/entities/unprocessed/delete/{id}",
    tag = "catalog",
    params(("id" = String, Path, description = "Its `entity_id`.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "The caller may not delete such entities.", body = ErrorBody),
        (status = 404, description = "People see the entity.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_unprocessed_entity(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let audit = Audit::new(&caller, "entity-mutate", "delete-unprocessed", &*id);
    audit.end(delete(&catalog, &caller, &id).await)
}

async fn delete(catalog: &Catalog, caller: &Caller, id: &str) -> Result<StatusCode> {
    caller.may::<DeleteUnprocessed>()?;
    let engine = &catalog.inner().engine;
    let Ok(id) = Uuid::parse_str(id) else {
        return Ok(StatusCode::NO_CONTENT);
    };
    // As it is stored, however it was written.
    let id = id.to_string();
    match engine.by_uid(&id).await? {
        Some((entity_ref, true)) => {
            let message = format!("`{entity_ref}` is no unprocessed entity: people see it");
            Err(Error::not_found("not-unprocessed", message)
                .hint("delete it by `DELETE /api/catalog/entities/by-uid/{uid}`")
                .into())
        }
        Some((entity_ref, false)) => {
            engine
                .delete(&entity_ref, &id, Afterwards::LeaveAlone)
                .await?;
            Ok(StatusCode::NO_CONTENT)
        }
        None => Ok(StatusCode::NO_CONTENT),
    }
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Stage, component};

    #[tokio::test]
    async fn it_stays_gone_until_its_source_changes() {
        let address = "https://host/a.yaml";
        let broken = component("cart", "one").replace("  lifecycle: production\n", "");
        let stage = Stage::with(&[(address, &broken)]).await;
        let failed = stage.get_json("/entities/unprocessed/failed").await;
        let id = failed["entities"][0]["entity_id"].as_str().unwrap();

        // However the id is written.
        let path = format!("/entities/unprocessed/delete/{}", id.to_uppercase());
        assert_eq!(stage.delete(&path).await, "204 No Content\n");
        stage.look_again().await;
        let failed = stage.get_json("/entities/unprocessed/failed").await;
        assert_eq!(failed["entities"].as_array().unwrap().len(), 0);
        assert_eq!(stage.delete(&path).await, "204 No Content\n");

        stage.sources.put(address, &component("cart", "one"));
        stage.look_again().await;
        assert_eq!(
            stage.entity("component:default/cart").await["kind"],
            "Component"
        );
    }

    #[tokio::test]
    async fn an_entity_that_people_see_is_not_touched() {
        let stage = Stage::with(&[("https://host/a.yaml", &component("cart", "one"))]).await;
        let uid = stage.uid("component:default/cart").await;

        let answer = stage
            .delete(&format!("/entities/unprocessed/delete/{uid}"))
            .await;
        assert!(
            answer.starts_with(
                "404 Not Found\nNotFoundError: `component:default/cart` is no unprocessed"
            ),
            "{answer}"
        );
        stage.settle().await;
        assert_eq!(stage.uid("component:default/cart").await, uid);
    }
}
