//! The one place where an [`Error`] becomes HTTP.

use std::sync::Arc;

use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use callboard_model::{Error, ErrorKind, shortened};
use serde::Serialize;
use utoipa::ToSchema;

/// The characters of a message or hint that a client gets: what was sent may be quoted in it.
const LONGEST: usize = 1_500;

/// What a handler returns.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

/// An error on its way to the client.
///
/// It knows its status and name; the [`crate::Edge`] adds the request it answers.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    name: &'static str,
    error: Arc<Error>,
}

impl ApiError {
    /// The path exists, the method does not.
    pub fn method_not_allowed(method: &Method, path: &str) -> Self {
        let message = format!("`{method}` is not a method of `{path}`");
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            name: "MethodNotAllowedError",
            error: Arc::new(Error::invalid("method-not-allowed", message)),
        }
    }

    /// The status that the client gets.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What went wrong, with its causes: for the log.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The body that the client gets; of an internal error it tells the request id and nothing else.
    pub(crate) fn body(&self, method: &Method, uri: &Uri, request_id: Option<&str>) -> ErrorBody {
        let error = if self.error.kind() == ErrorKind::Internal {
            self.hidden(request_id)
        } else {
            ErrorDetail {
                name: self.name,
                message: shortened(self.error.message(), LONGEST).into_owned(),
                code: self.error.code().to_owned(),
                hint: self
                    .error
                    .hint_text()
                    .map(|hint| shortened(hint, LONGEST).into_owned()),
            }
        };
        ErrorBody {
            error,
            request: ErrorRequest {
                method: method.to_string(),
                url: path_and_query(uri),
            },
            response: ErrorResponse {
                status_code: self.status.as_u16(),
            },
        }
    }

    fn hidden(&self, request_id: Option<&str>) -> ErrorDetail {
        ErrorDetail {
            name: self.name,
            message: "the server failed to answer this request".to_owned(),
            code: "internal".to_owned(),
            hint: request_id
                .map(|id| format!("the cause is in the server's log under request id `{id}`")),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let (status, name) = match error.kind() {
            ErrorKind::Invalid => (StatusCode::BAD_REQUEST, "InputError"),
            ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, "AuthenticationError"),
            ErrorKind::Forbidden => (StatusCode::FORBIDDEN, "NotAllowedError"),
            ErrorKind::NotFound => (StatusCode::NOT_FOUND, "NotFoundError"),
            ErrorKind::Conflict => (StatusCode::CONFLICT, "ConflictError"),
            ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLargeError"),
            ErrorKind::TooMany => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsError"),
            ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailableError"),
            ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError"),
        };
        Self {
            status,
            name,
            error: Arc::new(error),
        }
    }
}

impl IntoResponse for ApiError {
    /// A status and an empty body: the error rides along and the edge writes it out.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The body of every error answer, as Backstage's clients read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
    /// The request it answers.
    pub request: ErrorRequest,
    /// The answer's status.
    pub response: ErrorResponse,
}

impl ErrorBody {
    pub(crate) fn into_response(self, status: StatusCode) -> Response {
        let json = serde_json::to_vec(&self).unwrap_or_default();
        (
            status,
            [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
            json,
        )
            .into_response()
    }
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// The class of error, such as `NotFoundError`.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// A sentence for people.
    pub message: String,
    /// A stable code for programs, such as `invalid-entity-ref`.
    pub code: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// The request that an error answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorRequest {
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub url: String,
}

/// The status of an error answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorResponse {
    /// The status as a number.
    pub status_code: u16,
}

fn path_and_query(uri: &Uri) -> String {
    uri.path_and_query()
        .map_or_else(|| uri.path().to_owned(), ToString::to_string)
}
