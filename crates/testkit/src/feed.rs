//! The change feed, as a client follows it.

use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use futures::StreamExt;
use tower::ServiceExt;

const PATH: &str = "/api/catalog/revision/stream";

pub(crate) struct Feed(BodyDataStream);

impl Feed {
    pub(crate) async fn follow(router: Router) -> Self {
        let request = Request::get(PATH)
            .body(Body::empty())
            .expect("the request is right");
        let Ok(response) = router.oneshot(request).await;
        assert_eq!(response.status(), 200, "the change feed answers");
        Self(response.into_body().into_data_stream())
    }

    /// Waits until the catalog has changed.
    pub(crate) async fn moved(&mut self) {
        let event = self.0.next().await.expect("the change feed goes on");
        event.expect("the change feed does not break");
    }
}
