//! Answers every path that is no API.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use callboard_http::{ApiError, not_found};
use callboard_model::Result;

use crate::assets::{self, Asset};
use crate::page::{PageSettings, page};

/// The paths at which programs look for data: never answered with a page.
const NO_PAGES: [&str; 3] = ["/api", "/.backstage", "/metrics"];

/// The pages and their assets.
#[derive(Clone, Debug)]
pub struct Pages {
    index: Bytes,
    etag: Arc<str>,
}

impl Pages {
    /// Pages that are told `settings`.
    ///
    /// # Errors
    /// `Internal`, when the embedded page has no place for them.
    pub fn new(settings: &PageSettings) -> Result<Self> {
        let html = page(settings)?;
        let mut hasher = DefaultHasher::new();
        html.hash(&mut hasher);
        // Weak: the bytes on the wire may be compressed on their way out.
        let etag = format!("W/\"{:016x}\"", hasher.finish()).into();
        Ok(Self {
            index: html.into(),
            etag,
        })
    }

    /// The answer to a request that no route took: an asset, the page, or 404.
    pub async fn answer(&self, request: Request<Body>) -> Response {
        let path = request.uri().path();
        if NO_PAGES.iter().any(|prefix| is_under(path, prefix)) {
            return not_found(request).await.into_response();
        }
        if request.method() != Method::GET && request.method() != Method::HEAD {
            let refusal = ApiError::method_not_allowed(request.method(), path);
            return ([(ALLOW, "GET, HEAD")], refusal).into_response();
        }
        let name = path.trim_start_matches('/');
        match assets::find(name).filter(|_| name != "index.html") {
            Some(asset) => serve(asset, request.headers()),
            None if is_file(name) => not_found(request).await.into_response(),
            None => self.index(request.headers()),
        }
    }

    fn index(&self, headers: &HeaderMap) -> Response {
        let about = [
            (
                CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (ETAG, header(&self.etag)),
        ];
        if has(headers, &self.etag) {
            return (StatusCode::NOT_MODIFIED, about).into_response();
        }
        (about, self.index.clone()).into_response()
    }
}

fn serve(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let (encoding, bytes) = asset.best_for(headers);
    let etag = format!("\"{}{}\"", asset.hash, encoding.token().unwrap_or_default());
    let mut response = if has(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content_type = [(CONTENT_TYPE, asset.content_type())];
        (content_type, Bytes::from_static(bytes)).into_response()
    };
    let answered = response.headers_mut();
    answered.insert(ETAG, header(&etag));
    answered.insert(
        CACHE_CONTROL,
        HeaderValue::from_static(asset.cache_control()),
    );
    answered.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(token) = encoding.token() {
        answered.insert(CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    response
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

/// Whether the client has this version already.
fn has(headers: &HeaderMap, etag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || plain(tag) == plain(etag))
}

/// Whether `name` can only be a file: entity pages have dots in deeper places of their paths.
fn is_file(name: &str) -> bool {
    name.starts_with("assets/") || (!name.contains('/') && name.contains('.'))
}

fn is_under(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn pages() -> Pages {
        Pages::new(&PageSettings {
            title: "Ottoline".to_owned(),
            base_path: String::new(),
            version: "1.0.0".to_owned(),
            navigation: Vec::new(),
            sign_in_required: false,
        })
        .unwrap()
    }

    async fn get(path: &str) -> Response {
        pages()
            .answer(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    #[tokio::test]
    async fn client_routes_get_the_page() {
        for path in [
            "/",
            "/catalog",
            "/catalog/default/component/node.js",
            "/no/such/page",
        ] {
            let response = get(path).await;
            assert_eq!(response.status(), 200, "{path}");
            assert_eq!(
                response.headers()[CONTENT_TYPE],
                "text/html; charset=utf-8",
                "{path}"
            );
            assert_eq!(response.headers()[CACHE_CONTROL], "no-cache", "{path}");
        }
    }

    #[tokio::test]
    async fn data_paths_and_missing_assets_get_no_page() {
        let paths = [
            "/api",
            "/api/nothing",
            "/.backstage/x",
            "/metrics/x",
            "/assets/gone-abc.js",
            "/robots.txt",
        ];
        for path in paths {
            assert_eq!(get(path).await.status(), 404, "{path}");
        }
    }

    #[tokio::test]
    async fn an_unchanged_page_is_not_sent_again() {
        let etag = get("/").await.headers()[ETAG].clone();
        let request = Request::get("/catalog")
            .header(IF_NONE_MATCH, etag)
            .body(Body::empty());

        let response = pages().answer(request.unwrap()).await;

        assert_eq!(response.status(), 304);
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

    #[tokio::test]
    async fn pages_are_only_read() {
        let request = Request::post("/catalog").body(Body::empty()).unwrap();

        let response = pages().answer(request).await;

        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()[ALLOW], "GET, HEAD");
    }

    #[test]
    fn an_asset_has_its_own_tag_for_each_encoding() {
        static STYLE: Asset = Asset {
            path: "assets/index-abc.css",
            hash: "beef",
            identity: b"plain",
            brotli: Some(b"br"),
            gzip: None,
        };
        let mut headers = HeaderMap::new();
        headers.insert("accept-encoding", HeaderValue::from_static("br"));

        let compressed = serve(&STYLE, &headers);
        let plain = serve(&STYLE, &HeaderMap::new());

        assert_eq!(compressed.headers()[ETAG], "\"beefbr\"");
        assert_eq!(compressed.headers()[CONTENT_ENCODING], "br");
        assert_eq!(plain.headers()[ETAG], "\"beef\"");
        assert_eq!(
            plain.headers()[CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        headers.insert(
            IF_NONE_MATCH,
            HeaderValue::from_static("\"other\", \"beefbr\""),
        );
        assert_eq!(serve(&STYLE, &headers).status(), 304);
    }
}
