//! Has a registered location read from another target.

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Path, Result};

use super::location::{Location, LocationInput, known_id, writable};
use crate::Catalog;
use crate::audit::Audit;
use crate::permissions::CreateLocation;

/// Change a registered location
///
/// It keeps its id and its Location entity; what it led to before goes, and what it leads to now comes in.
#[utoipa::path(
    put,
    path = "/api/catalog/locations/{id}",
    tag = "catalog",
    params(("id" = String, Path, description = "Its id.")),
    request_body = LocationInput,
    responses(
        (status = 200, description = "The location as it is now.", body = Location),
        (status = 400, description = "The body is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not change locations, or nobody may.", body = ErrorBody),
        (status = 404, description = "There is no such location.", body = ErrorBody),
        (status = 409, description = "Another one is registered at that target.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn update_location(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(id): Path<String>,
    Json(input): Json<LocationInput>,
) -> Result<Json<Location>> {
    let object = format!("{id} {}:{}", input.r#type, input.target);
    let audit = Audit::new(&caller, "location-mutate", "update", object);
    let answer = async {
        writable(&catalog)?;
        caller.may::<CreateLocation>()?;
        let new = input.accepted(&catalog)?;
        let engine = &catalog.inner().engine;
        let row = engine.change_location(known_id(&id)?, &new).await?;
        Ok(Json(row.into()))
    };
    audit.end(answer.await)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::stage::{Stage, component, good};

    #[tokio::test]
    async fn another_target_brings_other_entities_under_the_same_name() {
        let pages = [
            ("https://host/a.yaml", component("cart", "one")),
            ("https://host/b.yaml", component("basket", "one")),
        ];
        let stage = Stage::configured(
            json!({}),
            &[(pages[0].0, &pages[0].1), (pages[1].0, &pages[1].1)],
        )
        .await;
        let (a, b) = (
            json!({ "type": "url", "target": pages[0].0 }),
            json!({ "type": "url", "target": pages[1].0 }),
        );
        let created = good(&stage.post("/locations", &a).await)["location"].clone();
        stage.settle().await;
        let path = format!("/locations/{}", created["id"].as_str().unwrap());

        let changed = good(&stage.put(&path, &b).await);
        stage.settle().await;

        assert_eq!(changed["id"], created["id"]);
        assert_eq!(changed["entityRef"], created["entityRef"]);
        assert_eq!(changed["target"], pages[1].0);
        assert!(stage.entity("component:default/cart").await.is_null());
        assert_eq!(
            stage.entity("component:default/basket").await["kind"],
            "Component"
        );
        let answer = stage.post("/locations", &a).await;
        assert!(
            answer.starts_with("409 Conflict\nConflictError: "),
            "{answer}"
        );
        assert!(
            answer.contains("stands for url:https://host/b.yaml already"),
            "{answer}"
        );
    }

    #[tokio::test]
    async fn a_target_of_another_one_and_an_unknown_id_are_refused() {
        let stage = Stage::configured(json!({}), &[]).await;
        let (a, b) = (
            json!({ "type": "url", "target": "https://host/a.yaml" }),
            json!({ "type": "url", "target": "https://host/b.yaml" }),
        );
        let created = good(&stage.post("/locations", &a).await);
        good(&stage.post("/locations", &b).await);
        let path = format!("/locations/{}", created["location"]["id"].as_str().unwrap());

        let answer = stage.put(&path, &b).await;
        assert!(
            answer.starts_with(
                "409 Conflict\nConflictError: Location url:https://host/b.yaml already exists"
            ),
            "{answer}"
        );
        assert_eq!(good(&stage.put(&path, &a).await), created["location"]);
        let none = "00000000-0000-4000-8000-00000000ffff";
        assert_eq!(
            stage.put(&format!("/locations/{none}"), &a).await,
            format!("404 Not Found\nNotFoundError: Found no location with ID {none}")
        );
    }
}
