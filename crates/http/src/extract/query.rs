//! The query string: typed, or as the pairs that were sent.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use callboard_model::Error;
use serde::de::DeserializeOwned;

use crate::ApiError;

/// The query string as a struct; a repeated parameter fills a `Vec` in the order it was sent.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(parse(parts.uri.query().unwrap_or_default())?))
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let form = serde_html_form::Deserializer::new(pairs);
    serde_path_to_error::deserialize(form).map_err(|error| {
        let path = error.path().to_string();
        let message = if path == "." {
            format!("the query string is wrong: {}", error.inner())
        } else {
            format!("the query parameter `{path}` is wrong: {}", error.inner())
        };
        Error::invalid("invalid-query", message)
    })
}

/// The query string as the pairs that were sent, decoded, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryPairs(pub Vec<(String, String)>);

impl QueryPairs {
    /// Every value of `name`, in the order they were sent.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of `name`.
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }
}

impl<S: Sync> FromRequestParts<S> for QueryPairs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(
            url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Page {
        #[serde(default)]
        filter: Vec<String>,
        limit: Option<u32>,
    }

    #[test]
    fn a_repeated_parameter_keeps_its_order() {
        let page: Page = parse("filter=kind%3Dapi&limit=5&filter=kind=user").unwrap();

        assert_eq!(page.filter, ["kind=api", "kind=user"]);
        assert_eq!(page.limit, Some(5));
    }

    #[test]
    fn a_wrong_value_is_named() {
        let error = parse::<Page>("limit=many").unwrap_err();

        assert_eq!(
            error.message(),
            "the query parameter `limit` is wrong: invalid digit found in string"
        );
    }

    #[tokio::test]
    async fn pairs_are_decoded_and_in_order() {
        let (mut parts, ()) = axum::http::Request::get("/?b=1&a=x+y&b=%C3%BC")
            .body(())
            .unwrap()
            .into_parts();

        let pairs = QueryPairs::from_request_parts(&mut parts, &())
            .await
            .unwrap();

        assert_eq!(pairs.all("b").collect::<Vec<_>>(), ["1", "ü"]);
        assert_eq!(pairs.first("a"), Some("x y"));
    }
}
