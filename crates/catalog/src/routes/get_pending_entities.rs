//! Entities that wait to be seen.

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Query, Result};

use super::unprocessed::{MOST, Parameters, UnprocessedEntities, answer};
use crate::Catalog;
use crate::permissions::ReadUnprocessed;
use crate::sql::unprocessed;

/// List entities that wait
///
/// Entities that were not processed yet. There are none but in the moment after a source named them.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/unprocessed/pending",
    tag = "catalog",
    params(Parameters),
    responses(
        (status = 200, description = "The entities.", body = UnprocessedEntities),
        (status = 403, description = "The caller may not see them.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_pending_entities(
    State(catalog): State<Catalog>,
    caller: Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Json<UnprocessedEntities>> {
    caller.may::<ReadUnprocessed>()?;
    let database = &catalog.inner().foundations.database;
    let rows = unprocessed::pending(database, MOST).await?;
    Ok(Json(answer("pending", &parameters, rows)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::stage::{Stage, good};

    #[tokio::test]
    async fn what_was_just_named_waits() {
        let stage = Stage::configured(json!({}), &[]).await;
        let target = "https://host/a.yaml";
        good(
            &stage
                .post("/locations", &json!({ "type": "url", "target": target }))
                .await,
        );

        let answer = stage.get_json("/entities/unprocessed/pending").await;
        assert_eq!(answer["type"], "pending");
        assert_eq!(answer["entities"][0]["entity_ref"], stage.root(target));
        stage.settle().await;

        let answer = stage.get_json("/entities/unprocessed/pending").await;
        assert_eq!(answer["entities"], json!([]));
    }
}
