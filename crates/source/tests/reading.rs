//! Files read from a real server on this machine.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use callboard_source::{
    AllowList, Answer, Client, FetchHost, File, Host, Limits, ReadingConfig, Source, Validators,
};
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;

/// A server for one test; it ends with the test's runtime.
#[expect(
    clippy::disallowed_methods,
    reason = "the server of a test ends with its runtime"
)]
async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn allow(entries: serde_json::Value) -> AllowList {
    let config: ReadingConfig =
        serde_json::from_value(json!({ "allow": entries })).expect("it can be made");
    AllowList::new(&config)
}

fn limits() -> Limits {
    Limits {
        total: Duration::from_millis(700),
        bytes: 1_000,
        ..Limits::default()
    }
}

fn source(allow: &AllowList) -> Source {
    let client = Client::new(allow.clone(), limits()).expect("it can be made");
    let host: Arc<dyn Host> = Arc::new(FetchHost::new(client, allow.clone()));
    Source::new([host])
}

fn read_freely(address: SocketAddr) -> Source {
    source(&allow(json!([{ "host": address.to_string() }])))
}

async fn read(source: &Source, url: &str) -> Result<String, String> {
    let url = Source::parse(url).map_err(|error| error.code().to_owned())?;
    match source.read(&url, &Validators::default()).await {
        Ok(Answer::Found(File { content, .. })) => {
            Ok(String::from_utf8(content).expect("it can be made"))
        }
        Ok(Answer::NotModified) => Ok("not modified".to_owned()),
        Err(error) => Err(error.code().to_owned()),
    }
}

