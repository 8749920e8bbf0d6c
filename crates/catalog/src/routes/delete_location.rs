//! Ends the registration of one location.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Path, Result};

use super::location::{known_id, writable};
use crate::Catalog;
use crate::audit::Audit;
use crate::permissions::DeleteLocation;

/// Unregister a location
///
/// Its Location entity goes, with everything that only it led to.
#[utoipa::path(
    delete,
    path = "/api/catalog/locations/{id}",
    tag = "catalog",
    params(("id" = String, Path, description = "Its id.")),
    responses(
        (status = 204, description = "It is not registered any more."),
        (status = 403, description = "The caller may not unregister locations, or nobody may.", body = ErrorBody),
        (status = 404, description = "There is no such location.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn delete_location(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    let audit = Audit::new(&caller, "location-mutate", "delete", &*id);
    let answer = async {
        writable(&catalog)?;
        caller.may::<DeleteLocation>()?;
        catalog.inner().engine.unregister(known_id(&id)?).await?;
        Ok(StatusCode::NO_CONTENT)
    };
    audit.end(answer.await)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::stage::{Stage, component, good};

    #[tokio::test]
    async fn what_only_it_led_to_goes_with_it() {
        let page = ("https://host/a.yaml", component("cart", "one"));
        let stage = Stage::configured(json!({}), &[(page.0, &page.1)]).await;
        let body = json!({ "type": "url", "target": page.0 });
        let created = good(&stage.post("/locations", &body).await);
        stage.settle().await;
        let path = format!("/locations/{}", created["location"]["id"].as_str().unwrap());

        assert_eq!(stage.delete(&path).await, "204 No Content\n");
        stage.settle().await;

        assert!(stage.entity(&stage.root(page.0)).await.is_null());
        assert!(stage.entity("component:default/cart").await.is_null());
        let answer = stage.delete(&path).await;
        assert!(
            answer.starts_with("404 Not Found\nNotFoundError: Found no location with ID "),
            "{answer}"
        );
    }

    #[tokio::test]
    async fn deleting_its_entity_ends_the_registration_too() {
        let stage = Stage::configured(json!({}), &[]).await;
        let body = json!({ "type": "url", "target": "https://host/a.yaml" });
        good(&stage.post("/locations", &body).await);
        stage.settle().await;
        let uid = stage.uid(&stage.root("https://host/a.yaml")).await;

        assert_eq!(
            stage.delete(&format!("/entities/by-uid/{uid}")).await,
            "204 No Content\n"
        );
        assert_eq!(stage.get("/locations").await, "200 OK\n[]");
    }

    #[tokio::test]
    async fn what_was_lost_is_claimed_again_at_the_next_start() {
        let page = ("https://host/a.yaml", component("cart", "one"));
        let stage = Stage::configured(json!({}), &[(page.0, &page.1)]).await;
        good(
            &stage
                .post("/locations", &json!({ "type": "url", "target": page.0 }))
                .await,
        );
        stage.settle().await;
        let engine = &stage.catalog.inner().engine;
        let nothing = crate::provider::Mutation::Full(Vec::new());
        engine.apply("registered-locations", nothing).await.unwrap();
        stage.settle().await;
        assert!(stage.entity("component:default/cart").await.is_null());

        engine.claim_registered().await.unwrap();
        stage.settle().await;

        assert_eq!(
            stage.entity("component:default/cart").await["kind"],
            "Component"
        );
    }
}
