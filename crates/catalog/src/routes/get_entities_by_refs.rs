//! Many entities by their references.

use axum::extract::State;
use axum::response::Response;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Query, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{body, schemas};
use crate::Catalog;
use crate::query::{Expression, Fields, Filter, Predicate, Readable};

/// Requests for more entities are refused.
const MOST_REFS: usize = 10_000;

/// What entities have to match.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// Entities that do not match are null; as in by-query.
    #[serde(default)]
    #[param(required = false)]
    filter: Vec<String>,
    /// Answers with these parts of each entity only: dotted paths, separated by commas.
    #[serde(default)]
    #[param(required = false)]
    fields: Vec<String>,
}

/// Which entities to answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ByRefs {
    /// References such as `component:default/checkout`, in any case; at most 10,000.
    entity_refs: Vec<String>,
    /// Answers with these parts of each entity only: dotted paths.
    #[serde(default)]
    #[schema(required = false)]
    fields: Vec<String>,
    /// Entities that do not match are null; a predicate as in `POST /entities/by-query`.
    #[serde(default)]
    #[schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>)]
    query: Option<serde_json::Value>,
}

/// Entities in the order of their references.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ByRefsAnswer {
    /// One for each reference; null where there is no such entity.
    items: Vec<Option<schemas::Entity>>,
}

/// Get many entities by their references
///
/// The answer has one item for each reference, in the same order.
#[utoipa::path(
    post,
    path = "/api/catalog/entities/by-refs",
    tag = "catalog",
    params(Parameters),
    request_body = ByRefs,
    responses(
        (status = 200, description = "The entities.", body = ByRefsAnswer),
        (status = 400, description = "The body is wrong.", body = ErrorBody),
    )
)]
pub(super) async fn get_entities_by_refs(
    State(catalog): State<Catalog>,
    caller: Caller,
    Query(parameters): Query<Parameters>,
    Json(ByRefs {
        entity_refs,
        fields,
        query,
    }): Json<ByRefs>,
) -> Result<Response> {
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    if entity_refs.len() > MOST_REFS {
        let message = format!(
            "`entityRefs` has {} references, and at most {MOST_REFS} are answered at once",
            entity_refs.len()
        );
        return Err(Error::invalid("too-many-refs", message)
            .hint("ask in several requests")
            .into());
    }
    let filter = Filter::parse(parameters.filter.iter().map(String::as_str))?;
    let fields = Fields::parse(fields.iter().chain(&parameters.fields).map(String::as_str))?;
    let query = query.map(Predicate::parse).transpose()?;
    let conditions: Vec<Expression> = filter
        .iter()
        .map(Filter::expression)
        .chain(query.iter().map(Predicate::expression))
        .collect();
    let condition = (!conditions.is_empty()).then_some(Expression::All(conditions));
    readable.gather_for(condition.as_ref()).await?;
    let entities = readable.by_refs(&entity_refs, condition)?;
    Ok(body::entities(r#"{"items":"#, entities, fields, "}")?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sketch::Api;

    const SHOP: &str = "
        Component:cart type=service
        API:orders type=openapi";

    #[tokio::test]
    async fn there_is_one_item_for_each_reference_in_order() {
        let api = Api::with(SHOP).await;
        let body = json!({
            "entityRefs": ["api:default/orders", "component:default/gone", "Component:Default/Cart", "no reference"],
            "fields": ["kind", "metadata.name"],
        });

        assert_eq!(
            api.post("/entities/by-refs", &body).await,
            concat!(
                "200 OK\n",
                r#"{"items":[{"kind":"API","metadata":{"name":"orders"}},null,"#,
                r#"{"kind":"Component","metadata":{"name":"cart"}},null]}"#
            )
        );
    }

    #[tokio::test]
    async fn who_does_not_match_is_null() {
        let api = Api::with(SHOP).await;
        let body = json!({ "entityRefs": ["api:default/orders", "component:default/cart"], "fields": ["kind"] });

        assert_eq!(
            api.post("/entities/by-refs?filter=kind=api", &body).await,
            "200 OK\n{\"items\":[{\"kind\":\"API\"},null]}"
        );
    }

    #[tokio::test]
    async fn a_wrong_body_is_named() {
        let api = Api::with("").await;

        let answer = api
            .post("/entities/by-refs", &json!({ "entityRefs": ["a", 2] }))
            .await;
        assert!(
            answer.starts_with("400 Bad Request\nInputError: the body at `entityRefs[1]` is wrong"),
            "{answer}"
        );
        let answer = api
            .post(
                "/entities/by-refs",
                &json!({ "entityRefs": vec!["a"; 10_001] }),
            )
            .await;
        assert_eq!(
            answer,
            "400 Bad Request\nInputError: `entityRefs` has 10001 references, and at most 10000 are answered at once\nhint: ask in several requests"
        );
    }
}
