//! No request waits for ever.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use callboard_model::Error;

use crate::ApiError;

pub(super) async fn enforce(
    State(deadline): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    tokio::time::timeout(deadline, next.run(request))
        .await
        .unwrap_or_else(|_| {
            let message = format!("no answer was ready within {} seconds", deadline.as_secs());
            let error =
                Error::unavailable("deadline", message).hint("ask for less, or try again later");
            ApiError::from(error).into_response()
        })
}
