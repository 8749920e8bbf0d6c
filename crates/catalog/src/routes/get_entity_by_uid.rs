//! One entity by its id.

use axum::extract::State;
use axum::response::Response;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Path, Result};
use callboard_model::Error;

use super::{body, schemas};
use crate::Catalog;
use crate::query::Readable;

/// Get an entity by its id
///
/// The id is `metadata.uid`, which the server gives an entity when it first sees it. An entity that may
/// not be seen does not exist.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/by-uid/{uid}",
    tag = "catalog",
    params(("uid" = String, Path, description = "Its `metadata.uid`.")),
    responses(
        (status = 200, description = "The entity.", body = schemas::Entity),
        (status = 404, description = "There is no such entity.", body = ErrorBody),
    )
)]
pub(super) async fn get_entity_by_uid(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path(uid): Path<String>,
) -> Result<Response> {
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    let entity = uid.parse().ok().and_then(|uid| readable.by_uid(&uid));
    let entity = entity
        .ok_or_else(|| Error::not_found("no-such-entity", format!("No entity with uid {uid}")))?;
    Ok(body::json(entity))
}

#[cfg(test)]
mod tests {
    use super::super::sketch::Api;

    #[tokio::test]
    async fn an_id_finds_its_entity() {
        let api = Api::with("Component:checkout\nUser:ada").await;

        let ada = api
            .get_json("/entities/by-uid/00000000-0000-4000-8000-000000000002")
            .await;
        assert_eq!(ada["metadata"]["name"], "ada");
    }

    #[tokio::test]
    async fn an_id_that_nobody_has_is_not_found() {
        let api = Api::with("").await;

        for uid in ["00000000-0000-4000-8000-000000000002", "no-uuid"] {
            let expected = format!("404 Not Found\nNotFoundError: No entity with uid {uid}");
            assert_eq!(api.get(&format!("/entities/by-uid/{uid}")).await, expected);
        }
    }
}
