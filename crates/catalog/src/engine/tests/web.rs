//! Another machine, on this one: a web server whose files a test writes.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use callboard_model::LocationRef;
use callboard_source::{AllowList, Client, FetchHost, Host, Limits, ReadingConfig, Source};
use tokio::net::TcpListener;

/// The server; it ends with the test's runtime.
pub(super) struct Web {
    address: SocketAddr,
    site: Arc<Site>,
}

#[derive(Default)]
struct Site {
    /// Path to content; a number is the status to answer with.
    files: Mutex<HashMap<String, Result<String, u16>>>,
    answers: Mutex<Vec<String>>,
}

impl Web {
    #[expect(
        clippy::disallowed_methods,
        reason = "the server of a test ends with its runtime"
    )]
    pub(super) async fn new() -> Self {
        let site = Arc::new(Site::default());
        let shared = Arc::clone(&site);
        let answer =
            move |uri: Uri, headers: HeaderMap| async move { shared.answer(&uri, &headers) };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, site }
    }

    /// Reads from this server, and from nowhere else.
    pub(super) fn source(&self) -> Source {
        let allow = serde_json::json!({ "allow": [{ "host": self.address.to_string() }] });
        let config: ReadingConfig = serde_json::from_value(allow).unwrap();
        let allow = AllowList::new(&config);
        let limits = Limits {
            bytes: 100_000,
            ..Limits::default()
        };
        let client = Client::new(allow.clone(), limits).unwrap();
        let host: Arc<dyn Host> = Arc::new(FetchHost::new(client, allow));
        Source::new([host])
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    pub(super) fn location(&self, path: &str) -> LocationRef {
        LocationRef::new("url", self.url(path))
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        self.site
            .files
            .lock()
            .unwrap()
            .insert(format!("/{path}"), Ok(text.to_owned()));
    }

    pub(super) fn fail(&self, path: &str, status: u16) {
        self.site
            .files
            .lock()
            .unwrap()
            .insert(format!("/{path}"), Err(status));
    }

    /// What was answered since this was asked last, such as `200 /all.yaml`.
    pub(super) fn answers(&self) -> Vec<String> {
        let mut answers = std::mem::take(&mut *self.site.answers.lock().unwrap());
        answers.sort();
        answers
    }

    /// `text` with the server's name as `web`.
    pub(super) fn shown(&self, texts: Vec<String>) -> Vec<String> {
        let address = self.address.to_string();
        texts
            .into_iter()
            .map(|text| text.replace(&address, "web"))
            .collect()
    }
}

impl Site {
    fn answer(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        let file = self
            .files
            .lock()
            .unwrap()
            .get(uri.path())
            .cloned()
            .unwrap_or(Err(404));
        let known = headers
            .get(header::IF_NONE_MATCH)
            .map(|value| value.as_bytes().to_owned());
        let response = match file {
            Err(status) => StatusCode::from_u16(status).unwrap().into_response(),
            Ok(text) => {
                let etag = format!("\"{}\"", crate::hash::hex(text.as_bytes()));
                if known.as_deref() == Some(etag.as_bytes()) {
                    StatusCode::NOT_MODIFIED.into_response()
                } else {
                    ([(header::ETAG, etag)], text).into_response()
                }
            }
        };
        let answer = format!("{} {}", response.status().as_u16(), uri.path());
        self.answers.lock().unwrap().push(answer);
        response
    }
}
