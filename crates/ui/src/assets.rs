//! The embedded files.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;

/// A file of the built UI.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) path: &'static str,
    pub(crate) hash: &'static str,
    pub(crate) identity: &'static [u8],
    pub(crate) brotli: Option<&'static [u8]>,
    pub(crate) gzip: Option<&'static [u8]>,
}

/// How the bytes of an answer are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    pub(crate) fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

impl Asset {
    /// The smallest form that the client reads.
    pub(crate) fn best_for(&self, headers: &HeaderMap) -> (Encoding, &'static [u8]) {
        let accepted = headers
            .get(ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok());
        let accepted = accepted.unwrap_or_default();
        match (self.brotli, self.gzip) {
            (Some(bytes), _) if accepts(accepted, "br") => (Encoding::Brotli, bytes),
            (_, Some(bytes)) if accepts(accepted, "gzip") => (Encoding::Gzip, bytes),
            _ => (Encoding::Identity, self.identity),
        }
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self
            .path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
        {
            "html" => "text/html; charset=utf-8",
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "json" | "map" => "application/json",
            "webmanifest" => "application/manifest+json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "wasm" => "application/wasm",
            "txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// Files under `assets/` carry a hash of their content in their name.
    pub(crate) fn cache_control(&self) -> &'static str {
        if self.path.starts_with("assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        }
    }
}

/// Whether `header` names `coding` without refusing it by `q=0`.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding))
            && parts
                .find_map(|part| part.strip_prefix("q="))
                .is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
    })
}

/// The embedded file at `path`, which has no slash at its start.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    table().iter().find(|asset| asset.path == path)
}

/// Why no UI is embedded; empty when one is.
pub(crate) fn missing() -> &'static str {
    embedded::MISSING
}

fn table() -> &'static [Asset] {
    embedded::ASSETS
}

mod embedded {
    use super::Asset;

    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: Asset = Asset {
        path: "assets/index-abc.js",
        hash: "00",
        identity: b"plain",
        brotli: Some(b"br"),
        gzip: Some(b"gz"),
    };

    fn encoding(accepted: &str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, accepted.parse().unwrap());
        SCRIPT.best_for(&headers).0
    }

    #[test]
    fn the_smallest_accepted_form_is_served() {
        assert_eq!(encoding("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(encoding("gzip;q=0.5"), Encoding::Gzip);
        assert_eq!(encoding("br;q=0, gzip"), Encoding::Gzip);
        assert_eq!(encoding("identity"), Encoding::Identity);
        assert_eq!(SCRIPT.best_for(&HeaderMap::new()).0, Encoding::Identity);
    }
}
