//! One registered location.

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Path, Result};

use super::location::{Location, known_id};
use crate::Catalog;
use crate::engine::no_such_location;
use crate::permissions::ReadLocation;

/// Get a registered location
///
/// By the id that registering gave it. One that may not be seen does not exist.
#[utoipa::path(
    get,
    path = "/api/catalog/locations/{id}",
    tag = "catalog",
    params(("id" = String, Path, description = "Its id.")),
    responses(
        (status = 200, description = "The location.", body = Location),
        (status = 404, description = "There is no such location.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_location(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Location>> {
    if caller.may::<ReadLocation>().is_err() {
        return Err(no_such_location(&id).into());
    }
    let row = catalog.inner().engine.location(known_id(&id)?).await?;
    Ok(Json(row.into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::stage::Stage;

    #[tokio::test]
    async fn an_id_that_nobody_has_is_not_found() {
        let stage = Stage::configured(json!({}), &[]).await;

        for id in ["00000000-0000-4000-8000-00000000ffff", "x"] {
            let expected = format!("404 Not Found\nNotFoundError: Found no location with ID {id}");
            assert_eq!(stage.get(&format!("/locations/{id}")).await, expected);
        }
        let answer = stage.get("/locations/%00").await;
        assert!(answer.starts_with("404 Not Found"), "{answer}");
    }
}
