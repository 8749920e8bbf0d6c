//! The registered location that an entity came from.

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Path, Result};
use callboard_model::{Entity, EntityRef, Error, LocationRef, annotation};

use super::location::Location;
use crate::Catalog;
use crate::permissions::ReadLocation;
use crate::query::Readable;

/// Get the registered location of an entity
///
/// The one that the entity's annotation `backstage.io/managed-by-origin-location` names. Entities that came in by
/// the configuration or another provider have none.
#[utoipa::path(
    get,
    path = "/api/catalog/locations/by-entity/{kind}/{namespace}/{name}",
    tag = "catalog",
    params(
        ("kind" = String, Path, description = "The entity's kind.", example = "component"),
        ("namespace" = String, Path, description = "Its namespace.", example = "default"),
        ("name" = String, Path, description = "Its name.", example = "checkout"),
    ),
    responses(
        (status = 200, description = "The location.", body = Location),
        (status = 404, description = "There is no such entity, or no such location.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_location_by_entity(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path((kind, namespace, name)): Path<(String, String, String)>,
) -> Result<Json<Location>> {
    let no_entity = || {
        let named = format!("{kind}:{namespace}/{name}").to_lowercase();
        Error::not_found("no-such-entity", format!("found no entity for ref {named}"))
    };
    let entity_ref = EntityRef::new(&kind, &namespace, &name).map_err(|_| no_entity())?;
    caller.may::<ReadLocation>().map_err(|_| no_entity())?;
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    let json = readable.by_ref(entity_ref.as_str()).ok_or_else(no_entity)?;
    let origin = origin(&json).ok_or_else(|| {
        let message = format!("found no origin annotation for ref {entity_ref}");
        Error::not_found("no-origin", message)
    })?;
    let row = catalog.inner().engine.location_at(&origin).await?;
    let row = row.ok_or_else(|| {
        let message = format!(
            "Found no location with type {} and target {}",
            origin.kind, origin.target
        );
        Error::not_found("no-such-location", message)
    })?;
    Ok(Json(row.into()))
}

fn origin(json: &[u8]) -> Option<LocationRef> {
    let entity: Entity = serde_json::from_slice(json).ok()?;
    let annotation = entity.annotation(annotation::MANAGED_BY_ORIGIN_LOCATION)?;
    annotation.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::stage::{Stage, component, good};

    #[tokio::test]
    async fn an_entity_leads_to_the_location_that_brought_it_in() {
        let page = ("https://host/a.yaml", component("cart", "one"));
        let stage = Stage::configured(json!({}), &[(page.0, &page.1)]).await;
        let body = json!({ "type": "url", "target": page.0 });
        let created = good(&stage.post("/locations", &body).await);
        stage.settle().await;

        let found = stage
            .get_json("/locations/by-entity/Component/default/cart")
            .await;
        assert_eq!(found, created["location"]);
    }

    #[tokio::test]
    async fn an_entity_that_was_not_registered_leads_nowhere() {
        let stage = Stage::with(&[("https://host/a.yaml", &component("cart", "one"))]).await;

        assert_eq!(
            stage
                .get("/locations/by-entity/component/default/cart")
                .await,
            "404 Not Found\nNotFoundError: Found no location with type url and target https://host/a.yaml"
        );
        assert_eq!(
            stage
                .get("/locations/by-entity/component/default/none")
                .await,
            "404 Not Found\nNotFoundError: found no entity for ref component:default/none"
        );
    }
}
