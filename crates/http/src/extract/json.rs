//! JSON in and out.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use callboard_model::{Error, ErrorKind};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ApiError;

/// A JSON body: of a request as an extractor, where it has to be an object, and of an answer as a response.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// A JSON body of a request that has to be a list.
#[derive(Clone, Debug)]
pub struct JsonList<T>(pub Vec<T>);

/// The most bytes that a request's body may have; set it on a route with `Extension(BodyLimit(n))`.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit(pub usize);

impl Default for BodyLimit {
    fn default() -> Self {
        Self(5 * 1024 * 1024)
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = received(request).await?;
        // A struct can be read from a list as well, which nobody means.
        begins(&bytes, b'{', "object")?;
        Ok(Self(parse(&bytes)?))
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for JsonList<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = received(request).await?;
        begins(&bytes, b'[', "list")?;
        Ok(Self(parse(&bytes)?))
    }
}

/// The body of a request that says that it is JSON.
async fn received(request: Request) -> Result<Bytes, Error> {
    require_json(request.headers())?;
    let limit = request
        .extensions()
        .get::<BodyLimit>()
        .copied()
        .unwrap_or_default();
    read(request.into_body(), limit).await
}

fn require_json(headers: &HeaderMap) -> Result<(), Error> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type
        .unwrap_or("")
        .split(';')
        .next()
        .unwrap_or("")
        .trim();
    let essence = essence.to_ascii_lowercase();
    if essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
    {
        return Ok(());
    }
    let message = match content_type {
        Some(given) => format!("the body is `{given}`, and this operation reads JSON"),
        None => "the body has no `content-type`, and this operation reads JSON".to_owned(),
    };
    Err(Error::invalid("content-type", message).hint("send `content-type: application/json`"))
}

async fn read(body: Body, BodyLimit(limit): BodyLimit) -> Result<Bytes, Error> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::new(
            ErrorKind::TooLarge,
            "body-too-large",
            format!("the body is larger than {limit} bytes"),
        )
        .hint("send it in smaller parts")),
        Err(error) => Err(
            Error::invalid("body-cut-off", "the body ended before it was complete").source(error),
        ),
    }
}

/// Refuses JSON of another shape, and leaves what is no JSON at all to the parser, which knows the place.
fn begins(bytes: &[u8], first: u8, shape: &str) -> Result<(), Error> {
    let message = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => format!("the body is empty, and this operation reads a JSON {shape}"),
        Some(b'{' | b'[' | b'"' | b'0'..=b'9' | b'-' | b't' | b'f' | b'n')
            if !bytes.trim_ascii_start().starts_with(&[first]) =>
        {
            let first = char::from(first);
            format!("the body is no JSON {shape}, which begins with `{first}`")
        }
        Some(_) => return Ok(()),
    };
    Err(Error::invalid("invalid-json", message))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let at = if path == "." {
            String::new()
        } else {
            format!(" at `{path}`")
        };
        Error::invalid(
            "invalid-json",
            format!("the body{at} is wrong: {}", error.inner()),
        )
    })?;
    json.end().map_err(|error| {
        Error::invalid(
            "invalid-json",
            format!("the body goes on after its JSON value: {error}"),
        )
    })?;
    Ok(value)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(json) => (
                [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
                json,
            )
                .into_response(),
            Err(error) => ApiError::from(
                Error::internal("unprintable-answer", "printing an answer as JSON").source(error),
            )
            .into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Refs {
        #[expect(dead_code, reason = "read by its Debug form in failures only")]
        refs: Vec<String>,
    }

    async fn refused(content_type: &str, body: &'static str, limit: usize) -> ApiError {
        let mut request = Request::new(Body::from(body));
        if !content_type.is_empty() {
            request
                .headers_mut()
                .insert("content-type", content_type.parse().unwrap());
        }
        request.extensions_mut().insert(BodyLimit(limit));
        Json::<Refs>::from_request(request, &()).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_wrong_value_is_named_by_its_path() {
        let error = refused("application/json", r#"{"refs":["a",2]}"#, 100).await;

        assert_eq!(
            error.error().message(),
            "the body at `refs[1]` is wrong: invalid type: integer `2`, expected a string at line 1 column 14"
        );
    }

    #[tokio::test]
    async fn text_after_the_json_is_refused() {
        let error = refused("application/json", r#"{"refs":[]} x"#, 100).await;

        assert_eq!(error.error().code(), "invalid-json");
    }

    #[tokio::test]
    async fn a_body_is_an_object() {
        for body in ["", " ", "[[\"a\"]]", "null", "\"a\"", "-1", "true"] {
            let error = refused("application/json", body, 100).await;
            assert!(error.error().message().contains("JSON object"), "{body}");
        }
    }

    #[tokio::test]
    async fn a_body_that_is_a_list_is_no_object() {
        for (body, refused) in [("[1, 2]", false), ("{}", true), ("", true), ("7", true)] {
            let mut request = Request::new(Body::from(body));
            let headers = request.headers_mut();
            headers.insert("content-type", "application/json".parse().unwrap());
            let read = JsonList::<u8>::from_request(request, &()).await;
            assert_eq!(read.is_err(), refused, "{body}");
        }
    }

    #[test]
    fn no_key_makes_a_text_into_json() {
        // As serde_json reads it with its feature `raw_value`, which some dependency might turn on.
        let text = r#"{"$serde_json::private::RawValue":"[1]"}"#;
        let value: serde_json::Value = parse(text.as_bytes()).unwrap();

        assert!(value.is_object(), "{value}");
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_413() {
        let error = refused("application/json", r#"{"refs":["aaaaaaaaaa"]}"#, 10).await;

        assert_eq!(error.status(), 413);
    }

    #[tokio::test]
    async fn a_body_must_say_that_it_is_json() {
        for content_type in ["", "text/plain", "application/x-www-form-urlencoded"] {
            let error = refused(content_type, r#"{"refs":[]}"#, 100).await;
            assert_eq!(error.error().code(), "content-type", "{content_type}");
        }
    }
}
