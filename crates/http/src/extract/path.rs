//! The parts of a path that a route names.

use axum::extract::FromRequestParts;
use axum::extract::rejection::PathRejection;
use axum::http::request::Parts;
use callboard_model::Error;
use serde::de::DeserializeOwned;

use crate::ApiError;

/// The parts of the path that the route names in braces, decoded.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(rejection)) => {
                let message = format!("the path is wrong: {}", rejection.body_text());
                Err(Error::invalid("invalid-path", message).into())
            }
            Err(rejection) => Err(Error::internal(
                "path-without-parts",
                "a handler takes path parts that its route does not name",
            )
            .source(rejection)
            .into()),
        }
    }
}
