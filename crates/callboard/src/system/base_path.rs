//! A portal below a path of somebody's site.

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

/// Serves `inner` at the root and, when there is a `base_path`, below that too: reverse proxies pass
/// the path on or take it off, and both work.
pub(crate) fn mount(inner: Router, base_path: &str) -> Router {
    if base_path.is_empty() {
        return inner;
    }
    let with_slash = format!("{base_path}/");
    Router::new()
        .route(
            base_path,
            get(move || async move { Redirect::permanent(&with_slash) }),
        )
        .nest_service(&format!("{base_path}/"), inner.clone())
        .fallback_service(inner)
}
