//! Addresses with `*` in their parts, as the configuration lists those of clients.

use callboard_model::{Error, Result};
use url::Url;

/// Addresses that are alike. Each part is compared by itself: a `*` in the path never reaches into the host.
#[derive(Clone, Debug)]
pub(crate) enum UrlPattern {
    /// Every address.
    Any,
    /// Addresses whose parts are like these.
    Like {
        /// The text that was written.
        text: String,
        scheme: String,
        host: String,
        port: Port,
        path: String,
    },
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Port {
    Any,
    /// That of the scheme, when there is none.
    Exactly(Option<u16>),
}

impl UrlPattern {
    /// Reads a pattern; `key` names where it is written.
    ///
    /// # Errors
    /// `Invalid`, when it is none.
    pub(crate) fn parse(key: &str, text: &str) -> Result<Self> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let wrong = || {
            let message = format!("`{text}` in `{key}` is no pattern of addresses");
            Error::invalid("url-pattern", message)
                .hint("write one such as `https://example.com/*` or `http://localhost:*/*`, with its protocol")
        };
        let (plain, is_any_port) = without_port(text);
        let url: Url = plain.parse().map_err(|_| wrong())?;
        let host = url.host_str().unwrap_or_default();
        let or_any = |part: &str| if part.is_empty() { "*" } else { part }.to_owned();
        Ok(Self::Like {
            text: text.to_owned(),
            scheme: url.scheme().to_owned(),
            host: or_any(host),
            port: if is_any_port {
                Port::Any
            } else {
                Port::Exactly(url.port())
            },
            path: or_any(url.path()),
        })
    }

    /// Reads a list of patterns.
    ///
    /// # Errors
    /// `Invalid`, when one of them is none.
    pub(crate) fn parse_all<T: AsRef<str>>(key: &str, texts: &[T]) -> Result<Vec<Self>> {
        texts
            .iter()
            .map(|text| Self::parse(key, text.as_ref()))
            .collect()
    }

    /// Whether `url` is like this.
    pub(crate) fn matches(&self, url: &Url) -> bool {
        match self {
            Self::Any => true,
            Self::Like {
                scheme,
                host,
                port,
                path,
                ..
            } => {
                url.scheme() == scheme
                    && is_like(url.host_str().unwrap_or_default(), host)
                    && match port {
                        Port::Any => true,
                        Port::Exactly(port) => url.port() == *port,
                    }
                    && is_like(url.path(), path)
            }
        }
    }

    /// The one address that this means, when it has no `*`: the operator wrote it down letter by letter.
    pub(crate) fn exact(&self) -> Option<Url> {
        match self {
            Self::Like { text, .. } if !text.contains(['*', '?']) => text.parse().ok(),
            Self::Any | Self::Like { .. } => None,
        }
    }
}

/// `http://localhost:*/*` as `http://localhost/*`, and whether the port may be any.
fn without_port(text: &str) -> (String, bool) {
    let Some((scheme, rest)) = text.split_once("://") else {
        return (text.to_owned(), false);
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.strip_suffix(":*") {
        Some(host) => (format!("{scheme}://{host}{path}"), true),
        None => (text.to_owned(), false),
    }
}

/// Whether `text` is like `pattern`, in which `*` stands for any characters.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(between) = last.replace(part) {
            match rest.find(between) {
                Some(at) => rest = &rest[at + between.len()..],
                None => return false,
            }
        }
    }
    match last {
        None => rest.is_empty(),
        Some(end) => rest.ends_with(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, url: &str) -> bool {
        let pattern = UrlPattern::parse("key", pattern).unwrap();
        pattern.matches(&url.parse().unwrap())
    }

    #[test]
    fn a_star_stays_in_its_part() {
        for (pattern, url) in [
            ("*", "https://anything.example/x"),
            ("https://claude.ai/*", "https://claude.ai/oauth/client.json"),
            ("https://*.a.org/*", "https://b.c.a.org/x"),
            (
                "https://a.org/x/*/client.json",
                "https://a.org/x/1/client.json",
            ),
            ("http://localhost:*/*", "http://localhost:8055/callback"),
            ("http://localhost:*/*", "http://localhost/callback"),
            ("http://[::1]:*/*", "http://[::1]:9/c"),
            ("http://127.0.0.1:*/callback", "http://127.0.0.1:1/callback"),
            ("cursor://*/*", "cursor://anysphere.retrieval/oauth"),
            ("https://a.org:8443/*", "https://a.org:8443/x"),
        ] {
            assert!(matches(pattern, url), "{pattern} {url}");
        }
        for (pattern, url) in [
            ("https://claude.ai/*", "http://claude.ai/x"),
            ("https://claude.ai/*", "https://claude.ai.evil.org/x"),
            ("https://claude.ai/*", "https://claude.ai:8443/x"),
            (
                "https://claude.ai/*",
                "https://evil.org/https://claude.ai/x",
            ),
            (
                "https://claude.ai/*",
                "https://evil.org/?https://claude.ai/x",
            ),
            ("https://*.a.org/*", "https://evil.org/.a.org/x"),
            ("https://*.a.org/*", "https://a.org/x"),
            (
                "https://a.org/x/*/client.json",
                "https://a.org/x/1/client.json.evil",
            ),
            ("http://localhost:*/*", "http://localhost.evil.org:1/"),
            ("http://127.0.0.1:*/callback", "http://127.0.0.1:1/other"),
            ("https://a.org/aa*aa", "https://a.org/aaa"),
        ] {
            assert!(!matches(pattern, url), "{pattern} {url}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_and_named() {
        for wrong in ["", "claude.ai/*", "https://", "//a.org/*"] {
            let error = UrlPattern::parse("auth.x", wrong).unwrap_err();
            assert!(error.message().contains("`auth.x`"), "{wrong}");
        }
    }

    #[test]
    fn an_address_without_a_star_is_exact() {
        let exact = |text| UrlPattern::parse("key", text).unwrap().exact().is_some();

        assert!(exact("https://a.org/client.json"));
        assert!(!exact("https://a.org/*") && !exact("*") && !exact("http://localhost:*/x"));
    }
}
