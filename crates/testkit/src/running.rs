//! The portal's own threads, so that it can end in order after the test has.

use std::panic;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use callboard::{Access, Foundations, Jobs, Portal};
use callboard_config::Config;
use callboard_db::Database;
use callboard_db::testing::TestDatabase;
use callboard_model::{Clock, Ids};
use tokio::runtime::{Builder, Runtime};

/// Longer than any job needs to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// A portal whose jobs run.
pub(crate) struct Running {
    portal: Portal,
    /// Present until the end.
    stopping: Option<Stopping>,
    /// Last, so that nobody uses it when it goes.
    _test_database: TestDatabase,
}

struct Stopping {
    runtime: Runtime,
    jobs: Jobs,
    database: Database,
}

impl Running {
    pub(crate) async fn start(config: Config, clock: Clock, working_directory: PathBuf) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("the system has threads");
        let test_database = TestDatabase::new().await;
        let settings = test_database.settings().clone();
        let opening = runtime.spawn(async move {
            let database = Database::open(&settings).await.expect("the database opens");
            let foundations = Foundations {
                database: database.clone(),
                clock,
                ids: Ids::counted(),
                working_directory,
                access: Access::ThisMachine,
                spans: None,
            };
            let portal = Portal::open(&config, foundations)
                .await
                .expect("the portal opens");
            let jobs = Jobs::start(portal.jobs());
            portal.started();
            (portal, jobs, database)
        });
        let (portal, jobs, database) = opening.await.expect("the portal opens");
        Self {
            portal,
            stopping: Some(Stopping {
                runtime,
                jobs,
                database,
            }),
            _test_database: test_database,
        }
    }

    pub(crate) fn portal(&self) -> &Portal {
        &self.portal
    }

    /// Does `work` on the portal's own threads. What a handler leaves behind, such as a database connection on its way
    /// back, is finished there while the test has ended and its thread waits for the portal.
    pub(crate) async fn within<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        let stopping = self.stopping.as_ref().expect("the portal runs");
        match stopping.runtime.spawn(work).await {
            Ok(done) => done,
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(Stopping {
            runtime,
            jobs,
            database,
        }) = self.stopping.take()
        else {
            return;
        };
        self.portal.stopping();
        // A destructor inside a runtime may not wait for another one, so a thread does.
        let ending = thread::spawn(move || {
            runtime.block_on(async {
                jobs.stop(PATIENCE).await;
                database.close().await;
            });
            runtime.shutdown_background();
        });
        if ending.join().is_err() && !thread::panicking() {
            panic!("the portal did not end");
        }
    }
}
