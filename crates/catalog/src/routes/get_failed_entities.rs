//! Entities that failed to be seen.

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Query, Result};

use super::unprocessed::{MOST, Parameters, UnprocessedEntities, answer};
use crate::Catalog;
use crate::permissions::ReadUnprocessed;
use crate::sql::unprocessed;

/// List entities that failed
///
/// Entities that were never good, so that nobody sees them, with what is wrong. Those that were good once are served
/// as they were, and tell it themselves.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/unprocessed/failed",
    tag = "catalog",
    params(Parameters),
    responses(
        (status = 200, description = "The entities.", body = UnprocessedEntities),
        (status = 403, description = "The caller may not see them.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn get_failed_entities(
    State(catalog): State<Catalog>,
    caller: Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Json<UnprocessedEntities>> {
    caller.may::<ReadUnprocessed>()?;
    let database = &catalog.inner().foundations.database;
    let rows = unprocessed::failed(database, MOST).await?;
    Ok(Json(answer("failed", &parameters, rows)))
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Stage, component};

    #[tokio::test]
    async fn an_entity_that_never_was_good_is_told_with_its_problems() {
        let broken = component("cart", "one").replace("  lifecycle: production\n", "");
        let stage = Stage::with(&[("https://host/a.yaml", &broken)]).await;

        let answer = stage.get_json("/entities/unprocessed/failed").await;

        assert_eq!(answer["type"], "failed");
        let entities = answer["entities"].as_array().unwrap();
        assert_eq!(entities.len(), 1, "{answer}");
        let failed = &entities[0];
        assert_eq!(failed["entity_ref"], "component:default/cart");
        assert_eq!(failed["unprocessed_entity"]["spec"]["owner"], "one");
        let message = failed["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("lifecycle"), "{message}");
        assert!(failed["last_discovery_at"].as_str().unwrap().ends_with('Z'));
    }

    #[tokio::test]
    async fn they_are_found_by_their_owner() {
        let broken = component("cart", "one").replace("  lifecycle: production\n", "");
        let stage = Stage::with(&[("https://host/a.yaml", &broken)]).await;

        for (owner, count) in [("one", 1), ("two", 0), ("", 1)] {
            let answer = stage
                .get_json(&format!("/entities/unprocessed/failed?owner={owner}"))
                .await;
            assert_eq!(
                answer["entities"].as_array().unwrap().len(),
                count,
                "{owner}"
            );
        }
    }
}
