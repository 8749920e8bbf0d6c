//! One entity by its id.

use axum::extract::State;
use axum::response::Response;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Path, Result};
use callboard_model::Error;

use super::{body, schemas};
use crate::Catalog;
use crate::permissions::ReadEntity;
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
    let readable = Readable::new(catalog.index(), caller.may_any::<ReadEntity>()?);
    let entity = uid.parse().ok().and_then(|uid| readable.by_uid(&uid));
    let entity = entity
        .ok_or_else(|| Error::not_found("no-such-entity", format!("No entity with uid {uid}")))?;
    Ok(body::json(entity))
}
