//! Spares clients the lists that they have already, and the server the work to write them.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::IF_NONE_MATCH;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use callboard_auth::Caller;
use callboard_http::Validator;

use super::answers::Answers;
use crate::Catalog;
use crate::query::Readable;

/// The operations whose answers are made of nothing but the index, the caller and the address. They have a validator
/// before they have an answer. The others get that of their bytes from the edge.
const FROM_THE_INDEX: [&str; 3] = [
    "/api/catalog/entities",
    "/api/catalog/entities/by-query",
    "/api/catalog/entity-facets",
];

/// On a response: its body is made piece by piece while the index may change, so that it may be of several sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fleeting;

/// What the requests share.
#[derive(Clone)]
pub(super) struct Shared {
    catalog: Catalog,
    answers: Arc<Answers>,
}

impl Shared {
    pub(super) fn of(catalog: &Catalog) -> Self {
        Self {
            catalog: catalog.clone(),
            answers: Arc::default(),
        }
    }
}

/// Answers 304 instead of building what the client has, and gives an answer again that it gave before.
pub(super) async fn conditional(
    State(Shared { catalog, answers }): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    if !is_from_the_index(&request) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let question = parts.uri.to_string();
    let caller = Caller::from_request_parts(&mut parts, &()).await.ok();
    // Who may not ask gets the answer of the handler, which says so.
    let readable = caller.and_then(|caller| Readable::new(catalog.index(), &caller.scope()).ok());
    let Some(readable) = readable else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let question = readable.question(question);
    let is_known = |each: &Validator| each.is_known_to(parts.headers.get_all(IF_NONE_MATCH));
    if parts.headers.contains_key(IF_NONE_MATCH)
        && let Some(validator) = question.validators().find(is_known)
    {
        return validator.not_modified();
    }
    // The method is no part of the question: only what `GET` gives is kept.
    let is_get = parts.method == Method::GET;
    if is_get && let Some(response) = answers.get(&question) {
        return response;
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    // An answer that was made while the index changed might be of either side.
    if response.status() != StatusCode::OK || !question.holds_in(&catalog.index().read()) {
        return response;
    }
    if response.extensions().get::<Fleeting>().is_some() {
        question.fleeting().put_on(&mut response);
        return response;
    }
    question.validator().put_on(&mut response);
    if is_get {
        answers.keep(question, response).await
    } else {
        response
    }
}

fn is_from_the_index(request: &Request) -> bool {
    let path = request.extensions().get::<MatchedPath>();
    matches!(*request.method(), Method::GET | Method::HEAD)
        && path.is_some_and(|path| {
            FROM_THE_INDEX
                .iter()
                .any(|from_the_index| path.as_str().ends_with(from_the_index))
        })
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, LINK};

    use super::super::sketch::Api;

    const SHOP: &str = "
        Component:cart type=service
        Component:shop type=website";

    const LISTS: [&str; 4] = [
        "/entities",
        "/entities?limit=1",
        "/entities/by-query?filter=kind=component",
        "/entity-facets?facet=kind",
    ];

    /// Status and validator of the answer to a client that has the answer with the validator `known`.
    async fn ask(api: &Api, path: &str, known: &str) -> (u16, String) {
        let answer = api.ask(path, &[(IF_NONE_MATCH, known)]).await;
        let etag = answer.headers().get(ETAG);
        let etag = etag.map_or("none", |etag| etag.to_str().unwrap());
        (answer.status().as_u16(), etag.to_owned())
    }

    #[tokio::test]
    async fn what_the_client_has_is_not_sent_again() {
        let api = Api::with(SHOP).await;

        let single = ["/entities/by-name/component/default/cart", "/revision"];
        for path in LISTS.into_iter().chain(single) {
            let (status, etag) = ask(&api, path, "").await;
            assert_eq!(status, 200, "{path}");
            let again = api.ask(path, &[(IF_NONE_MATCH, etag.as_str())]).await;
            assert_eq!(again.status(), 304, "{path}");
            assert_eq!(again.headers()[ETAG], etag, "{path}");
            assert_eq!(again.headers()[CACHE_CONTROL], "private, no-cache");
            assert!(!again.headers().contains_key(LINK));
        }
    }

    #[tokio::test]
    async fn any_change_of_the_catalog_changes_the_validators_of_lists() {
        let api = Api::with(SHOP).await;

        for (number, path) in LISTS.into_iter().enumerate() {
            let (_, before) = ask(&api, path, "").await;
            api.draw(&format!("Component:cart title=t{number}"), 1);
            let (status, after) = ask(&api, path, &before).await;
            assert_eq!((status, after == before), (200, false), "{path}");
        }
    }

    #[tokio::test]
    async fn an_answer_that_is_given_again_is_the_same_until_something_changes() {
        let api = Api::with(SHOP).await;

        for (number, path) in LISTS.into_iter().enumerate() {
            let first = api.get(path).await;
            assert_eq!(api.get(path).await, first, "{path}");
            let head = api.send(Method::HEAD, path, None).await;
            assert_eq!(head.lines().next(), Some("200 OK"), "{path}");
            assert_ne!(head, first, "{path}");
            assert_eq!(api.get(path).await, first, "{path}");
            let other =
                format!("Component:cart title=t{number}\nComponent:new{number} type=service");
            api.draw(&other, 10 + number as i64);
            assert_ne!(api.get(path).await, first, "{path}");
        }
    }

    #[tokio::test]
    async fn another_question_has_another_validator() {
        let api = Api::with(SHOP).await;

        let (_, one) = ask(&api, "/entities?filter=kind=component", "").await;
        let (status, other) = ask(&api, "/entities?filter=kind=api", &one).await;
        assert_eq!((status, one == other), (200, false));
    }

    #[tokio::test]
    async fn one_entity_holds_while_others_change() {
        let api = Api::with(SHOP).await;
        let cart = "/entities/by-name/component/default/cart";

        let (_, etag) = ask(&api, cart, "").await;
        api.draw("Component:shop title=new", 2);
        assert_eq!(ask(&api, cart, &etag).await.0, 304);
        api.draw("Component:cart title=new", 3);
        assert_eq!(ask(&api, cart, &etag).await.0, 200);
    }

    #[tokio::test]
    async fn the_same_entities_have_the_same_validators_however_they_came_in() {
        let one = Api::with("User:ada\nUser:bob").await;
        let other = Api::with("User:ada title=old\nUser:bob").await;
        // Ids are counted, so this is the one that the first catalog gave.
        let (_, expected) = ask(&one, "/entities", "").await;
        assert_ne!(ask(&other, "/entities", "").await.1, expected);
        other.same_as(&one, "user:default/ada", &[]);

        assert_eq!(ask(&other, "/entities", "").await.1, expected);
    }

    #[tokio::test]
    async fn a_refusal_has_no_validator() {
        let api = Api::with(SHOP).await;

        for (path, status) in [
            ("/entities?limit=0", 400),
            ("/entities/by-name/api/default/x", 404),
        ] {
            let answer = ask(&api, path, "*").await;
            assert_eq!(answer, (status, "none".to_owned()), "{path}");
        }
    }
}
