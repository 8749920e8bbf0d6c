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

/// Serves `portal` until `stop`: then no request is taken any more, and those in flight and the jobs end.
pub(crate) async fn run(listener: TcpListener, portal: Portal, stop: &CancellationToken) {
    let jobs = Jobs::start(portal.jobs());
    portal.started();
    let connections = accept::until(stop, &listener, portal.router()).await;
    drop(listener);
    tracing::info!("stopping: no new requests are taken");
    portal.stopping();
    // Together: a stream of changes ends when the job that feeds it does.
    tokio::join!(connections.end(PATIENCE), jobs.stop(PATIENCE));
    tracing::info!("stopped");
}
