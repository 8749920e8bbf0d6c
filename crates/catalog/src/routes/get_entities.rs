//! The plain list of entities: all of them, or part by part.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, LINK};
use axum::http::{HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Query, Result};
use callboard_model::Error;
use futures::{StreamExt, stream};
use serde::Deserialize;
use utoipa::IntoParams;

use super::conditional::Fleeting;
use super::{body, schemas};
use crate::Catalog;
use crate::index::SharedIndex;
use crate::query::{Fields, Filter, Listed, Offset, OrderField, Readable, Slice};

/// Entities that are sent as one piece.
const PIECE: usize = 100;

/// A part of the plain list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// What entities have to match; as in by-query.
    #[serde(default)]
    #[param(required = false, example = json!(["kind=component,spec.type=service"]))]
    filter: Vec<String>,
    /// Answers with these parts of each entity only: dotted paths, separated by commas.
    #[serde(default)]
    #[param(required = false)]
    fields: Vec<String>,
    /// The most entities to answer; all of them without it.
    #[param(minimum = 1)]
    limit: Option<usize>,
    /// Entities to leave out at the start.
    #[param(minimum = 0)]
    offset: Option<usize>,
    /// Where the part starts: from the `Link` header of an earlier answer.
    after: Option<String>,
    /// What to sort by, `asc:field` or `desc:field`, the most important first. Entities without a field
    /// come last. Without it, and among equals, the order is that of entity references.
    #[serde(default)]
    #[param(required = false, example = json!(["asc:metadata.name"]))]
    order: Vec<String>,
}

/// List entities
///
/// Without `limit`, `offset` and `after` it answers all entities that match. Otherwise a part of them,
/// with a `Link` header (`rel="next"`) to the next part while there is one. `by-query` is the better way
/// to page: it counts, goes both ways, and holds its place while entities come and go.
#[utoipa::path(
    get,
    path = "/api/catalog/entities",
    tag = "catalog",
    params(Parameters),
    responses(
        (
            status = 200,
            description = "The entities.",
            body = Vec<schemas::Entity>,
            headers(("Link" = String, description = "Where the next part is, when there is one.")),
        ),
        (status = 400, description = "A parameter is wrong.", body = ErrorBody),
    )
)]
pub(super) async fn get_entities(
    State(catalog): State<Catalog>,
    caller: Caller,
    uri: Uri,
    Query(parameters): Query<Parameters>,
) -> Result<Response> {
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    let fields = Fields::parse(parameters.fields.iter().map(String::as_str))?;
    let slice = parameters.slice()?;
    readable.gather_for_slice(&slice).await?;
    let (mut listed, more) = readable.slice(&slice)?;
    let mut response = if listed.len() > PIECE {
        streamed(Arc::clone(catalog.index()), listed, fields)
    } else {
        let entities = listed.fetch(catalog.index(), PIECE);
        body::json(body::list(entities.iter(), fields.as_ref())?)
    };
    if let Some(limit) = slice.limit.filter(|_| more) {
        let next = Offset {
            limit: Some(limit),
            offset: Some(slice.offset + limit),
        };
        response.headers_mut().insert(LINK, link(&uri, &next)?);
    }
    Ok(response)
}

impl Parameters {
    fn slice(&self) -> Result<Slice, Error> {
        let after = self
            .after
            .as_deref()
            .map(Offset::parse)
            .transpose()?
            .unwrap_or_default();
        let limit = after.limit.or(self.limit);
        if limit == Some(0) {
            return Err(Error::invalid(
                "invalid-limit",
                "invalid `limit`: it must be greater than zero",
            ));
        }
        let orders = self
            .order
            .iter()
            .map(|order| OrderField::parse_order(order))
            .collect::<Result<Vec<_>, _>>()?;
        OrderField::check(&orders)?;
        Ok(Slice {
            filter: Filter::parse(self.filter.iter().map(String::as_str))?,
            orders,
            offset: after.offset.or(self.offset).unwrap_or(0),
            limit,
        })
    }
}

