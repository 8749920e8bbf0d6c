//! Holds up those who try too often.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use callboard_http::ApiError;
use callboard_model::{Error, ErrorKind};

use crate::Entrance;

/// The step before operations by which people sign in. An address counts when the server tells it.
pub(super) async fn enforce(
    State(entrance): State<Entrance>,
    request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let taken = peer.map_or(Ok(()), |ConnectInfo(peer)| {
        entrance.rate_limit().take(peer.ip())
    });
    match taken {
        Ok(()) => next.run(request).await,
        Err(seconds) => {
            let message = format!("your address tries to sign in too often; wait {seconds} s");
            let error = Error::new(ErrorKind::TooMany, "too-many-attempts", message)
                .hint("wait, then try again");
            let mut response = ApiError::from(error).into_response();
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
            response
        }
    }
}
