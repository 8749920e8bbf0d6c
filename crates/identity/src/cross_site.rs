//! Whether a page of another site sent a request.
//!
//! A browser sends the cookie of a session along whoever wrote the page that asks. It also says where the page is
//! from, which a page cannot change: `Sec-Fetch-Site`, or `Origin` where that is not known. (The same rule as in Go's
//! `http.CrossOriginProtection`.)

use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use callboard_model::{Error, ErrorKind, Result};
use url::Url;

use crate::Urls;

/// Refuses a request that changes something and that a page of another site sent.
///
/// # Errors
/// `Forbidden`.
pub(crate) fn refuse(request: &Parts, urls: &Urls) -> Result<()> {
    let only_reads = matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if only_reads || is_own(&request.headers, urls) {
        return Ok(());
    }
    let message = "a page of another site sent this request with the cookie of somebody who is signed in here";
    Err(Error::new(ErrorKind::Forbidden, "cross-site", message)
        .hint("send a token as `Authorization: Bearer …`, or list the origin under `auth.experimentalExtraAllowedOrigins`"))
}

fn is_own(headers: &HeaderMap, urls: &Urls) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(ORIGIN.as_str());
    if origin.is_some_and(|origin| urls.is_allowed_origin(origin)) {
        return true;
    }
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => true,
        Some(_) => false,
        // No browser, or an old one.
        None => origin.is_none_or(|origin| is_host(origin, text(HOST.as_str()))),
    }
}

/// Whether an origin is where the request was sent to.
fn is_host(origin: &str, host: Option<&str>) -> bool {
    let (Ok(origin), Some(host)) = (origin.parse::<Url>(), host) else {
        return false;
    };
    let Some(name) = origin.host_str() else {
        return false;
    };
    match origin.port() {
        None => host == name,
        Some(port) => host == format!("{name}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn sent(method: &str, headers: &[(&str, &str)]) -> bool {
        let url = |text: &str| text.parse().unwrap();
        let urls = Urls::new(
            url("https://portal.example.com"),
            url("https://portal.example.com"),
            &[],
        )
        .unwrap();
        let mut request = Request::builder().method(method).uri("/api/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        refuse(&parts, &urls).is_ok()
    }

    #[test]
    fn pages_of_other_sites_may_not_change_anything() {
        let host = ("host", "internal:7007");
        for own in [
            &[host, ("sec-fetch-site", "same-origin")][..],
            &[host, ("sec-fetch-site", "none")],
            &[host],
            &[host, ("origin", "http://internal:7007")],
            &[host, ("origin", "https://portal.example.com")],
            &[
                host,
                ("origin", "https://portal.example.com"),
                ("sec-fetch-site", "same-site"),
            ],
        ] {
            assert!(sent("POST", own), "{own:?}");
        }
        for foreign in [
            &[host, ("sec-fetch-site", "cross-site")][..],
            &[host, ("sec-fetch-site", "same-site")],
            &[host, ("origin", "https://evil.org")],
            &[host, ("origin", "null")],
            &[host, ("origin", "http://internal:7008")],
            &[("origin", "http://internal")],
        ] {
            assert!(!sent("POST", foreign), "{foreign:?}");
            assert!(sent("GET", foreign), "{foreign:?}");
        }
    }
}
