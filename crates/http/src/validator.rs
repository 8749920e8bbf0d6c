//! Whether the client has an answer already.

use std::hash::{BuildHasher, Hash};

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, ETAG, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use foldhash::quality::FixedState;

/// What browsers may do with an answer: keep it for their own user, and ask each time whether it still holds.
pub(crate) const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// The `ETag` of an answer: another one when the answer is another one.
///
/// It is weak, because one answer has several forms: plain, gzip, Brotli.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator(HeaderValue);

impl Validator {
    /// The validator of everything that is made of `content` alone; the same in every process of one version.
    pub fn of(content: impl Hash) -> Self {
        let half = |seed| FixedState::with_seed(seed).hash_one(&content);
        let etag = format!("W/\"{:016x}{:016x}\"", half(1), half(2));
        // Hexadecimal digits are fine in a header.
        Self(HeaderValue::try_from(etag).unwrap_or_else(|_| HeaderValue::from_static("\"\"")))
    }

    /// Whether a request with these `If-None-Match` headers comes from a client that has the answer. A `*` names no
    /// answer: whoever sends it gets one.
    pub fn is_known_to<'a>(&self, asked: impl IntoIterator<Item = &'a HeaderValue>) -> bool {
        let ours = opaque(self.0.as_bytes());
        asked.into_iter().any(|header| {
            header
                .as_bytes()
                .split(|byte| *byte == b',')
                .map(<[u8]>::trim_ascii)
                .any(|theirs| opaque(theirs) == ours)
        })
    }

    /// Says that this is the validator of an answer.
    pub fn put_on(&self, response: &mut Response) {
        response.headers_mut().insert(ETAG, self.0.clone());
    }

    /// The answer to a client that has the answer.
    pub fn not_modified(&self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, REVALIDATE);
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        self.put_on(&mut response);
        response
    }
}

/// The part of an entity tag that is compared: weak and strong ones are alike to a reader.
fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_known(tags: &[&'static str]) -> bool {
        let asked: Vec<HeaderValue> = tags
            .iter()
            .map(|tag| HeaderValue::from_static(tag))
            .collect();
        Validator(HeaderValue::from_static("W/\"b\"")).is_known_to(&asked)
    }

    #[test]
    fn a_client_knows_an_answer_by_any_of_its_tags_weak_or_strong() {
        for known in [
            &["W/\"b\""][..],
            &["\"b\""],
            &["\"a\" , W/\"b\""],
            &["\"a\"", "\"b\""],
        ] {
            assert!(is_known(known), "{known:?}");
        }
        for unknown in [&[][..], &["W/\"a\""], &["b"], &["\"b"], &[",,"], &["*"]] {
            assert!(!is_known(unknown), "{unknown:?}");
        }
    }

    #[test]
    fn one_content_has_one_validator() {
        assert_eq!(Validator::of(("a", 1)), Validator::of(("a", 1)));
        assert_ne!(Validator::of(("a", 1)), Validator::of(("a", 2)));
    }
}
