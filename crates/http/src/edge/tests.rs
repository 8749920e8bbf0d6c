//! What the edge does around any handler.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use callboard_model::{Error, ErrorKind, Ids};
use futures::stream;
use http_body_util::BodyExt;
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::*;
use crate::Result;

fn edge() -> Edge {
    Edge::new(Ids::counted(), &mut Registry::default())
}

async fn send(edge: Edge, router: Router, method: Method) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri("/x?y=z")
        .body(Body::empty())
        .unwrap();
    let response = edge.wrap(router).oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn answer(handler: fn() -> Result<()>) -> (StatusCode, String) {
    let router = Router::new().route("/x", get(move || async move { handler() }));
    send(edge(), router, Method::GET).await
}

#[tokio::test]
async fn each_kind_of_error_has_its_status_and_backstages_name() {
    let kinds = [
        (ErrorKind::Invalid, 400, "InputError"),
        (ErrorKind::Unauthenticated, 401, "AuthenticationError"),
        (ErrorKind::Forbidden, 403, "NotAllowedError"),
        (ErrorKind::NotFound, 404, "NotFoundError"),
        (ErrorKind::Conflict, 409, "ConflictError"),
        (ErrorKind::TooLarge, 413, "PayloadTooLargeError"),
        (ErrorKind::TooMany, 429, "TooManyRequestsError"),
        (ErrorKind::Internal, 500, "InternalServerError"),
        (ErrorKind::Unavailable, 503, "ServiceUnavailableError"),
    ];
    for (kind, status, name) in kinds {
        let handler =
            move || async move { Err::<(), _>(ApiError::from(Error::new(kind, "a-code", "why"))) };
        let router = Router::new().route("/x", get(handler));

        let (answered, body) = send(edge(), router, Method::GET).await;

        assert_eq!(answered, status, "{kind:?}");
        assert!(body.contains(&format!(r#""name":"{name}""#)), "{body}");
    }
}

#[tokio::test]
async fn an_error_names_its_request_and_says_what_to_do() {
    let (_, body) = answer(|| {
        Err(Error::not_found("no-such-entity", "no `x`")
            .hint("look again")
            .into())
    })
    .await;

    assert_eq!(
        body,
        r#"{"error":{"name":"NotFoundError","message":"no `x`","code":"no-such-entity","hint":"look again"},"request":{"method":"GET","url":"/x?y=z"},"response":{"statusCode":404}}"#
    );
}

#[tokio::test]
async fn a_message_that_quotes_too_much_is_shortened() {
    let (_, body) = answer(|| {
        let message = format!("no `{}` is there", "x".repeat(100_000));
        Err(Error::not_found("no-such-entity", message).into())
    })
    .await;

    assert!(body.len() < 2_000, "{} bytes", body.len());
    assert!(body.contains(r#""message":"no `xxx"#), "{body}");
    assert!(body.contains("xxx` is there\""), "{body}");
}

#[tokio::test]
async fn nothing_inside_an_internal_error_reaches_a_client() {
    let failing = || {
        let cause = std::io::Error::other("password=hush");
        Err(Error::internal("secret-code", "reading table secrets")
            .source(cause)
            .hint("run x")
            .into())
    };

    let (status, body) = answer(failing).await;

    assert_eq!(status, 500);
    for inside in ["hush", "secret", "run x"] {
        assert!(!body.contains(inside), "{body}");
    }
    assert!(
        body.contains("request id `00000000-0000-4000-8000-000000000001`"),
        "{body}"
    );
}

#[tokio::test]
async fn a_panic_is_an_internal_error() {
    let (status, body) = answer(|| panic!("password=hush")).await;

    assert_eq!(status, 500);
    assert!(
        body.contains("InternalServerError") && !body.contains("hush"),
        "{body}"
    );
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_503() {
    let router = Router::new().route("/x", get(std::future::pending::<()>));

    let (status, body) = send(edge().deadline(Duration::ZERO), router, Method::GET).await;

    assert_eq!(status, 503);
    assert!(body.contains(r#""code":"deadline""#), "{body}");
}

#[tokio::test]
async fn an_error_has_no_body_for_head() {
    let router = Router::new().fallback(not_found);

    assert_eq!(
        send(edge(), router, Method::HEAD).await,
        (StatusCode::NOT_FOUND, String::new())
    );
}

#[tokio::test]
async fn an_event_stream_ends_when_the_server_stops() {
    let stop = CancellationToken::new();
    let events = || async {
        let forever = stream::pending::<Result<Bytes, Infallible>>();
        (
            [("content-type", "text/event-stream")],
            Body::from_stream(forever),
        )
            .into_response()
    };
    let router = edge()
        .stop(stop.clone())
        .wrap(Router::new().route("/x", get(events)));
    let response: Response = router
        .oneshot(Request::get("/x").body(Body::empty()).unwrap())
        .await
        .unwrap();

    stop.cancel();

    assert_eq!(
        response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .len(),
        0
    );
}

async fn conditional(known: &str) -> Response {
    let handler = || async { crate::Json("x".repeat(2_000)) };
    let router = edge().wrap(Router::new().route("/x", get(handler)));
    let request = Request::get("/x")
        .header("if-none-match", known)
        .header("accept-encoding", "gzip");
    router
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn json_that_the_client_has_is_not_sent_again_in_whatever_encoding_it_came() {
    let answer = conditional("").await;
    let headers = answer.headers();
    let etag = headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(answer.status(), 200);
    assert_eq!(headers["content-encoding"], "gzip");
    assert_eq!(headers["cache-control"], "private, no-cache");

    let again = conditional(&etag).await;

    assert_eq!(again.status(), 304);
    assert_eq!(again.headers()["etag"], etag.as_str());
    assert_eq!(again.headers()["vary"], "accept-encoding");
    let body = again.into_body().collect().await.unwrap().to_bytes();
    assert!(body.is_empty());
}

#[tokio::test]
async fn an_error_has_no_validator() {
    let failing = || async { Err::<(), _>(ApiError::from(Error::not_found("x", "no `x`"))) };
    let router = edge().wrap(Router::new().route("/x", get(failing)));
    let request = Request::get("/x").body(Body::empty()).unwrap();

    let answer = router.oneshot(request).await.unwrap();

    assert!(!answer.headers().contains_key("etag"));
}
