//! Answers that were made already, for as long as nothing changes.
//!
//! Everybody who opens the portal asks for the same lists.

use axum::body::{Body, HttpBody, to_bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::query::Question;

/// Bytes of all answers that are kept.
const MOST: u64 = 8 << 20;
/// Bytes of the longest answer that is kept.
const LONGEST: u64 = 256 << 10;
/// Bytes of a usual one.
const USUAL: u64 = 32 << 10;

/// The answers of late.
pub(super) struct Answers(Cache<Question, Answer, Size>);

#[derive(Clone)]
struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

/// An answer counts as much as it and its question are long.
#[derive(Clone)]
struct Size;

impl Weighter<Question, Answer> for Size {
    fn weight(&self, question: &Question, answer: &Answer) -> u64 {
        (question.size() + answer.body.len()) as u64
    }
}

impl Default for Answers {
    fn default() -> Self {
        Self(Cache::with_weighter((MOST / USUAL) as usize, MOST, Size))
    }
}

impl Answers {
    /// The answer, if it was given before and is still the same.
    pub(super) fn get(&self, question: &Question) -> Option<Response> {
        let Answer { headers, body } = self.0.get(question)?;
        let mut response = Response::new(Body::from(body));
        *response.headers_mut() = headers;
        Some(response)
    }

    /// Gives an answer on, and keeps it unless it is long, no answer, or made piece by piece.
    pub(super) async fn keep(&self, question: Question, response: Response) -> Response {
        let size = response.body().size_hint().exact();
        if response.status() != StatusCode::OK || size.is_none_or(|size| size > LONGEST) {
            return response;
        }
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, LONGEST as usize).await else {
            // It is in memory already, and as long as it says.
            return Response::from_parts(parts, Body::empty());
        };
        let headers = parts.headers.clone();
        self.0.insert(
            question,
            Answer {
                headers,
                body: body.clone(),
            },
        );
        Response::from_parts(parts, Body::from(body))
    }
}
