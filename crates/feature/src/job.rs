//! Work that goes on beside the requests.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use callboard_model::Result;
use tokio_util::sync::CancellationToken;

/// One run of a job.
pub type JobFuture = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// A task that runs as long as the server does.
///
/// It ends when its token is cancelled, or earlier when it has nothing left to do. After an error or
/// a panic, which is logged, it starts again after a pause that grows.
#[derive(Clone)]
pub struct Job {
    name: &'static str,
    run: Arc<dyn Fn(CancellationToken) -> JobFuture + Send + Sync>,
}

impl Job {
    /// A job that `run` does, from its start until the token is cancelled.
    pub fn new<F, Fut>(name: &'static str, run: F) -> Self
    where
        F: Fn(CancellationToken) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        Self {
            name,
            run: Arc::new(move |stop| Box::pin(run(stop))),
        }
    }

    /// What logs and metrics call it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Starts it.
    pub fn run(&self, stop: CancellationToken) -> JobFuture {
        (self.run)(stop)
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Job({})", self.name)
    }
}
