//! Every registered location.

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::location::Location;
use crate::Catalog;
use crate::permissions::ReadLocation;

/// One registered location in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LocationItem {
    /// The location.
    data: Location,
}

/// List registered locations
///
/// All of them, in the order of their ids; none to a caller who may not see locations. Those of the configuration
/// are not among them: they are Location entities only.
#[utoipa::path(
    get,
    path = "/api/catalog/locations",
    tag = "catalog",
    responses(
        (status = 200, description = "The locations.", body = Vec<LocationItem>),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_locations(
    State(catalog): State<Catalog>,
    caller: Caller,
) -> Result<Json<Vec<LocationItem>>> {
    if caller.may::<ReadLocation>().is_err() {
        return Ok(Json(Vec::new()));
    }
    let rows = catalog.inner().engine.locations().await?;
    let item = |row| LocationItem {
        data: Location::from(row),
    };
    Ok(Json(rows.into_iter().map(item).collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::stage::{Stage, good};

    #[tokio::test]
    async fn what_is_registered_is_listed_and_found_by_its_id() {
        let stage = Stage::configured(json!({}), &[]).await;
        let body =
            json!({ "type": "url", "target": "https://host/a.yaml", "presence": "optional" });
        let created = good(&stage.post("/locations", &body).await);

        let listed = stage.get_json("/locations").await;
        assert_eq!(listed, json!([{ "data": created["location"] }]));
        let id = created["location"]["id"].as_str().unwrap();
        let one = stage.get_json(&format!("/locations/{id}")).await;
        assert_eq!(one, created["location"]);
    }
}
