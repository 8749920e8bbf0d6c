//! What a client is told when it does not get what it asked for: OAuth's errors, not those of the rest of the API.

use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use callboard_http::Json;
use callboard_model::{Error, ErrorKind};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) description: String,
}

/// What went wrong, as OAuth has it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusalBody {
    /// A code that OAuth defines, such as `invalid_grant`.
    #[schema(value_type = String)]
    error: &'static str,
    /// A sentence for people.
    error_description: String,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, description: impl Into<String>) -> Self {
        Self {
            status,
            code,
            description: description.into(),
        }
    }

    /// The request is wrong by itself.
    pub(crate) fn request(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    /// The request is wrong in a way that has a code of its own.
    pub(crate) fn of(code: &'static str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, description)
    }

    /// The code or the refresh token is not good.
    pub(crate) fn grant(description: impl Into<String>) -> Self {
        Self::of("invalid_grant", description)
    }

    /// The client is not who it says.
    pub(crate) fn client(description: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", description)
    }

    /// The person may not, or does not want to.
    pub(crate) fn denied(description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "access_denied", description)
    }

    /// Later it may work.
    pub(crate) fn unavailable(description: impl Into<String>) -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::new(status, "temporarily_unavailable", description)
    }

    /// There is no such thing here.
    pub(crate) fn not_found(description: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", description)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let message = error.message().to_owned();
        match error.kind() {
            ErrorKind::Invalid | ErrorKind::NotFound | ErrorKind::Conflict => {
                Self::request(message)
            }
            ErrorKind::TooLarge => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", message)
            }
            ErrorKind::Unauthenticated => Self::client(message),
            ErrorKind::Forbidden => Self::denied(message),
            ErrorKind::TooMany => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                Self::new(status, "temporarily_unavailable", message)
            }
            ErrorKind::Unavailable => {
                tracing::warn!(code = error.code(), "{message}");
                Self::unavailable("The server cannot answer now")
            }
            ErrorKind::Internal => {
                tracing::error!(code = error.code(), cause = ?std::error::Error::source(&error), "{message}");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Self::new(status, "server_error", "The server failed to answer")
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = RefusalBody {
            error: self.code,
            error_description: self.description,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            let basic = HeaderValue::from_static("Basic realm=\"auth\"");
            headers.insert(WWW_AUTHENTICATE, basic);
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}
