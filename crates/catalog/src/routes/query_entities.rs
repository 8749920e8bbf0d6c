//! The list that user interfaces show: page by page, in both directions.

use axum::extract::State;
use axum::response::Response;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Query, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{body, schemas};
use crate::Catalog;
use crate::query::{Cursor, Fields, Filter, FullText, Listing, OrderField, Page, Readable};

/// Entities on a page when nobody says how many.
pub(super) const LIMIT: usize = 200;

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// What entities have to match: `key=value` or `key`, separated by commas. Different keys must all
    /// match, of the values of a repeated key any. Several parameters: any of them. Keys are dotted
    /// paths, such as `spec.type` or `relations.ownedBy`; upper and lower case are the same.
    #[serde(default)]
    #[param(required = false, example = json!(["kind=component,spec.type=service"]))]
    filter: Vec<String>,
    /// Answers with these parts of each entity only: dotted paths, separated by commas.
    #[serde(default)]
    #[param(required = false, example = json!(["kind,metadata.name"]))]
    fields: Vec<String>,
    /// The most entities to answer.
    #[param(default = 200, minimum = 0)]
    limit: Option<usize>,
    /// Entities to leave out at the start; counts without a cursor only.
    #[param(minimum = 0)]
    offset: Option<usize>,
    /// `nextCursor` or `prevCursor` of an earlier answer. It holds filter, order and text, so that only
    /// `limit` and `fields` count beside it.
    cursor: Option<String>,
    /// What to sort by: `field`, `field,asc` or `field,desc`. Entities without the field are left out.
    /// Without it the order is that of entity references. Only the first one counts.
    #[serde(default)]
    #[param(required = false, example = json!(["metadata.name,asc"]))]
    order_field: Vec<String>,
    /// Answers with entities that contain this text only, in any case. At most 1,000 bytes.
    full_text_filter_term: Option<String>,
    /// The fields to look for the text in, separated by commas, at most 50. Without it: the field that is
    /// sorted by, or `metadata.uid`.
    #[serde(default)]
    #[param(required = false)]
    full_text_filter_fields: Vec<String>,
    /// Whether to count all entities that match.
    #[param(inline)]
    total_items: Option<TotalItems>,
}

/// Whether to count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum TotalItems {
    /// `totalItems` is the number of all entities that match.
    #[default]
    Include,
    /// `totalItems` is 0.
    Exclude,
}

/// A page of a list of entities.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntityPage {
    /// The entities of the page.
    items: Vec<schemas::Entity>,
    /// How many entities there are on all pages.
    total_items: u64,
    /// Where the neighbours are.
    page_info: PageInfo,
}

/// Where the neighbours of a page are.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    /// The `cursor` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// The `cursor` of the page before; absent on the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    prev_cursor: Option<String>,
}

/// List entities page by page
///
/// Cursors stay valid while entities come and go: an entity that does not change is met exactly once.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/by-query",
    tag = "catalog",
    params(Parameters),
    responses(
        (status = 200, description = "A page of entities.", body = EntityPage),
        (status = 400, description = "A parameter is wrong.", body = ErrorBody),
    )
)]
pub(super) async fn query_entities(
    State(catalog): State<Catalog>,
    caller: Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Response> {
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    let fields = Fields::parse(parameters.fields.iter().map(String::as_str))?;
    let listing = parameters.listing()?;
    readable.gather_for_page(&listing).await?;
    Ok(answer(readable.page(&listing)?, fields)?)
}

impl Parameters {
    fn listing(&self) -> Result<Listing> {
        let limit = self.limit.unwrap_or(LIMIT);
        if let Some(cursor) = self.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            let cursor = Cursor::parse(cursor)?;
            return Ok(Listing {
                cursor,
                limit,
                offset: 0,
                count: false,
            });
        }
        let orders = self
            .order_field
            .iter()
            .map(|field| OrderField::parse_order_field(field));
        let cursor = Cursor {
            filter: Filter::parse(self.filter.iter().map(String::as_str))?,
            order_fields: orders.collect::<Result<_, _>>()?,
            full_text_filter: FullText::parse(
                self.full_text_filter_term.as_deref(),
                self.full_text_filter_fields.iter().map(String::as_str),
            ),
            ..Cursor::default()
        };
        let cursor = cursor.checked()?;
        let count = self.total_items != Some(TotalItems::Exclude);
        Ok(Listing {
            cursor,
            limit,
            offset: self.offset.unwrap_or(0),
            count,
        })
    }
}

