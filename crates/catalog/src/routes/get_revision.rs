//! How new the answers are.

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{Json, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Catalog;
use crate::permissions::ReadEntity;

/// A point in the catalog's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Revision {
    /// Grows with every change.
    pub(super) revision: i64,
}

/// Get the revision that answers come from
///
/// It grows with every change, so that two answers with the same revision between them are alike.
#[utoipa::path(
    get,
    path = "/api/catalog/revision",
    tag = "catalog",
    responses((status = 200, description = "The newest revision that answers contain.", body = Revision))
)]
pub(super) async fn get_revision(
    State(catalog): State<Catalog>,
    caller: Caller,
) -> Result<Json<Revision>> {
    caller.may_some::<ReadEntity>()?;
    Ok(Json(Revision {
        revision: catalog.index().revision(),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::sketch::Api;

    #[tokio::test]
    async fn the_revision_moves_with_the_catalog() {
        let api = Api::with("User:ada").await;
        assert_eq!(api.get("/revision").await, "200 OK\n{\"revision\":1}");

        api.draw("User:bob", 7);
        assert_eq!(api.get("/revision").await, "200 OK\n{\"revision\":7}");
    }
}