async fn conditional(headers: HeaderMap) -> Response {
    let known = headers
        .get(header::IF_NONE_MATCH)
        .map(|value| value.as_bytes());
    let since = headers
        .get(header::IF_MODIFIED_SINCE)
        .map(|value| value.as_bytes());
    let date = "Thu, 01 Jan 2026 00:00:00 GMT";
    if known == Some(b"\"one\"") && since == Some(date.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    (
        [(header::ETAG, "\"one\""), (header::LAST_MODIFIED, date)],
        "text",
    )
        .into_response()
}

#[tokio::test]
async fn a_file_that_did_not_change_is_not_sent_again() {
    let address = serve(Router::new().route("/a", get(conditional))).await;
    let (source, url) = (
        read_freely(address),
        Url::parse(&format!("http://{address}/a")).unwrap(),
    );
    let Answer::Found(file) = source.read(&url, &Validators::default()).await.unwrap() else {
        panic!("nothing was known, so the file comes");
    };
    assert_eq!(file.content, b"text");
    assert_eq!(
        source.read(&url, &file.validators).await.unwrap(),
        Answer::NotModified
    );
}

#[tokio::test]
async fn only_what_is_listed_is_read() {
    let address = serve(Router::new().route("/{*path}", get(|| async { "text" }))).await;
    let list = allow(json!([{ "host": address.to_string(), "paths": ["/public"] }]));
    let source = source(&list);
    assert_eq!(
        read(&source, &format!("http://{address}/public/a"))
            .await
            .unwrap(),
        "text"
    );
    let refused = Err("url-not-allowed".to_owned());
    assert_eq!(
        read(&source, &format!("http://{address}/secret")).await,
        refused
    );
    assert_eq!(
        read(&source, &format!("http://{address}/public/../secret")).await,
        refused
    );
    assert_eq!(read(&source, "https://example.com/public/a").await, refused);
}

#[tokio::test]
async fn redirects_are_followed_to_listed_addresses_only() {
    async fn leave(Path(to): Path<String>) -> Redirect {
        Redirect::temporary(&format!("/{to}"))
    }
    let inside = serve(Router::new().route("/secret", get(|| async { "secret" }))).await;
    let outside = format!("http://{inside}/secret");
    let router = Router::new()
        .route("/to/{to}", get(leave))
        .route("/text", get(|| async { "text" }))
        .route("/circle", get(|| async { Redirect::permanent("/circle") }))
        .route(
            "/out",
            get(move || async move { Redirect::temporary(&outside) }),
        )
        .route(
            "/cloud",
            get(|| async { Redirect::temporary("http://169.254.169.254/latest") }),
        )
        .route(
            "/file",
            get(|| async { Redirect::temporary("file:///etc/passwd") }),
        );
    let address = serve(router).await;
    let source = read_freely(address);
    let read = |path: &'static str| {
        let source = source.clone();
        async move { read(&source, &format!("http://{address}/{path}")).await }
    };
    assert_eq!(read("to/text").await.unwrap(), "text");
    assert_eq!(read("circle").await.unwrap_err(), "url-redirects");
    for refused in ["out", "cloud", "file"] {
        assert_eq!(
            read(refused).await.unwrap_err(),
            "url-not-allowed",
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_private_address_is_reached_only_under_a_listed_name() {
    let address = serve(Router::new().route("/", get(|| async { "text" }))).await;
    let port = address.port();
    // A host with an API of its own may ask for addresses that no list names; the guard holds all the same.
    let get = async |list: AllowList, host: &str| {
        let client = Client::new(list, limits()).unwrap();
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        let answer = client.get(&url, &Validators::default(), |_| true).await;
        answer.map(|_| ()).map_err(|error| error.code().to_owned())
    };
    let refused = Err("url-private".to_owned());
    for host in [
        "localhost",
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ] {
        assert_eq!(get(AllowList::default(), host).await, refused, "{host}");
    }
    let list = allow(json!([{ "host": "localhost:1" }, { "host": "*.example.com" }]));
    assert_eq!(get(list.clone(), "localhost").await, Ok(()));
    assert_eq!(get(list, "127.0.0.1").await, refused);
}

#[tokio::test]
async fn large_slow_and_broken_answers_end() {
    async fn endless() -> Response {
        let piece = || Ok::<_, std::io::Error>(vec![b'x'; 400]);
        Body::from_stream(futures::stream::repeat_with(piece)).into_response()
    }
    async fn slow() -> Response {
        let never = futures::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        Body::from_stream(never).into_response()
    }
    let router = Router::new()
        .route("/endless", get(endless))
        .route("/large", get(|| async { "x".repeat(1_001) }))
        .route("/fits", get(|| async { "x".repeat(1_000) }))
        .route("/slow", get(slow))
        .route(
            "/silent",
            get(|| async { futures::future::pending::<&str>().await }),
        )
        .route(
            "/broken",
            get(|| async { StatusCode::INTERNAL_SERVER_ERROR }),
        )
        .route("/forbidden", get(|| async { StatusCode::FORBIDDEN }));
    let address = serve(router).await;
    let source = read_freely(address);
    for (path, expected) in [
        ("endless", "url-too-large"),
        ("large", "url-too-large"),
        ("slow", "url-timeout"),
        ("silent", "url-timeout"),
        ("broken", "url-status"),
        ("forbidden", "url-status"),
        ("missing", "url-not-found"),
    ] {
        let read = read(&source, &format!("http://{address}/{path}")).await;
        assert_eq!(read.unwrap_err(), expected, "{path}");
    }
    assert_eq!(
        read(&source, &format!("http://{address}/fits"))
            .await
            .unwrap()
            .len(),
        1_000
    );
    let nobody = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let gone = read(&read_freely(nobody), &format!("http://{nobody}/")).await;
    assert_eq!(gone.unwrap_err(), "url-unreachable");
}

#[tokio::test]
async fn what_is_packed_small_counts_as_what_it_unpacks_to() {
    // 100,000 zero bytes in gzip, made once: the packed form is far below the limit.
    async fn bomb() -> Response {
        let packed: &[u8] = include_bytes!("zeros.gz");
        ([(header::CONTENT_ENCODING, "gzip")], packed).into_response()
    }
    let address = serve(Router::new().route("/bomb", get(bomb))).await;
    let read = read(&read_freely(address), &format!("http://{address}/bomb")).await;
    assert_eq!(read.unwrap_err(), "url-too-large");
}

#[tokio::test]
async fn addresses_that_are_none_are_refused_before_anything_is_sent() {
    let source = source(&AllowList::default());
    for (url, expected) in [
        ("not an address", "url-invalid"),
        ("file:///etc/passwd", "url-scheme"),
        ("javascript:alert(1)", "url-scheme"),
        ("https://me:secret@example.com/", "url-credentials"),
    ] {
        assert_eq!(read(&source, url).await.unwrap_err(), expected, "{url}");
    }
    let long = format!("https://example.com/{}", "a".repeat(3_000));
    assert_eq!(read(&source, &long).await.unwrap_err(), "url-too-long");
}

#[tokio::test]
async fn a_pattern_is_refused_by_a_plain_web_server() {
    let list = allow(json!([{ "host": "example.com" }]));
    let pattern = Url::parse("https://example.com/*/catalog-info.yaml").unwrap();
    let error = source(&list).search(&pattern).await.unwrap_err();
    assert_eq!(error.code(), "url-pattern");
}
