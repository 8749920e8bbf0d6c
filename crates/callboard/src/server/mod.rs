//! Listens, serves, and ends when it is told to.

mod accept;
mod bind;
mod signals;

use std::time::Duration;

use callboard_model::Result;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::Portal;
use crate::jobs::Jobs;

pub(crate) use bind::{Access, address_of, bind, url_of};

/// How long requests in flight, and then jobs, may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves `portal` until the process is told to stop: first the requests end, then the jobs.
pub(crate) async fn run(listener: TcpListener, portal: Portal) -> Result<()> {
    let stop = CancellationToken::new();
    let signals = signals::listen(stop.clone())?;
    let jobs = Jobs::start(portal.jobs());
    portal.started();
    let connections = accept::until(&stop, &listener, portal.router()).await;
    drop(listener);
    tracing::info!("stopping: no new requests are taken");
    portal.stopping();
    connections.end(PATIENCE).await;
    jobs.stop(PATIENCE).await;
    drop(signals);
    tracing::info!("stopped");
    Ok(())
}
