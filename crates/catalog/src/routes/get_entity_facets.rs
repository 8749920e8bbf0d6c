//! How many entities have which value of a field.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Query, Result};
use callboard_model::Error;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::{IntoParams, ToSchema};

use super::body;
use crate::Catalog;
use crate::query::{FacetCache, FacetCounts, Filter, Readable, field_name};

/// Requests for more facets are refused.
const MOST_FACETS: usize = 100;

/// What to count.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// The fields to count by, each a dotted path; at most 100.
    #[serde(default)]
    #[param(required = true, example = json!(["kind", "spec.type"]))]
    facet: Vec<String>,
    /// Counts entities that match only; as in by-query.
    #[serde(default)]
    #[param(required = false, example = json!(["kind=component"]))]
    filter: Vec<String>,
}

/// The counted values of each facet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Facets {
    /// By facet, as it was asked for.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<FacetValue>>)]
    facets: Counted,
}

/// A value and how many entities have it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FacetValue<'a> {
    /// The value as it is written.
    value: &'a str,
    /// How many entities have it.
    count: u64,
}

/// Facets in the order they were asked for.
#[derive(Debug)]
struct Counted(Arc<Vec<FacetCounts>>);

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for FacetCounts { facet, values } in self.0.iter() {
            let values: Vec<_> = values
                .iter()
                .map(|(value, count)| FacetValue {
                    value,
                    count: *count,
                })
                .collect();
            map.serialize_entry(facet, &values)?;
        }
        map.end()
    }
}

/// Count entities by the values of fields
///
/// An entity with several values, such as tags, counts once for each of them.
#[utoipa::path(
    get,
    path = "/api/catalog/entity-facets",
    tag = "catalog",
    params(Parameters),
    responses(
        (status = 200, description = "The values of each facet, with their counts.", body = Facets),
        (status = 400, description = "A parameter is wrong or missing.", body = ErrorBody),
    )
)]
pub(super) async fn get_entity_facets(
    State(catalog): State<Catalog>,
    Extension(cache): Extension<Arc<FacetCache>>,
    caller: Caller,
    Query(parameters): Query<Parameters>,
) -> Result<Response> {
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    let filter = Filter::parse(parameters.filter.iter().map(String::as_str))?;
    let names = names(parameters.facet).ok_or_else(|| {
        Error::invalid("no-facet", "Missing facet parameter").hint("add `facet=kind`, for example")
    })?;
    let condition = filter.as_ref().map(Filter::expression);
    let counted = readable.facets(bounded(names)?, condition, &cache).await?;
    answer(counted).await
}

/// The facets that have a name, if there are any.
pub(super) fn names(facets: Vec<String>) -> Option<Vec<String>> {
    let names: Vec<String> = facets
        .into_iter()
        .filter(|facet| !facet.is_empty())
        .collect();
    (!names.is_empty()).then_some(names)
}

/// The same facets, each once, unless they are too many. One key in several spellings is refused: its values would be
/// counted, and answered, as often.
pub(super) fn bounded(names: Vec<String>) -> Result<Vec<String>, Error> {
    let mut spellings: HashMap<String, String> = HashMap::new();
    let mut distinct = Vec::new();
    for name in names {
        field_name::check(&name)?;
        match spellings.entry(name.to_lowercase()) {
            Entry::Occupied(other) if *other.get() == name => continue,
            Entry::Occupied(other) => {
                let message = format!("the facets `{}` and `{name}` are the same", other.get());
                return Err(Error::invalid("same-facet", message).hint("leave one of them out"));
            }
            Entry::Vacant(place) => place.insert(name.clone()),
        };
        if distinct.len() == MOST_FACETS {
            let message = format!("there are more than {MOST_FACETS} facets");
            return Err(Error::invalid("too-many-facets", message).hint("ask in several requests"));
        }
        distinct.push(name);
    }
    Ok(distinct)
}

/// The counted values as an answer.
pub(super) async fn answer(counted: Arc<Vec<FacetCounts>>) -> Result<Response> {
    let values = counted.iter().map(|facet| facet.values.len()).sum();
    let print = move || {
        let facets = Facets {
            facets: Counted(counted),
        };
        serde_json::to_vec(&facets)
            .map_err(|error| Error::internal("unprintable-facets", "printing facets").source(error))
    };
    Ok(body::built(values, print).await?)
}

#[cfg(test)]
mod tests {
    use super::super::sketch::Api;

    const SHOP: &str = "
        Component:cart type=service tags=java,go
        Component:shop type=Service tags=java
        API:orders type=openapi";

    #[tokio::test]
    async fn values_are_counted_as_they_are_written() {
        let api = Api::with(SHOP).await;

        assert_eq!(
            api.get("/entity-facets?facet=spec.type&facet=metadata.Tags&facet=nothing")
                .await,
            concat!(
                "200 OK\n",
                r#"{"facets":{"spec.type":[{"value":"Service","count":1},{"value":"openapi","count":1},{"value":"service","count":1}],"#,
                r#""metadata.Tags":[{"value":"go","count":1},{"value":"java","count":2}],"nothing":[]}}"#
            )
        );
    }

    #[tokio::test]
    async fn only_who_matches_is_counted() {
        let api = Api::with(SHOP).await;

        assert_eq!(
            api.get("/entity-facets?facet=kind&filter=spec.type=service")
                .await,
            "200 OK\n{\"facets\":{\"kind\":[{\"value\":\"Component\",\"count\":2}]}}"
        );
    }

    #[tokio::test]
    async fn more_facets_than_anybody_shows_are_refused() {
        let api = Api::with(SHOP).await;
        let many: Vec<String> = (0..101).map(|number| format!("facet=f{number}")).collect();
        let long = format!("facet=kind&facet=spec.{}", "x".repeat(600));

        for (query, message) in [
            (many.join("&"), "there are more than 100 facets"),
            (
                "facet=kind&facet=Kind".to_owned(),
                "the facets `kind` and `Kind` are the same",
            ),
            (
                long,
                "the name of a field has 605 bytes, and none has more than 500",
            ),
        ] {
            let answer = api.get(&format!("/entity-facets?{query}")).await;
            assert!(
                answer.starts_with("400 Bad Request\nInputError: "),
                "{answer}"
            );
            assert!(answer.contains(message), "{answer}");
        }
        let again = "facet=kind&".repeat(300);
        let once = api.get("/entity-facets?facet=kind").await;
        assert_eq!(api.get(&format!("/entity-facets?{again}")).await, once);
    }

    #[tokio::test]
    async fn a_request_without_a_facet_is_refused() {
        let api = Api::with("").await;

        let expected = "400 Bad Request\nInputError: Missing facet parameter\nhint: add `facet=kind`, for example";
        assert_eq!(api.get("/entity-facets").await, expected);
        assert_eq!(api.get("/entity-facets?facet=").await, expected);
    }
}
