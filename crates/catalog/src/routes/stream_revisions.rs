//! Tells when there is something new.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use callboard_auth::Caller;
use callboard_http::Result;
use futures::{Stream, stream};
use tokio::sync::watch;

use crate::Catalog;
use crate::permissions::ReadEntity;

/// Proxies close connections on which nothing moves.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Follow the revision
///
/// Server-sent events named `revision`, each with the newest revision as `{"revision":N}`: one at once,
/// and one whenever it moves. Revisions that follow each other faster than they can be sent are left
/// out. The stream ends when the server stops; ask again then.
#[utoipa::path(
    get,
    path = "/api/catalog/revision/stream",
    tag = "catalog",
    responses(
        (status = 200, description = "Server-sent events named `revision`.", content_type = "text/event-stream", body = String)
    )
)]
pub(super) async fn stream_revisions(
    State(catalog): State<Catalog>,
    caller: Caller,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    caller.may_any::<ReadEntity>()?;
    let keep_alive = KeepAlive::new().interval(HEARTBEAT);
    Ok(Sse::new(events(catalog.revisions())).keep_alive(keep_alive))
}

/// Ends when nobody can send revisions any more.
fn events(mut revisions: watch::Receiver<i64>) -> impl Stream<Item = Result<Event, Infallible>> {
    revisions.mark_changed();
    stream::unfold(revisions, |mut revisions| async move {
        revisions.changed().await.ok()?;
        let revision = *revisions.borrow_and_update();
        let event = Event::default()
            .event("revision")
            .data(format!(r#"{{"revision":{revision}}}"#));
        Some((Ok(event), revisions))
    })
}
