//! Databases for tests: SQLite in memory, or a schema of its own on PostgreSQL.
//!
//! Tests run on SQLite; with `CALLBOARD_TEST_POSTGRES=postgres://…` the same tests run on PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Database, Settings};

/// The variable that names the PostgreSQL server for tests.
pub const POSTGRES_VARIABLE: &str = "CALLBOARD_TEST_POSTGRES";

/// An empty database that goes away with this value.
pub struct TestDatabase {
    settings: Settings,
    schema: Option<(String, String)>,
}

impl TestDatabase {
    /// Makes an empty database of the kind that this test run is about.
    pub async fn new() -> Self {
        match postgres_server() {
            Some(server) => Self::on_postgres(server).await,
            None => Self {
                settings: Settings::SqliteMemory,
                schema: None,
            },
        }
    }

    async fn on_postgres(server: String) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        #[expect(
            clippy::disallowed_methods,
            reason = "a name that no other test run has"
        )]
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos();
        let schema = format!(
            "test_{}_{}_{now}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        execute(&server, format!("CREATE SCHEMA {schema}")).await;
        let separator = if server.contains('?') { '&' } else { '?' };
        // Tests do not cut the power, so no commit waits for the disk.
        let url = format!(
            "{server}{separator}options=-csearch_path%3D{schema}%20-csynchronous_commit%3Doff"
        );
        Self {
            settings: Settings::Postgres(url.into()),
            schema: Some((server, schema)),
        }
    }

    /// How to open it.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Opens it.
    pub async fn open(&self) -> Database {
        Database::open(&self.settings)
            .await
            .expect("the database for tests opens")
    }
}

/// The PostgreSQL server for tests, when this run is about PostgreSQL.
pub fn postgres_server() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where tests learn which database they are about"
    )]
    std::env::var(POSTGRES_VARIABLE).ok()
}

async fn execute(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server)
        .await
        .expect("the PostgreSQL server for tests answers");
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("the schema for tests can be made and dropped");
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, schema)) = self.schema.take() else {
            return;
        };
        // A destructor cannot wait for a future, so a thread of its own does.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime starts");
            // A transaction that was dropped is rolled back by a task of the test's runtime, which this destructor
            // holds up; waiting for its locks would wait for ever, so the connections that hold any are ended.
            let still_held = format!(
                "SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks
                    JOIN pg_class ON pg_class.oid = pg_locks.relation
                    WHERE relnamespace = '{schema}'::regnamespace AND pid <> pg_backend_pid()) AS holders"
            );
            runtime.block_on(execute(
                &server,
                format!("{still_held}; SET lock_timeout = '5s'; DROP SCHEMA {schema} CASCADE"),
            ));
        });
        if dropping.join().is_err() && !std::thread::panicking() {
            panic!("the schema of a test could not be dropped");
        }
    }
}
