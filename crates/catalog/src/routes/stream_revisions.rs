//! Tells when there is something new.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use callboard_auth::Caller;
use callboard_http::Result;
use futures::{Stream, StreamExt, stream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

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
    caller.may_some::<ReadEntity>()?;
    let keep_alive = KeepAlive::new().interval(HEARTBEAT);
    let revisions = revisions(catalog.revisions(), catalog.stopped());
    Ok(Sse::new(revisions.map(|revision| Ok(event(revision)))).keep_alive(keep_alive))
}

fn event(revision: i64) -> Event {
    Event::default()
        .event("revision")
        .data(format!(r#"{{"revision":{revision}}}"#))
}

/// The revision now, and each newer one. Ends at `stopped`, or shutting down would wait for it for ever.
fn revisions(
    mut moves: watch::Receiver<i64>,
    stopped: CancellationToken,
) -> impl Stream<Item = i64> {
    moves.mark_changed();
    let next = move |mut moves: watch::Receiver<i64>| async move {
        moves.changed().await.ok()?;
        let revision = *moves.borrow_and_update();
        Some((revision, moves))
    };
    stream::unfold(moves, next).take_until(stopped.cancelled_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_move_is_told_until_the_server_stops() {
        let (sender, receiver) = watch::channel(3);
        let stop = CancellationToken::new();
        let mut events = Box::pin(revisions(receiver, stop.clone()));

        assert_eq!(events.next().await, Some(3));
        sender.send_replace(4);
        sender.send_replace(5);
        assert_eq!(events.next().await, Some(5));
        stop.cancel();
        assert_eq!(events.next().await, None);
    }
}
