//! Listens, serves, and ends when it is told to.

mod accept;
mod bind;
mod signals;

use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::Portal;
use crate::jobs::Jobs;

pub(crate) use bind::{address_of, bind, url_of};
pub(crate) use signals::cancel_at_signal;

/// How long requests in flight, and then jobs, may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves `portal` until `stop`: then the requests end first, and the jobs after them.
pub(crate) async fn run(listener: TcpListener, portal: Portal, stop: &CancellationToken) {
    let jobs = Jobs::start(portal.jobs());
    portal.started();
    let connections = accept::until(stop, &listener, portal.router()).await;
    drop(listener);
    tracing::info!("stopping: no new requests are taken");
    portal.stopping();
    connections.end(PATIENCE).await;
    jobs.stop(PATIENCE).await;
    tracing::info!("stopped");
}
