//! How many entities that match a predicate have which value of a field.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::Deserialize;
use utoipa::ToSchema;

use super::get_entity_facets::{Facets, answer, bounded, names};
use crate::Catalog;
use crate::query::{FacetCache, Predicate, Readable};

/// What to count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FacetsQuery {
    /// The fields to count by, each a dotted path; at most 100.
    #[serde(default)]
    facets: Vec<String>,
    /// Counts entities that match only; a predicate as in `POST /entities/by-query`.
    #[serde(default)]
    #[schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>)]
    query: Option<serde_json::Value>,
}

/// Count entities that match a predicate by the values of fields
///
/// An entity with several values, such as tags, counts once for each of them.
#[utoipa::path(
    post,
    path = "/api/catalog/entity-facets",
    tag = "catalog",
    request_body = FacetsQuery,
    responses(
        (status = 200, description = "The values of each facet, with their counts.", body = Facets),
        (status = 400, description = "The body is wrong.", body = ErrorBody),
    )
)]
pub(super) async fn count_entity_facets(
    State(catalog): State<Catalog>,
    Extension(cache): Extension<Arc<FacetCache>>,
    caller: Caller,
    Json(FacetsQuery { facets, query }): Json<FacetsQuery>,
) -> Result<Response> {
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    let query = query.map(Predicate::parse).transpose()?;
    let names = names(facets).ok_or_else(|| {
        Error::invalid("no-facet", "Missing or empty facets parameter")
            .hint("add `\"facets\": [\"kind\"]`, for example")
    })?;
    let condition = query.as_ref().map(Predicate::expression);
    let counted = readable.facets(bounded(names)?, condition, &cache).await?;
    answer(counted).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sketch::Api;

    const SHOP: &str = "
        Component:cart type=service tags=java,go
        Component:shop type=website tags=java
        API:orders type=openapi";

    #[tokio::test]
    async fn only_who_matches_is_counted() {
        let api = Api::with(SHOP).await;
        let body =
            json!({ "facets": ["spec.type"], "query": { "metadata.tags": { "$contains": "go" } } });

        assert_eq!(
            api.post("/entity-facets", &body).await,
            "200 OK\n{\"facets\":{\"spec.type\":[{\"value\":\"service\",\"count\":1}]}}"
        );
    }

    #[tokio::test]
    async fn a_wrong_body_is_refused() {
        let api = Api::with("").await;

        for (body, message) in [
            (json!({}), "Missing or empty facets parameter"),
            (
                json!({ "facets": [""] }),
                "Missing or empty facets parameter",
            ),
            (
                json!({ "facets": ["kind"], "query": [] }),
                "Invalid query at `query`: expected an object",
            ),
            (json!({ "facet": ["kind"] }), "the body at `facet` is wrong"),
        ] {
            let answer = api.post("/entity-facets", &body).await;
            let expected = format!("400 Bad Request\nInputError: {message}");
            assert!(answer.starts_with(&expected), "{answer}");
        }
    }
}
