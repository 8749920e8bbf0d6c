//! Answers made of entities that are JSON already.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use callboard_model::{Error, Result};
use futures::{StreamExt, stream};

use super::conditional::Fleeting;
use crate::query::{Entities, Fields};

/// The content type of every answer here.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// Items that are put together in no time.
const QUICK: usize = 500;
/// Entities that are written at once, as many as a page has unless told.
const PIECE: usize = 200;
/// No further entity is written at once behind so many bytes.
const PIECE_BYTES: usize = 256 * 1024;

/// An answer with this JSON as its body.
pub(super) fn json(body: impl Into<Bytes>) -> Response {
    ([(CONTENT_TYPE, JSON)], body.into()).into_response()
}

/// Answers with what `build` gives; from many items on it is built beside the requests of others, which
/// would have to wait otherwise.
pub(super) async fn built(
    items: usize,
    build: impl FnOnce() -> Result<Vec<u8>> + Send + 'static,
) -> Result<Response> {
    if items <= QUICK {
        return build().map(json);
    }
    let built = tokio::task::spawn_blocking(build).await;
    built
        .map_err(|error| Error::internal("answer", "building a large answer").source(error))?
        .map(json)
}

/// `before`, a JSON list of `items`, and `after`; an item that is not there is null. A long list is written piece by
/// piece as it is sent, so that it is never in memory as a whole, and others get their turn.
pub(super) fn entities(
    before: &str,
    items: Entities,
    fields: Option<Fields>,
    after: &str,
) -> Result<Response> {
    let is_fleeting = items.is_fleeting();
    let mut list = List {
        items,
        fields,
        before: format!("{before}["),
        after: Some(format!("]{after}")),
    };
    let first = list.piece()?;
    if list.after.is_none() {
        return Ok(json(first));
    }
    let rest = stream::unfold(list, |mut list| async move {
        list.after.as_ref()?;
        tokio::task::yield_now().await;
        Some((list.piece(), list))
    });
    let pieces = stream::once(async { Ok(first) }).chain(rest);
    // The compression layer asks again behind the end, which an unfolding stream does not bear.
    let body = Body::from_stream(pieces.fuse());
    let mut response = ([(CONTENT_TYPE, JSON)], body).into_response();
    if is_fleeting {
        response.extensions_mut().insert(Fleeting);
    }
    Ok(response)
}

/// What is still to be written of a list.
struct List {
    items: Entities,
    fields: Option<Fields>,
    /// Stands before the next item.
    before: String,
    /// Stands behind the last item; gone once it is written.
    after: Option<String>,
}

impl List {
    fn piece(&mut self) -> Result<Vec<u8>> {
        let mut piece = Vec::new();
        for _ in 0..PIECE {
            let Some(item) = self.items.next() else { break };
            piece.extend_from_slice(self.before.as_bytes());
            ",".clone_into(&mut self.before);
            match (item, &self.fields) {
                (None, _) => piece.extend_from_slice(b"null"),
                (Some(json), None) => piece.extend_from_slice(&json),
                (Some(json), Some(fields)) => fields.append(&json, &mut piece)?,
            }
            if piece.len() > PIECE_BYTES {
                break;
            }
        }
        if self.items.len() == 0 {
            // A list without items has not begun.
            let start = self.before.trim_end_matches(',');
            piece.extend_from_slice(start.as_bytes());
            piece.extend_from_slice(self.after.take().unwrap_or_default().as_bytes());
        }
        Ok(piece)
    }
}

/// A JSON list of entities.
pub(super) fn list<'a>(
    items: impl ExactSizeIterator<Item = &'a Bytes>,
    fields: Option<&Fields>,
) -> Result<Vec<u8>> {
    let mut body = vec![b'['];
    for (place, item) in items.enumerate() {
        if place > 0 {
            body.push(b',');
        }
        match fields {
            None => body.extend_from_slice(item),
            Some(fields) => fields.append(item, &mut body)?,
        }
    }
    body.push(b']');
    Ok(body)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::index::Json;

    /// The pieces of an answer.
    async fn pieces(items: Vec<Option<Json>>, fields: Option<Fields>) -> Vec<Bytes> {
        let items = Entities::clear(items);
        let answer = entities("{\"items\":", items, fields, ",\"end\":1}").unwrap();
        let pieces = answer.into_body().into_data_stream();
        pieces.map(|piece| piece.unwrap()).collect().await
    }

    fn items(count: usize, text: &str) -> Vec<Option<Json>> {
        let item = |number: usize| {
            let json = json!({ "number": number, "text": text }).to_string();
            (!number.is_multiple_of(3)).then(|| Json::Plain(Bytes::from(json)))
        };
        (0..count).map(item).collect()
    }

    #[tokio::test]
    async fn a_list_of_any_length_is_written_whole() {
        for count in [0, 1, 199, 200, 201, 400, 401, 1_000] {
            let fields = Fields::parse(["number"]).unwrap();
            let pieces = pieces(items(count, "x"), fields).await;

            let number = |number: usize| match number % 3 {
                0 => Value::Null,
                _ => json!({ "number": number }),
            };
            let expected: Vec<Value> = (0..count).map(number).collect();
            let expected = json!({ "items": expected, "end": 1 });
            assert_eq!(pieces.len(), count.div_ceil(PIECE).max(1), "{count}");
            let answer: Value = serde_json::from_slice(&pieces.concat()).unwrap();
            assert_eq!(answer, expected);
        }
    }

    #[tokio::test]
    async fn a_piece_has_few_large_entities() {
        let large = "x".repeat(PIECE_BYTES / 2);
        let pieces = pieces(items(9, &large), None).await;

        assert!(pieces.len() > 2);
        assert!(pieces.iter().all(|piece| piece.len() < 2 * PIECE_BYTES));
        let answer: Value = serde_json::from_slice(&pieces.concat()).unwrap();
        assert_eq!(answer["items"].as_array().unwrap().len(), 9);
    }
}
