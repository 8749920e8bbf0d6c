//! Runs the jobs of features, and starts those again that fail.

use std::time::Duration;

use callboard_feature::Job;
use callboard_model::{Error, Result};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long to wait before a job that failed starts again.
#[derive(Clone, Copy, Debug)]
struct Pauses {
    first: Duration,
    longest: Duration,
}

const PAUSES: Pauses = Pauses {
    first: Duration::from_secs(1),
    longest: Duration::from_secs(60),
};

/// Jobs that run.
#[derive(Debug)]
pub struct Jobs {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Jobs {
    /// Starts `jobs`.
    pub fn start(jobs: &[Job]) -> Self {
        Self::start_with(jobs, PAUSES)
    }

    fn start_with(jobs: &[Job], pauses: Pauses) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        for job in jobs {
            tasks.spawn(supervise(job.clone(), stop.clone(), pauses));
        }
        tasks.close();
        Self { tasks, stop }
    }

    /// Tells every job to end, and waits until all have, or until `patience` is over.
    pub async fn stop(self, patience: Duration) {
        self.stop.cancel();
        if tokio::time::timeout(patience, self.tasks.wait())
            .await
            .is_err()
        {
            let running = self.tasks.len();
            tracing::warn!(
                running,
                "some jobs did not end within {} s",
                patience.as_secs()
            );
        }
    }
}

/// Runs `job` until it is done or told to stop; after a failure again, after a pause that doubles.
async fn supervise(job: Job, stop: CancellationToken, pauses: Pauses) {
    let mut pause = pauses.first;
    loop {
        let started = Instant::now();
        let Err(error) = run(&job, &stop).await else {
            return;
        };
        if stop.is_cancelled() {
            tracing::warn!(
                job = job.name(),
                "the job failed while it ended: {}",
                chain(&error)
            );
            return;
        }
        if started.elapsed() > pauses.longest {
            pause = pauses.first;
        }
        let again = pause.as_secs();
        tracing::error!(
            job = job.name(),
            "the job failed and starts again in {again} s: {}",
            chain(&error)
        );
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
        pause = (pause * 2).min(pauses.longest);
    }
}

/// One run, in a task of its own so that a panic ends no more than that run.
async fn run(job: &Job, stop: &CancellationToken) -> Result<()> {
    let run = TaskTracker::new().spawn(job.run(stop.clone()));
    match run.await {
        Ok(outcome) => outcome,
        Err(error) => Err(Error::internal("job-panic", "the job panicked").source(error)),
    }
}

fn chain(error: &Error) -> String {
    let mut text = error.message().to_owned();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_job_that_fails_or_panics_starts_again() {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let job = Job::new("flaky", move |_| {
            let run = counted.fetch_add(1, Ordering::Relaxed);
            async move {
                match run {
                    0 => Err(Error::unavailable("away", "the source is away")),
                    1 => panic!("a bug"),
                    _ => Ok(()),
                }
            }
        });
        let pauses = Pauses {
            first: Duration::ZERO,
            longest: Duration::ZERO,
        };

        Jobs::start_with(&[job], pauses).tasks.wait().await;

        assert_eq!(runs.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn stopping_waits_for_jobs() {
        let ended = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&ended);
        let polite = Job::new("polite", move |stop| {
            let counted = Arc::clone(&counted);
            async move {
                stop.cancelled().await;
                counted.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
        });

        Jobs::start(&[polite]).stop(Duration::from_secs(3600)).await;

        assert_eq!(ended.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn stopping_does_not_wait_for_ever() {
        let deaf = Job::new("deaf", |_| std::future::pending());

        Jobs::start(&[deaf]).stop(Duration::ZERO).await;
    }
}