/// The address of the next part, beside everything else that the request asked for.
fn link(uri: &Uri, next: &Offset) -> Result<HeaderValue, Error> {
    let mut query = String::new();
    for pair in uri.query().unwrap_or_default().split('&') {
        if !pair.is_empty() && !pair.starts_with("offset=") && !pair.starts_with("after=") {
            query.push_str(pair);
            query.push('&');
        }
    }
    let after = next
        .print()?
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let link = format!("<{}?{query}after={after}>; rel=\"next\"", uri.path());
    HeaderValue::from_str(&link).map_err(|error| {
        Error::invalid(
            "invalid-query",
            "the address has characters that must be escaped",
        )
        .source(error)
    })
}

/// All entities, piece by piece, so that a large catalog is never in memory twice. It goes on changing meanwhile.
fn streamed(index: Arc<SharedIndex>, listed: Listed, fields: Option<Fields>) -> Response {
    let pieces = stream::unfold(Some((listed, Separator::Start)), move |state| {
        let (index, fields) = (Arc::clone(&index), fields.clone());
        async move {
            let (mut listed, separator) = state?;
            let entities = listed.fetch(&index, PIECE);
            let piece = piece(&entities, separator, listed.is_done(), fields.as_ref());
            let separator = separator.behind(&entities);
            // Others get their turn, however fast this client reads.
            tokio::task::yield_now().await;
            Some((piece, (!listed.is_done()).then_some((listed, separator))))
        }
    });
    // The compression layer asks again behind the end, which an unfolding stream does not bear.
    let body = Body::from_stream(pieces.fuse());
    (Extension(Fleeting), [(CONTENT_TYPE, body::JSON)], body).into_response()
}

/// What stands before the next entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    /// The list begins.
    Start,
    /// The list has begun, with nobody in it.
    Nothing,
    Comma,
}

impl Separator {
    fn behind(self, entities: &[Bytes]) -> Self {
        match self {
            Self::Start | Self::Nothing if entities.is_empty() => Self::Nothing,
            _ => Self::Comma,
        }
    }
}

fn piece(
    entities: &[Bytes],
    before: Separator,
    last: bool,
    fields: Option<&Fields>,
) -> Result<Bytes, Error> {
    let list = Bytes::from(body::list(entities.iter(), fields)?);
    let inner = list.slice(1..list.len() - 1);
    let start: &[u8] = match before {
        Separator::Start => b"[",
        Separator::Comma if !entities.is_empty() => b",",
        Separator::Comma | Separator::Nothing => b"",
    };
    let end: &[u8] = if last { b"]" } else { b"" };
    Ok([start, &inner, end].concat().into())
}

#[cfg(test)]
mod tests {
    use axum::http::header::{ETAG, IF_NONE_MATCH};
    use futures::StreamExt;
    use serde_json::Value;

    use super::super::sketch::Api;

    const SHOP: &str = "
        Component:cart type=service title=b
        Component:shop type=website
        API:orders type=openapi title=a";

    #[tokio::test]
    async fn everybody_that_matches_is_answered_by_reference() {
        let api = Api::with(SHOP).await;

        assert_eq!(
            api.get("/entities?filter=kind=component&filter=kind=api&fields=metadata.name")
                .await,
            r#"200 OK
[{"metadata":{"name":"orders"}},{"metadata":{"name":"cart"}},{"metadata":{"name":"shop"}}]"#
        );
        assert_eq!(api.get("/entities?filter=kind=user").await, "200 OK\n[]");
    }

    #[tokio::test]
    async fn who_lacks_the_field_comes_last() {
        let api = Api::with(SHOP).await;

        assert_eq!(
            api.get("/entities?order=desc:metadata.title&fields=metadata.name")
                .await,
            r#"200 OK
[{"metadata":{"name":"cart"}},{"metadata":{"name":"orders"}},{"metadata":{"name":"shop"}}]"#
        );
    }

    #[tokio::test]
    async fn parts_are_linked() {
        let api = Api::with(SHOP).await;

        assert_eq!(
            api.get("/entities?limit=2&fields=kind&offset=0").await,
            r#"200 OK
</api/catalog/entities?limit=2&fields=kind&after=eyJsaW1pdCI6Miwib2Zmc2V0IjoyfQ%3D%3D>; rel="next"
[{"kind":"API"},{"kind":"Component"}]"#
        );
        assert_eq!(
            api.get(
                "/entities?limit=2&fields=metadata.name&after=eyJsaW1pdCI6Miwib2Zmc2V0IjoyfQ%3D%3D"
            )
            .await,
            "200 OK\n[{\"metadata\":{\"name\":\"shop\"}}]"
        );
    }

