//! The list that user interfaces show, asked for with a predicate.

use axum::extract::State;
use axum::response::Response;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::Deserialize;
use utoipa::ToSchema;

use super::query_entities::{EntityPage, LIMIT, TotalItems, answer};
use crate::Catalog;
use crate::query::{Cursor, Fields, FullText, Listing, OrderField, Predicate, Readable};

/// A page of a list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EntityQuery {
    /// `nextCursor` or `prevCursor` of an earlier answer. It holds query, order and text, so that only `limit` and
    /// `fields` count beside it.
    cursor: Option<String>,
    /// The most entities to answer; 200 unless told.
    limit: Option<usize>,
    /// Entities to leave out at the start.
    offset: Option<usize>,
    /// What to sort by. Entities without the field are left out. Only the first one counts.
    #[serde(default)]
    #[schema(required = false)]
    order_by: Vec<OrderField>,
    /// Answers with entities that contain a text only.
    full_text_filter: Option<FullText>,
    /// Answers with these parts of each entity only: dotted paths.
    #[serde(default)]
    #[schema(required = false)]
    fields: Vec<String>,
    /// Whether to count all entities that match.
    total_items: Option<TotalItems>,
    /// What entities have to match: `{"kind": "component"}`, with `$exists`, `$in`, `$hasPrefix` and `$contains` in the
    /// place of a value, and `$all`, `$any` and `$not` around predicates.
    #[serde(default)]
    #[schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>)]
    query: Option<serde_json::Value>,
}

/// List entities that match a predicate page by page
///
/// Cursors stay valid while entities come and go: an entity that does not change is met exactly once.
#[utoipa::path(
    post,
    path = "/api/catalog/entities/by-query",
    tag = "catalog",
    request_body = EntityQuery,
    responses(
        (status = 200, description = "A page of entities.", body = EntityPage),
        (status = 400, description = "The body is wrong.", body = ErrorBody),
    )
)]
pub(super) async fn query_entities_by_predicate(
    State(catalog): State<Catalog>,
    caller: Caller,
    Json(query): Json<EntityQuery>,
) -> Result<Response> {
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    let fields = Fields::parse(query.fields.iter().map(String::as_str))?;
    let listing = query.listing()?;
    readable.gather_for_page(&listing).await?;
    Ok(answer(readable.page(&listing)?, fields)?)
}

impl EntityQuery {
    fn listing(self) -> Result<Listing> {
        let limit = self.limit.unwrap_or(LIMIT);
        if let Some(cursor) = self.cursor {
            if cursor.is_empty() {
                return Err(Error::invalid("malformed-cursor", "Cursor cannot be empty")
                    .hint("leave it out to start at the beginning")
                    .into());
            }
            return Ok(Listing {
                cursor: Cursor::parse(&cursor)?,
                limit,
                offset: 0,
                count: false,
            });
        }
        let cursor = Cursor {
            query: self.query.map(Predicate::parse).transpose()?,
            order_fields: self.order_by,
            full_text_filter: self.full_text_filter,
            ..Cursor::default()
        };
        Ok(Listing {
            cursor: cursor.checked()?,
            limit,
            offset: self.offset.unwrap_or(0),
            count: self.total_items != Some(TotalItems::Exclude),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::sketch::Api;

    const SHOP: &str = "
        Component:cart type=service title=Basket
        Component:shop type=website title=Front
        Component:stock type=service
        API:orders type=openapi title=Orders";

    async fn ask(api: &Api, body: Value) -> (Vec<String>, Value) {
        let answer = api.post("/entities/by-query", &body).await;
        let json = answer
            .strip_prefix("200 OK\n")
            .unwrap_or_else(|| panic!("{answer}"));
        let page: Value = serde_json::from_str(json).unwrap();
        let names = page["items"].as_array().unwrap().iter();
        let names = names.map(|item| item["metadata"]["name"].as_str().unwrap().to_owned());
        (names.collect(), page)
    }

    #[tokio::test]
    async fn a_predicate_narrows_a_list_that_cursors_walk() {
        let api = Api::with(SHOP).await;
        let query = json!({ "$any": [{ "spec.type": { "$hasPrefix": "SERV" } }, { "$not": { "kind": "Component" } }] });

        let body = json!({ "query": query, "limit": 2, "orderBy": [{ "field": "metadata.name", "order": "desc" }] });
        let (names, page) = ask(&api, body).await;
        assert_eq!(
            (names, &page["totalItems"]),
            (vec!["stock".into(), "orders".into()], &json!(3))
        );

        let (names, page) = ask(
            &api,
            json!({ "cursor": page["pageInfo"]["nextCursor"], "limit": 2 }),
        )
        .await;
        assert_eq!(
            (names, &page["totalItems"]),
            (vec!["cart".into()], &json!(3))
        );
        assert_eq!(page["pageInfo"]["nextCursor"], Value::Null);

        let (names, _) = ask(
            &api,
            json!({ "cursor": page["pageInfo"]["prevCursor"], "limit": 2 }),
        )
        .await;
        assert_eq!(names, ["stock", "orders"]);
    }

    #[tokio::test]
    async fn a_text_and_an_offset_count_too() {
        let api = Api::with(SHOP).await;

        let text = json!({ "term": "r", "fields": ["metadata.title"] });
        let (names, _) = ask(
            &api,
            json!({ "fullTextFilter": text, "fields": ["metadata.name"] }),
        )
        .await;
        assert_eq!(names, ["orders", "shop"]);
        let (names, page) = ask(&api, json!({ "offset": 3, "totalItems": "exclude" })).await;
        assert_eq!(
            (names, &page["totalItems"]),
            (vec!["stock".into()], &json!(0))
        );
    }

    #[tokio::test]
    async fn a_wrong_body_is_refused() {
        let api = Api::with("").await;

        for (body, message) in [
            (json!({ "cursor": "" }), "Cursor cannot be empty"),
            (
                json!({ "cursor": "eyJ4IjoxfQ==" }),
                "malformed cursor: unknown field `x`",
            ),
            (
                json!({ "cursor": "e30=" }),
                "malformed cursor: missing field `orderFields`",
            ),
            (json!({ "query": "x" }), "Invalid query at `query`"),
            (json!({ "limt": 1 }), "the body at `limt` is wrong"),
            (json!({ "limit": -1 }), "the body at `limit` is wrong"),
            (
                json!({ "orderBy": [{ "field": "kind", "order": "up" }] }),
                "the body at `orderBy[0].order` is wrong",
            ),
            (
                json!({ "totalItems": "maybe" }),
                "the body at `totalItems` is wrong",
            ),
            (json!([]), "the body is no JSON object"),
        ] {
            let answer = api.post("/entities/by-query", &body).await;
            let expected = format!("400 Bad Request\nInputError: {message}");
            assert!(answer.starts_with(&expected), "{answer}");
        }
    }
}
