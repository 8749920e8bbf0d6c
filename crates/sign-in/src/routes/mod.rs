//! Operations around signing in.
//!
//! `/api/auth/{provider}` is Backstage's; what failed is ours.

mod asking;
mod authorized;
mod environment;
mod frame;
mod get_failures;
mod get_frame;
mod get_refresh;
mod limit;
mod log_out;
mod origins;
mod post_frame;
mod post_refresh;
mod refresh;
mod start;

use axum::middleware::from_fn_with_state;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Entrance;

/// The operations for those who are known.
pub(crate) fn closed(entrance: &Entrance) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_failures::get_sign_in_failures))
        .with_state(entrance.clone())
}

/// The operations for everybody: somebody who signs in is not known yet.
pub(crate) fn open(entrance: &Entrance) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(start::start_sign_in))
        .routes(routes!(
            get_frame::finish_sign_in,
            post_frame::finish_sign_in_by_form
        ))
        .routes(routes!(
            get_refresh::refresh_sign_in,
            post_refresh::refresh_sign_in_by_post
        ))
        .routes(routes!(log_out::log_out))
        .layer(from_fn_with_state(entrance.clone(), limit::enforce))
        .with_state(entrance.clone())
}