/// The page as an answer.
pub(super) fn answer(
    page: Page,
    fields: Option<Fields>,
) -> Result<Response, callboard_model::Error> {
    let print = |cursor: &Option<Cursor>| cursor.as_ref().map(Cursor::print).transpose();
    let info = PageInfo {
        next_cursor: print(&page.next)?,
        prev_cursor: print(&page.previous)?,
    };
    let info = serde_json::to_string(&info).map_err(|error| {
        callboard_model::Error::internal("unprintable-page", "printing a page's cursors")
            .source(error)
    })?;
    let after = format!(r#","totalItems":{},"pageInfo":{info}}}"#, page.total);
    body::entities(r#"{"items":"#, page.items, fields, &after)
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

    fn names(page: &Value) -> Vec<&str> {
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["metadata"]["name"].as_str().unwrap())
            .collect()
    }

    #[tokio::test]
    async fn a_page_holds_entities_as_they_are_stored() {
        let api = Api::with("Component:cart type=service\nUser:ada").await;

        assert_eq!(
            api.get("/entities/by-query?filter=kind=component,spec.type=service")
                .await,
            concat!(
                "200 OK\n",
                r#"{"items":[{"apiVersion":"v1","kind":"Component","metadata":{"name":"cart","#,
                r#""uid":"00000000-0000-4000-8000-000000000001"},"spec":{"type":"service"}}],"totalItems":1,"pageInfo":{}}"#
            )
        );
    }

    #[tokio::test]
    async fn cursors_lead_forth_and_back() {
        let api = Api::with(SHOP).await;

        let first = api
            .get_json("/entities/by-query?orderField=metadata.name,desc&limit=3&filter=kind")
            .await;
        assert_eq!(
            (names(&first), &first["totalItems"]),
            (vec!["stock", "shop", "orders"], &json!(4))
        );
        assert_eq!(first["pageInfo"]["prevCursor"], Value::Null);

        let follow = |cursor: &Value| {
            format!(
                "/entities/by-query?limit=3&cursor={}",
                cursor.as_str().unwrap()
            )
        };
        let second = api
            .get_json(&follow(&first["pageInfo"]["nextCursor"]))
            .await;
        assert_eq!(
            (names(&second), &second["totalItems"]),
            (vec!["cart"], &json!(4))
        );
        assert_eq!(second["pageInfo"]["nextCursor"], Value::Null);

        let back = api
            .get_json(&follow(&second["pageInfo"]["prevCursor"]))
            .await;
        assert_eq!(names(&back), ["stock", "shop", "orders"]);
    }

    #[tokio::test]
    async fn who_lacks_the_sort_field_is_left_out() {
        let api = Api::with(SHOP).await;

        let page = api
            .get_json("/entities/by-query?orderField=metadata.title&offset=1")
            .await;
        assert_eq!(
            (names(&page), &page["totalItems"]),
            (vec!["shop", "orders"], &json!(3))
        );
    }

    #[tokio::test]
    async fn text_is_looked_for_in_the_given_fields() {
        let api = Api::with(SHOP).await;

        let text = "/entities/by-query?fullTextFilterTerm=%20RO";
        let page = api
            .get_json(&format!(
                "{text}&fullTextFilterFields=metadata.title,spec.type"
            ))
            .await;
        assert_eq!(names(&page), ["shop"]);
        let page = api
            .get_json(&format!("{text}&orderField=metadata.title,asc"))
            .await;
        assert_eq!(names(&page), ["shop"]);
        let page = api
            .get_json("/entities/by-query?fullTextFilterTerm=0004")
            .await;
        assert_eq!(names(&page), ["orders"]);
    }

    #[tokio::test]
    async fn a_large_page_is_answered_like_a_small_one() {
        let users: Vec<String> = (0..600)
            .map(|number| format!("User:u{number:03}"))
            .collect();
        let api = Api::with(&users.join("\n")).await;

        let page = api
            .get_json("/entities/by-query?limit=550&fields=metadata.name")
            .await;
        assert_eq!(names(&page).len(), 550);
        assert_eq!(names(&page)[549], "u549");
    }

    #[tokio::test]
    async fn nobody_counts_when_told_not_to() {
        let api = Api::with(SHOP).await;

        let page = api
            .get_json("/entities/by-query?totalItems=exclude&limit=0")
            .await;
        assert_eq!(
            page,
            json!({ "items": [], "totalItems": 0, "pageInfo": {} })
        );
    }

    #[tokio::test]
    async fn wrong_parameters_are_refused() {
        let api = Api::with("").await;

        for (query, message) in [
            (
                "limit=many",
                "the query parameter `limit` is wrong: invalid digit found in string",
            ),
            (
                "limit=-1",
                "the query parameter `limit` is wrong: invalid digit found in string",
            ),
            (
                "orderField=kind,up",
                "invalid order field `kind,up`: expected `<field>`, `<field>,asc` or `<field>,desc`",
            ),
            (
                "cursor=bm90IGpzb24=",
                "malformed cursor: it holds no object",
            ),
            ("filter==x", "invalid filter: `=x` has no key"),
        ] {
            let answer = api.get(&format!("/entities/by-query?{query}")).await;
            assert!(
                answer.starts_with(&format!("400 Bad Request\nInputError: {message}")),
                "{answer}"
            );
        }
    }
}
