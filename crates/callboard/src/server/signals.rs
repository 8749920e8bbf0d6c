//! The signals by which a process is told to stop.

use std::time::{Duration, Instant};

use callboard_model::{Error, Result};
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// The exit code of a process that was interrupted.
const INTERRUPTED: i32 = 130;

/// One request to stop may arrive twice: `timeout` and some supervisors send it to the process and
/// then to its whole group. What follows so soon is no second request.
const ECHO: Duration = Duration::from_millis(250);

/// Cancels `stop` at the first signal; at the second the process ends at once.
pub(crate) fn cancel_at_signal(stop: CancellationToken) -> Result<AbortOnDropHandle<()>> {
    let mut signals = Signals::new()?;
    let task = TaskTracker::new().spawn(async move {
        signals.next().await;
        stop.cancel();
        let first = Instant::now();
        while first.elapsed() < ECHO {
            signals.next().await;
        }
        tracing::warn!("told to stop a second time: ending at once");
        std::process::exit(INTERRUPTED);
    });
    Ok(AbortOnDropHandle::new(task))
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let refused = |error| {
            Error::unavailable("signals", "the system refuses signal handlers").source(error)
        };
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(refused)?,
            terminate: signal(SignalKind::terminate()).map_err(refused)?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