    #[tokio::test]
    async fn a_long_list_arrives_whole() {
        let users: Vec<String> = (0..250)
            .map(|number| format!("User:u{number:03}"))
            .collect();
        let api = Api::with(&users.join("\n")).await;

        for count in [250, 200, 1] {
            let filter: Vec<String> = (0..count)
                .map(|number| format!("metadata.name=u{number:03}"))
                .collect();
            let list = api
                .get_json(&format!(
                    "/entities?fields=metadata.name&filter={}",
                    filter.join(",")
                ))
                .await;
            assert_eq!(list.as_array().unwrap().len(), count);
            assert_eq!(
                list[count - 1]["metadata"]["name"],
                format!("u{:03}", count - 1)
            );
        }
    }

    #[tokio::test]
    async fn a_list_that_is_sent_while_numbers_are_used_again_is_whole_and_right() {
        let users: Vec<String> = (0..250)
            .map(|number| format!("User:u{number:03}"))
            .collect();
        for gone in [100..250, 100..200, 150..160, 200..250] {
            let api = Api::with(&users.join("\n")).await;
            let answer = api.ask("/entities?filter=kind=user", &[]).await;
            let mut pieces = answer.into_body().into_data_stream();
            let mut body = pieces.next().await.unwrap().unwrap().to_vec();

            for number in gone.clone() {
                api.erase(&format!("user:default/u{number:03}"));
            }
            let others = gone.clone().map(|number| format!("API:a{number}"));
            api.draw(&others.collect::<Vec<_>>().join("\n"), 3);
            // Some come back under the number of another.
            api.draw("User:u000 title=new\nUser:u155 title=new", 4);
            while let Some(piece) = pieces.next().await {
                body.extend_from_slice(&piece.unwrap());
            }

            let list: Vec<Value> = serde_json::from_slice(&body).unwrap();
            let names: Vec<String> = list
                .iter()
                .map(|entity| entity["metadata"]["name"].as_str().unwrap().to_owned())
                .collect();
            let is_there = |number: &usize| !gone.contains(number) && *number != 155;
            let expected: Vec<String> = (0..250)
                .filter(is_there)
                .map(|number| format!("u{number:03}"))
                .collect();
            assert_eq!(names, expected);
        }
    }

    #[tokio::test]
    async fn a_long_list_is_known_to_a_client_until_anything_changes() {
        let users: Vec<String> = (0..150)
            .map(|number| format!("User:u{number:03}"))
            .collect();
        let api = Api::with(&users.join("\n")).await;
        let etag = api.ask("/entities", &[]).await.headers()[ETAG].clone();
        let known = [(IF_NONE_MATCH, etag.to_str().unwrap())];
        assert_eq!(api.ask("/entities", &known).await.status(), 304);

        // Back to what it was, but an answer that was sent meanwhile may have had the other version.
        let before = Api::with("").await;
        before.same_as(&api, "user:default/u000", &[]);
        api.draw("User:u000 title=new", 2);
        api.same_as(&before, "user:default/u000", &[]);
        assert_eq!(api.ask("/entities", &known).await.status(), 200);
    }

    #[tokio::test]
    async fn wrong_parameters_are_refused() {
        let api = Api::with("").await;

        for (query, message) in [
            ("limit=0", "invalid `limit`: it must be greater than zero"),
            (
                "order=up:kind",
                "invalid order `up:kind`: expected `asc:<field>` or `desc:<field>`",
            ),
            (
                "fields=a%5B0%5D",
                "invalid field `a[0]`: array type fields are not supported",
            ),
            ("after=", "malformed cursor: it is empty"),
            ("after=%21", "malformed cursor: it is not base64"),
            // {"limit":0}: following it would not lead anywhere.
            (
                "after=eyJsaW1pdCI6MH0",
                "invalid `limit`: it must be greater than zero",
            ),
            (
                "filter[]=kind=api",
                "the query parameter `filter[]` is wrong: unknown field `filter[]`, expected one of",
            ),
        ] {
            let answer = api.get(&format!("/entities?{query}")).await;
            assert!(
                answer.starts_with(&format!("400 Bad Request\nInputError: {message}")),
                "{answer}"
            );
        }
    }
}
