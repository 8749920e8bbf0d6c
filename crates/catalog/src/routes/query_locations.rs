//! Registered locations page by page.

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::location::Location;
use crate::Catalog;
use crate::permissions::ReadLocation;
use crate::query::{LocationFields, LocationQuestion};
use crate::sql::locations::LocationRow;

/// How many are answered when nothing is said.
const LIMIT: i64 = 1_000;

/// Which locations to answer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LocationsByQuery {
    /// Where an earlier answer went on; the other fields do not count then.
    #[serde(default)]
    #[schema(required = false)]
    cursor: Option<String>,
    /// The most to answer; 1,000 when left out.
    #[serde(default)]
    #[schema(required = false)]
    limit: Option<i64>,
    /// What they have to match: a predicate over `id`, `type`, `target` and `entityRef`.
    #[serde(default)]
    #[schema(value_type = Option<std::collections::HashMap<String, serde_json::Value>>)]
    query: Option<Value>,
}

/// A page of locations.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LocationsPage {
    /// The locations, in the order of their ids.
    items: Vec<Location>,
    /// How many there are on all pages.
    total_items: usize,
    /// Where it goes on.
    page_info: LocationsPageInfo,
}

/// Where a list of locations goes on.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LocationsPageInfo {
    /// To be sent for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    next_cursor: Option<String>,
}

/// Query registered locations
///
/// A page of those that match, and how many match; none to a caller who may not see locations.
#[utoipa::path(
    post,
    path = "/api/catalog/locations/by-query",
    tag = "catalog",
    request_body = LocationsByQuery,
    responses(
        (status = 200, description = "A page.", body = LocationsPage),
        (status = 400, description = "The body is wrong.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn query_locations(
    State(catalog): State<Catalog>,
    caller: Caller,
    Json(asked): Json<LocationsByQuery>,
) -> Result<Json<LocationsPage>> {
    let question = match &asked.cursor {
        Some(cursor) => LocationQuestion::from_cursor(cursor)?,
        None => LocationQuestion::new(limit(asked.limit)?, asked.query)?,
    };
    if caller.may::<ReadLocation>().is_err() {
        return Ok(Json(LocationsPage::default()));
    }
    let (mut rows, total_items) = answer(&catalog, &question).await?;
    let more = rows.len() > question.limit;
    rows.truncate(question.limit);
    let next_cursor = match rows.last() {
        Some(last) if more => Some(question.cursor_after(&last.id)?),
        _ => None,
    };
    Ok(Json(LocationsPage {
        items: rows.into_iter().map(Location::from).collect(),
        total_items,
        page_info: LocationsPageInfo { next_cursor },
    }))
}

fn limit(limit: Option<i64>) -> Result<usize, Error> {
    let refused = |_| Error::invalid("invalid-limit", "Limit must be a positive integer >= 1");
    usize::try_from(limit.unwrap_or(LIMIT)).map_err(refused)
}

fn fields(row: &LocationRow) -> LocationFields<'_> {
    LocationFields {
        id: &row.id,
        location_type: &row.location_type,
        target: &row.target,
        entity_ref: &row.entity_ref,
    }
}

/// One more than is asked for, so that it is known whether more follow, and how many match.
async fn answer(
    catalog: &Catalog,
    question: &LocationQuestion,
) -> Result<(Vec<LocationRow>, usize)> {
    let engine = &catalog.inner().engine;
    let after = question.after_id.as_deref().unwrap_or_default();
    let most = question.limit.saturating_add(1);
    if question.is_everything() {
        return Ok(engine.locations_after(after, most).await?);
    }
    let mut rows = engine.locations().await?;
    let asked = question.clone();
    // Many conditions on many locations take their time, which others need not wait for.
    let matching = tokio::task::spawn_blocking(move || {
        rows.retain(|row| asked.matches(fields(row)));
        rows
    });
    let mut rows = matching.await.map_err(|error| {
        Error::internal("matching-locations", "looking for locations that match").source(error)
    })?;
    let total = rows.len();
    rows.retain(|row| row.id.as_str() > after);
    rows.truncate(most);
    Ok((rows, total))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::stage::{Stage, good};

    async fn stage_of(targets: &[&str]) -> Stage {
        let stage = Stage::configured(json!({}), &[]).await;
        for target in targets {
            good(
                &stage
                    .post("/locations", &json!({ "type": "url", "target": target }))
                    .await,
            );
        }
        stage
    }

    fn targets(page: &Value) -> Vec<&str> {
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["target"].as_str().unwrap())
            .collect()
    }

    #[tokio::test]
    async fn pages_follow_each_other_with_or_without_a_query() {
        let stage = stage_of(&["https://a/1", "https://a/2", "https://b/3", "https://a/4"]).await;

        for (query, total) in [
            (None, 4),
            (Some(json!({ "target": { "$hasPrefix": "https://A" } })), 3),
        ] {
            let mut body = json!({ "limit": 2 });
            if let Some(query) = query {
                body["query"] = query;
            }
            let first = good(&stage.post("/locations/by-query", &body).await);
            let cursor = &first["pageInfo"]["nextCursor"];
            let second = good(
                &stage
                    .post("/locations/by-query", &json!({ "cursor": cursor }))
                    .await,
            );

            assert_eq!(
                (first["totalItems"].clone(), second["totalItems"].clone()),
                (json!(total), json!(total))
            );
            assert_eq!(targets(&first).len(), 2);
            assert_eq!(targets(&second).len(), total - 2);
            assert_eq!(second["pageInfo"], json!({}));
            let mut all = [targets(&first), targets(&second)].concat();
            all.dedup();
            assert_eq!(all.len(), total);
        }
    }

    #[tokio::test]
    async fn a_query_is_about_the_fields_of_a_location() {
        let stage = stage_of(&["https://a/1", "https://a/2"]).await;
        let query = json!({ "query": { "entityRef": stage.root("https://a/2"), "type": "url" } });

        let page = good(&stage.post("/locations/by-query", &query).await);
        assert_eq!(targets(&page), ["https://a/2"]);
    }

    #[tokio::test]
    async fn a_wrong_question_is_refused() {
        let stage = stage_of(&[]).await;

        for (body, message) in [
            (
                json!({ "limit": 0 }),
                "Limit must be a positive integer >= 1",
            ),
            (
                json!({ "limit": -5 }),
                "Limit must be a positive integer >= 1",
            ),
            (json!({ "cursor": "" }), "malformed cursor"),
            (json!({ "cursor": "nonsense" }), "malformed cursor"),
            (json!({ "query": { "name": "a" } }), "got 'name'"),
            (json!({ "query": "a" }), "expected an object"),
        ] {
            let answer = stage.post("/locations/by-query", &body).await;
            assert!(
                answer.starts_with("400 Bad Request\nInputError: "),
                "{answer}"
            );
            assert!(answer.contains(message), "{answer}");
        }
    }
}
