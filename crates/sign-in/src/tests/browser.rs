//! A browser that keeps its cookies.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request};
use axum_extra::extract::cookie::Cookie;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use url::Url;

/// A browser at one portal.
pub(super) struct Browser {
    router: Router,
    pub(super) cookies: BTreeMap<String, String>,
    headers: Vec<(String, String)>,
    pub(super) peer: Option<SocketAddr>,
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Browser {
    pub(super) fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            headers: Vec::new(),
            peer: None,
        }
    }

    /// Sends this header with every request, besides others of the name.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, "").await
    }

    /// As a script of our own page asks.
    pub(super) async fn ask(&mut self, method: &str, path: &str) -> Page {
        self.headers
            .push(("x-requested-with".to_owned(), "XMLHttpRequest".to_owned()));
        let page = self.send(method, path, "").await;
        self.headers.pop();
        page
    }

    pub(super) async fn send(&mut self, method: &str, path: &str, body: &str) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        if let Some(peer) = self.peer {
            request = request.extension(ConnectInfo(peer));
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        self.keep(&headers);
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Page {
            status,
            headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let cookie = Cookie::parse(header.to_str().unwrap().to_owned()).unwrap();
            if cookie.max_age().is_some_and(|age| age.is_zero()) {
                self.cookies.remove(cookie.name());
            } else {
                self.cookies
                    .insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
    }
}

impl Page {
    /// Where the browser is sent.
    pub(super) fn location(&self) -> Url {
        let location = self
            .headers
            .get(LOCATION)
            .unwrap_or_else(|| panic!("{} {}", self.status, self.text));
        location.to_str().unwrap().parse().unwrap()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} {}", self.status, self.text))
    }

    /// What the window tells the page that opened it, and to which origin.
    pub(super) fn told(&self) -> (String, Value) {
        assert_eq!(self.status, 200, "{}", self.text);
        let mut literals = self.text.split("decodeURIComponent('").skip(1);
        let mut literal = || {
            let text = literals.next().unwrap().split('\'').next().unwrap();
            let query = format!("x={text}");
            let pair = url::form_urlencoded::parse(query.as_bytes())
                .next()
                .unwrap();
            pair.1.into_owned()
        };
        let origin = literal();
        (origin, serde_json::from_str(&literal()).unwrap())
    }

    /// The message of what went wrong.
    pub(super) fn error(&self) -> String {
        let json = if self.text.starts_with('{') {
            self.json()
        } else {
            self.told().1
        };
        json["error"]["message"]
            .as_str()
            .unwrap_or_else(|| panic!("{json}"))
            .to_owned()
    }

    /// The cookie of this name that is set.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let mut all = self
            .headers
            .get_all(SET_COOKIE)
            .iter()
            .map(|header| header.to_str().unwrap());
        all.find(|text| text.starts_with(&format!("{name}=")))
            .map(str::to_owned)
    }
}
